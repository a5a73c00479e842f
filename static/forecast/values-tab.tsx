import { decimalsFor } from "../common/format";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { useSight } from "./context";
import { LEVELS } from "./forecast";

interface Step {
  date: string;
  point: number | null;
  quantiles: Readonly<Record<string, number | null>>;
  shares: Readonly<Record<string, number | null>>;
  actual: number | null;
}

/** The forecast as numbers, a row a step. */
export default function ValuesTab() {
  const { shown } = useSight();
  const first = shown?.forecasts[0];
  if (shown === undefined || first === undefined) return <p class="quiet-text loading">Forecasting</p>;
  const { reading, known } = shown.task;
  const rows = first.point.map((point, step): Step => {
    const at = (rows: Readonly<Record<string, readonly (number | null)[]>>) =>
      Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, values[step] ?? null]));
    return {
      date: reading.series.dates[known + step] ?? `+${step + 1}`,
      point,
      quantiles: at(first.quantiles),
      shares: at(first.shares),
      actual: reading.series.values[known + step] ?? null,
    };
  });
  const largest = Math.max(...first.point.map((value) => Math.abs(value ?? 0)));
  const decimals = decimalsFor(largest, 4);
  const columns: Column<Step>[] = [
    { key: "date", title: reading.read.time ?? "Step", value: ({ date }) => date },
    { key: "point", title: "Forecast", decimals, value: ({ point }) => point },
    ...LEVELS.map(
      (level): Column<Step> => ({
        key: `q${level}`,
        title: `${100 * level} %`,
        decimals,
        value: ({ quantiles }) => quantiles[String(level)] ?? null,
        ...(level !== 0.1 && level !== 0.9 && { atFirstHidden: true }),
      }),
    ),
    ...(rows.some(({ actual }) => actual !== null)
      ? [{ key: "actual", title: "Actual", decimals, value: ({ actual }: Step) => actual }]
      : []),
    ...Object.keys(first.shares).map(
      (name): Column<Step> => ({
        key: `share ${name}`,
        title: `Part of ${name}`,
        decimals,
        value: ({ shares }) => shares[name] ?? null,
      }),
    ),
  ];
  return (
    <Table
      name="values"
      caption="Forecast"
      columns={columns}
      rows={rows}
      keyOf={({ date }) => date}
      empty={{ what: "No steps." }}
    />
  );
}
