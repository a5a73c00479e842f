import type { LineChartX } from "../../../../platform/charts";
import type { Chart, KeyFigure } from "../section";
import { notationOf } from "../text/numbers";
import type { Quantiles, Values } from "./shapes";

interface Fan {
  title: string;
  unit: string;
  x: LineChartX;
  bands: Quantiles<Values>;
}

/** The middle of many runs within the ranges about it. */
export function fanChart({ title, unit, x, bands }: Fan): Chart {
  return { kind: "line", title, unit, x, series: [{ name: "median", values: bands.middle }], bands: bands.ranges };
}

/** The middle, with the range about it below. */
export function figureWithRange(
  name: string,
  unit: string,
  value: number,
  range: { name: string; low: number; high: number },
): KeyFigure {
  const { unit: prefix, write } = notationOf([range.low, value, range.high], "");
  const note = `${range.name}: ${write(range.low)} to ${write(range.high)} ${prefix}`.trim();
  return { name, value, unit, note };
}
