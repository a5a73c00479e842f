import { type AxisMark, bottomAxisHeight, dates, type Field, LABEL_GAP, level, upright, widestOf } from "./axes";
import { areDates } from "./dateTicks";
import type { Drawing } from "./drawing";
import { MARGIN } from "./header";
import type { LineChartSpec } from "./lineChartSpec";
import type { Ink } from "./look";
import { airyScale, type Extent, extentOf, linearScale, logScale, type Scale, SMALLEST } from "./scale";

/** Above the field, for the words at the boundary. */
export const BOUNDARY_ROW = 18;
/** For the title of the x axis. */
const TITLE_ROW = 18;
const NO_EXTENT: Extent = { low: 0, high: 1 };

/** Where everything is. */
export interface Plot extends Field {
  x: Scale;
  y: Scale;
  xMarks: AxisMark[];
  yMarks: AxisMark[];
  xTitle: string;
  hasValues: boolean;
  widthPx: number;
  ink: Ink;
  xAt(i: number): number;
  yAt(value: number): number;
}

export type Paper = Pick<Drawing, "widthPx" | "heightPx" | "ink">;

export function plotOf(spec: LineChartSpec, headerPx: number, { widthPx, heightPx, ink }: Paper): Plot {
  const across = acrossOf(spec);
  const found = extentOf(allValues(spec), spec.scale === "log" ? SMALLEST : -Infinity);
  const y = scaleOf(spec, found);
  const top = headerPx + (spec.boundary === undefined ? 6 : BOUNDARY_ROW);
  const right = widthPx - MARGIN - 4;
  // The labels of the one axis decide how long the other one is; dates are as wide as they are anywhere.
  const roughLeft = MARGIN + 48;
  const x = linearScale(across.extent);
  const marksAlong = (lengthPx: number) => (across.isDate ? dates(x, lengthPx, across.step) : level(x, lengthPx));
  const axisPx = bottomAxisHeight(marksAlong(right - roughLeft)) + (across.title === "" ? 0 : TITLE_ROW);
  const bottom = Math.max(top + 24, heightPx - axisPx - 8);
  const yMarks = found === undefined ? [] : upright(y, bottom - top);
  const left = Math.round(Math.max(MARGIN + 24, MARGIN + widestOf(yMarks) + LABEL_GAP));
  const field = { left, right, top, bottom };
  return {
    ...field,
    x,
    y,
    xMarks: marksAlong(right - left),
    yMarks,
    xTitle: across.title,
    hasValues: found !== undefined,
    widthPx,
    ink,
    xAt: (i) => left + x.fraction(across.at(i)) * (right - left),
    yAt: (value) => (found === undefined ? Number.NaN : bottom - y.fraction(value) * (bottom - top)),
  };
}

/** What the x axis counts: the value of the i-th point, and from where to where they go. */
interface Across {
  at(i: number): number;
  extent: Extent;
  /** Between two points; 0 where it is not always the same. */
  step: number;
  isDate: boolean;
  title: string;
}

function acrossOf(spec: LineChartSpec): Across {
  if ("values" in spec.x) {
    const { values, title } = spec.x;
    return {
      at: (i) => values[i] ?? Number.NaN,
      extent: extentOf([values]) ?? NO_EXTENT,
      step: 0,
      isDate: false,
      title,
    };
  }
  const start = Number.isFinite(spec.x.startDay) ? spec.x.startDay : 0;
  const asked = spec.x.stepDays ?? 1;
  const step = asked > 0 && Number.isFinite(asked) ? asked : 1;
  const count = Math.max(1, ...allValues(spec).map(({ length }) => length));
  // A single date stands between the one before and the one after.
  const [before, after] = count === 1 ? [1, 1] : [0, count - 1];
  const extent = {
    low: Math.max(-Number.MAX_VALUE, start - before * step),
    high: Math.min(Number.MAX_VALUE, start + after * step),
  };
  const isDate = areDates(extent.low, extent.high);
  return { at: (i) => start + i * step, extent, step, isDate, title: isDate ? "" : "Days from 1970-01-01" };
}

function allValues({ series, bands = [] }: LineChartSpec): ArrayLike<number>[] {
  return [...series.map(({ values }) => values), ...bands.flatMap(({ low, high }) => [low, high])];
}

function scaleOf({ scale }: LineChartSpec, extent: Extent | undefined): Scale {
  if (extent === undefined) return linearScale(NO_EXTENT);
  return scale === "log" ? logScale(extent) : airyScale(extent);
}
