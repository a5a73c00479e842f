import type { BAND_OPACITY, Scheme } from "./look";

export interface LineChartSpec {
  /** What is shown; the unit is added. */
  title: string;
  unit: string;
  widthPx?: number;
  heightPx?: number;
  x: LineChartX;
  series: readonly LineSeries[];
  bands?: readonly Band[];
  /** Where the history, which is shaded, ends and the forecast begins: an epoch day, or an x value. */
  boundary?: { at: number; label: string };
  scale?: "linear" | "log";
  scheme?: Scheme;
}

/** Equally spaced dates in days from 1970-01-01, UTC; or any numbers, with what they are and their unit. */
export type LineChartX = { startDay: number; stepDays?: number } | { values: ArrayLike<number>; title: string };

export interface LineSeries {
  name: string;
  /** One for each x; what is not finite is a gap. */
  values: ArrayLike<number>;
}

/** A range between two quantiles, such as `5 to 95 %`. */
export interface Band {
  name: string;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  /** Outer bands are fainter than inner ones. */
  level: keyof typeof BAND_OPACITY;
  /** The place of the series in whose colour it is; default 0. */
  of?: number;
}
