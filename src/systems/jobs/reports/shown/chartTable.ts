import type { LineChartX } from "../../../../platform/charts";
import type { Cell, Chart, Column, Table } from "../section";

/** The values that a chart is drawn of, as a table. */
export function chartTable(chart: Chart): Table {
  const title = chart.title;
  switch (chart.kind) {
    case "line": {
      const unit = chart.unit;
      const lists = [
        ...chart.series.map(({ name, values }) => ({ name, values })),
        ...(chart.bands ?? []).flatMap(({ name, low, high }) => [
          { name: `${name}, low`, values: low },
          { name: `${name}, high`, values: high },
        ]),
      ];
      const count = Math.max(0, ...lists.map(({ values }) => values.length));
      const across = acrossOf(chart.x);
      const columns: Column[] = [{ name: across.name }, ...lists.map(({ name }) => ({ name, unit }))];
      return {
        title,
        columns,
        rows: rowsOf(count, (i) => [across.at(i), ...lists.map(({ values }) => cell(values[i]))]),
      };
    }
    case "bars": {
      const unit = chart.unit;
      const { low, high } = chart.ends ?? { low: "low", high: "high" };
      const hasEnds = chart.bars.some((bar) => "low" in bar);
      const columns = hasEnds
        ? [{ name: "Name" }, { name: low, unit }, { name: high, unit }]
        : [{ name: "Name" }, { name: "Value", unit }];
      const rows = chart.bars.map((bar): Cell[] => {
        if ("low" in bar) return [bar.name, cell(bar.low), cell(bar.high)];
        return hasEnds ? [bar.name, cell(bar.value), null] : [bar.name, cell(bar.value)];
      });
      return { title, columns, rows };
    }
    case "histogram": {
      const { edges, counts, counted, unit } = chart;
      const columns = [{ name: "From", unit }, { name: "To", unit }, { name: counted }];
      return {
        title,
        columns,
        rows: rowsOf(counts.length, (i) => [cell(edges[i]), cell(edges[i + 1]), cell(counts[i])]),
      };
    }
    case "heatMap": {
      const { x, y, values, unit } = chart;
      const width = x.values.length;
      const columns = [
        { name: x.name, unit: x.unit },
        { name: y.name, unit: y.unit },
        { name: title, unit },
      ];
      const rows = rowsOf(width * y.values.length, (i) => [
        cell(x.values[i % width]),
        cell(y.values[Math.floor(i / width)]),
        cell(values[i]),
      ]);
      return { title, columns, rows };
    }
  }
}

function rowsOf(count: number, row: (i: number) => Cell[]): Cell[][] {
  return Array.from({ length: count }, (_, i) => row(i));
}

function cell(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

const DAY_MS = 86_400_000;
/** What `Date` can tell. */
const MAX_DAY = 100_000_000;

function acrossOf(x: LineChartX): { name: string; at(i: number): Cell } {
  if ("values" in x) return { name: x.title, at: (i) => cell(x.values[i]) };
  const step = x.stepDays ?? 1;
  const at = (i: number) => {
    const day = x.startDay + i * step;
    if (!(Math.abs(day) <= MAX_DAY)) return cell(day);
    const time = new Date(Math.round(day * DAY_MS)).toISOString();
    return Number.isInteger(day) ? time.slice(0, 10) : time;
  };
  return { name: "Date", at };
}
