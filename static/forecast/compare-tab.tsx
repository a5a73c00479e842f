import { useMemo } from "preact/hooks";
import type { BacktestAnswer } from "../../src/systems/forecasting/native/schema/answer";
import { Chart } from "../common/chart/chart";
import type { ChartProps } from "../common/chart/model";
import { Fault } from "../common/fault";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { backtestCurl, type Result, useBacktest, windowsOf } from "./backtest";
import { useSight } from "./context";
import type { Task, Values } from "./forecast";
import { useLibrary } from "./library";
import { besideIds, modelId } from "./place";
import { seriesAxis } from "./time-axis";

/** Models judged on the end of the history: measures, and their forecasts beside what came. */
export default function CompareTab() {
  const { task } = useSight();
  const [model, beside] = [useStore(modelId()), useStore(besideIds())];
  const models = useLibrary().value?.models ?? [];
  const builtIn = models.filter(({ id, state }) => state === "built in" && id !== "auto").map(({ id }) => id);
  const asked = [...new Set([model, ...beside, ...(beside.length === 0 ? builtIn : [])])];
  const { value, fault, busy } = useBacktest(models.length === 0 ? undefined : task, asked);
  if (windowsOf(task.reading.series.values.length, task.horizon) === 0) {
    return <p>The history is too short to judge {task.horizon} steps. Ask for fewer steps ahead.</p>;
  }
  return (
    <div class="stack" aria-busy={busy}>
      {fault !== undefined && <Fault report={fault} />}
      {value === undefined ? (
        fault === undefined && <p class="quiet-text loading">Judging {asked.length} models</p>
      ) : (
        <Judged task={task} backtest={value} curl={backtestCurl(task, asked)} />
      )}
    </div>
  );
}

const MEASURES: readonly {
  key: keyof Result["metrics"];
  title: string;
  unit?: string;
  decimals: number;
  factor?: number;
}[] = [
  { key: "mase", title: "MASE", decimals: 3 },
  { key: "mae", title: "Mean absolute error", decimals: 3 },
  { key: "smape", title: "sMAPE", unit: "%", decimals: 1, factor: 100 },
  { key: "rmsse", title: "RMSSE", decimals: 3 },
  { key: "wql", title: "Weighted quantile loss", decimals: 4 },
  { key: "coverage", title: "80 % band held", unit: "%", decimals: 0, factor: 100 },
];

const COLUMNS: readonly Column<Result>[] = [
  { key: "model", title: "Model", value: ({ model }) => model },
  ...MEASURES.map(({ key, factor = 1, ...column }): Column<Result> => {
    return {
      ...column,
      key,
      value: ({ metrics }) => {
        const value = metrics[key];
        return value === null ? null : factor * value;
      },
    };
  }),
];

function Judged({ task, backtest, curl }: { task: Task; backtest: BacktestAnswer; curl: string }) {
  const { results, verdict, best } = backtest;
  const { series } = task.reading;
  const chart = useMemo(() => windowsChart(task, results, curl), [task, results, curl]);
  return (
    <>
      <p class="verdict" role="status">
        {results[0]!.model}: {verdict} Lowest error: {best}.
      </p>
      <Table
        name="compared"
        caption="Models"
        columns={COLUMNS}
        rows={results}
        keyOf={({ model }) => model}
        sort={{ key: "mase", direction: "ascending" }}
        empty={{ what: "No models." }}
      />
      <Chart {...chart} axis={seriesAxis(series.axis, series.times, series.dates)} />
    </>
  );
}

const HISTORY_LOOK = 7;
const MIN_BEFORE = 24;

/** What each model said at each cut-off, beside what came. */
function windowsChart(task: Task, results: readonly Result[], curl: string): ChartProps {
  const { values, times, dates } = task.reading.series;
  const cutoffs = results[0]!.series[0]!.windows.map(({ cutoff }) => cutoff);
  const from = Math.max(0, cutoffs[0]! - Math.max(MIN_BEFORE, 2 * task.horizon));
  const column = (at: (place: number) => number | null | undefined): Values =>
    Float64Array.from({ length: values.length - from }, (_, place) => at(from + place) ?? Number.NaN);
  const said = results.map(({ model, series }, look) => {
    const points = new Map<number, number | null>();
    for (const { cutoff, point } of series[0]!.windows) {
      for (const [step, value] of point.entries()) points.set(cutoff + step, value);
    }
    return { label: model, look, values: column((place) => points.get(place)) };
  });
  return {
    name: "windows",
    title: "Forecasts of the past beside what came",
    unit: "",
    x: column((place) => times[place]),
    series: [...said, { label: "actual", look: HISTORY_LOOK, values: column((place) => values[place]) }],
    marks: cutoffs.map((cutoff) => ({ at: times[cutoff - 1]!, label: dates[cutoff - 1] ?? `point ${cutoff}` })),
    curl,
  };
}
