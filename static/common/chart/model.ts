import type { SharedAxis } from "./axis";

/** Values of a series, one for each x; what is not finite is a gap. */
type Values = Float64Array<ArrayBuffer>;

interface ChartSeries {
  label: string;
  values: Values;
  /** Its place in the order of colours; by default its place in the chart. */
  look?: number;
}

/** A range between two quantiles, in the colour of a series: outer bands at 12 %, inner ones at 24 %. */
export interface ChartBand {
  /** Such as `5 to 95 %`. */
  label: string;
  /** The place of its series in the chart. */
  of: number;
  low: Values;
  high: Values;
  reach: "outer" | "inner";
}

/** An upright line with words. */
export interface ChartMark {
  at: number;
  label: string;
}

export interface ChartProps {
  /** Names the files, and the element: short, without blanks. */
  name: string;
  /** What is shown; the unit is added. */
  title: string;
  unit: string;
  x: Values;
  series: readonly ChartSeries[];
  bands?: readonly ChartBand[];
  /** Where the history ends and the forecast begins: the history is shaded, the line is labelled. */
  boundary?: ChartMark;
  marks?: readonly ChartMark[];
  /** Default: the dates that the whole page shares. */
  axis?: SharedAxis;
  /** Offers a logarithmic scale, for values that span decades. */
  canBeLog?: true;
  /** Begins with it. */
  logAtFirst?: true;
  /** The scale of values begins at zero, for what is counted. */
  fromZero?: true;
  heightPx?: number;
  /** The command that gets the same figures; offered for copying. */
  curl?: string;
}

/** The largest absolute finite value of what is drawn, by which the unit gets its prefix. */
export function largestOf(series: readonly { values: ArrayLike<number> }[]): number {
  let largest = 0;
  for (const { values } of series) {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]!);
      if (size > largest && size !== Infinity) largest = size;
    }
  }
  return largest;
}

/** The lowest and highest finite value of these columns between two indices, above `floor`; undefined without any. */
export function extentOf(
  columns: readonly ArrayLike<number>[],
  from: number,
  to: number,
  floor: number,
): [number, number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const values of columns) {
    for (let i = from; i <= to; i++) {
      const value = values[i]!;
      if (value < low && value > floor) low = value;
      if (value > high && value < Infinity) high = value;
    }
  }
  return high >= low ? [low, high] : undefined;
}
