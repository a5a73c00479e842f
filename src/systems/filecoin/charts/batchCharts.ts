import { epochDay } from "../../../numeric/calendar";
import { heatMap, lineChart } from "../../../platform/charts";
import { INPUTS } from "../batch/request/inputs";
import type { InputName } from "../batch/schema/variation";
import { type OutputName, SERIES_MEANINGS } from "../schema/series";

/** A picture of one series. */
export interface Picture {
  name: OutputName;
  svg: string;
}

type Values = (number | null)[];

/** What fan charts take of an answer. */
export interface BandsAnswer {
  dates: { sampled: { first_date: string; step_days: number } };
  runs: { done: number };
  bands: { series: Partial<Record<OutputName, Record<"p5" | "p25" | "p50" | "p75" | "p95", Values>>> };
}

/** What charts of a sweep take of an answer. */
export interface PointsAnswer {
  method: string;
  points: {
    days: number[];
    inputs: Partial<Record<InputName, number[]>>;
    series: Partial<Record<OutputName, Values[]>>;
  };
}

/** A fan chart of each series: the median within its bands. */
export function fanCharts({ dates, runs, bands }: BandsAnswer): Picture[] {
  const { first_date, step_days } = dates.sampled;
  return entriesOf(bands.series).map(([name, { p5, p25, p50, p75, p95 }]) => {
    const { title, unit } = SERIES_MEANINGS[name];
    const svg = lineChart({
      title: `${title}, ${runs.done} runs`,
      unit,
      x: { startDay: epochDay(first_date)!, stepDays: step_days },
      series: [{ name: "median", values: numbers(p50) }],
      bands: [
        { name: "5 to 95 %", low: numbers(p5), high: numbers(p95), level: "outer" },
        { name: "25 to 75 %", low: numbers(p25), high: numbers(p75), level: "inner" },
      ],
    });
    return { name, svg };
  });
}

/**
 * Each series on the last of the days, over the one or two inputs of a grid.
 * @throws RangeError for a sweep that is no such grid.
 */
export function sweepCharts({ method, points }: PointsAnswer): Picture[] {
  const [first, second, ...others] = entriesOf(points.inputs);
  if (method !== "grid" || first === undefined || others.length > 0) {
    throw new RangeError("a chart of a sweep needs a grid over one or two inputs");
  }
  const when = `on day ${points.days.at(-1)}`;
  return entriesOf(points.series).map(([name, byDay]) => {
    const values = numbers(byDay.at(-1)!);
    const { title, unit } = SERIES_MEANINGS[name];
    if (second === undefined) {
      const { title: inputTitle, unit: inputUnit } = INPUTS[first[0]];
      const x = { values: first[1], title: `${inputTitle} (${inputUnit})` };
      return { name, svg: lineChart({ title: `${title} ${when}`, unit, x, series: [{ name: title, values }] }) };
    }
    // In a grid the last input is the fastest one.
    const axes = { x: axisOf(...second), y: axisOf(...first) };
    return { name, svg: heatMap({ title: `${title} ${when}`, unit, ...axes, values }) };
  });
}

function axisOf(input: InputName, values: readonly number[]) {
  return { name: INPUTS[input].title, unit: INPUTS[input].unit, values: [...new Set(values)] };
}

function entriesOf<Key extends string, Value>(of: Partial<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(of) as [Key, Value][];
}

function numbers(values: Values): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
