import type { LineChartX } from "../../../../platform/charts";
import type { Chart } from "../section";
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
