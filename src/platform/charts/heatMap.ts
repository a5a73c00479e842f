import { type Field, LABEL_GAP } from "./axes";
import { colourAt, needsLightWords } from "./colourScale";
import { type Drawing, type Mark, svgOf } from "./drawing";
import { fitted, textWidth } from "./fontMetrics";
import { headerOf, MARGIN, spoken, swatch, TEXT_PX, words } from "./header";
import { INKS, type Ink, type Scheme } from "./look";
import { axisFormat } from "./numberFormat";
import { type Extent, extentOf, linearScale, type Scale } from "./scale";
import { heightWithin, widthWithin } from "./size";
import { niceStep } from "./ticks";

export interface HeatMapSpec {
  /** What the colours show; the unit is added. */
  title: string;
  unit: string;
  widthPx?: number;
  heightPx?: number;
  /** From left to right. */
  x: HeatMapAxis;
  /** From bottom to top. */
  y: HeatMapAxis;
  /** The value of the i-th x and the j-th y at `j * x.values.length + i`; what is not finite has no value. */
  values: ArrayLike<number>;
  scheme?: Scheme;
}

export interface HeatMapAxis {
  name: string;
  unit: string;
  /** One for each column or row, in the order in which they are drawn. */
  values: ArrayLike<number>;
}

const DEFAULT_WIDTH_PX = 640;
const DEFAULT_HEIGHT_PX = 480;
const AXIS_ROW = 20;
const STRIP_WIDTH = 12;
const STRIP_STEP_PX = 4;
const STRIP_GAP = 20;
const ROOM_PER_TICK = 40;
const ROOM_PER_ROW = 26;
const ROOM_BETWEEN_LABELS = 14;
/** Finer grids are drawn by the value nearest to the middle of each such field. */
const SMALLEST_CELL_PX = 4;
/** From here on cells are set apart by a line of the ground, and have room for their value. */
const APART_FROM_PX = 12;
const VALUE_FROM_PX = 20;
/** More shades than the eye tells apart, few enough for one path each. */
const SHADES = 64;

/**
 * A value over two axes as an SVG document, 640 by 480 pixels by default. Cells that are wide enough show their
 * number. Whatever the values are, the answer is a chart.
 */
export function heatMap(spec: HeatMapSpec): string {
  return svgOf(drawHeatMap(spec));
}

/** The same chart as a drawing. */
export function drawHeatMap(spec: HeatMapSpec): Drawing {
  const { title, unit, scheme = "light" } = spec;
  const ink = INKS[scheme];
  const widthPx = widthWithin(spec.widthPx, DEFAULT_WIDTH_PX);
  const heightPx = heightWithin(spec.heightPx, DEFAULT_HEIGHT_PX);
  const grid = gridOf(spec);
  const legend = grid.hasGaps ? [{ name: "no value", sign: swatch(ink.missing, 1) }] : [];
  const header = headerOf({ title, unit, widthPx, ink, legend, mostRows: 1 });
  const strip = stripTicks(grid, heightPx - header.bottomPx - 4 * AXIS_ROW);
  const field: Field = {
    left: Math.round(MARGIN + widestValue(spec.y) + LABEL_GAP),
    right: Math.round(widthPx - MARGIN - (strip.length === 0 ? 0 : STRIP_GAP + STRIP_WIDTH + 6 + widest(strip))),
    top: header.bottomPx + AXIS_ROW,
    bottom: heightPx - 2 * AXIS_ROW - 8,
  };
  const chart = { ...field, ink, scheme };
  const marks = [
    ...header.marks,
    ...cellMarks(grid, chart),
    ...valueMarks(grid, chart),
    ...axisMarks(spec, chart),
    ...stripMarks(grid, strip, chart),
  ];
  return { widthPx, heightPx, label: spoken(title, unit), ink, marks };
}

interface Chart extends Field {
  ink: Ink;
  scheme: Scheme;
}

interface Grid {
  columns: number;
  rows: number;
  /** Of the value in a column and a row from the bottom. */
  at(column: number, row: number): number;
  extent: Extent | undefined;
  scale: Scale;
  hasGaps: boolean;
}

function gridOf({ x, y, values }: HeatMapSpec): Grid {
  const [columns, rows] = [x.values.length, y.values.length];
  const extent = extentOf([values]);
  const at = (column: number, row: number) => values[row * columns + column] ?? Number.NaN;
  const scale = linearScale(extent ?? { low: 0, high: 1 });
  const hasGaps = Array.from({ length: columns * rows }, (_, i) => values[i]).some((value) => !Number.isFinite(value));
  return { columns, rows, at, extent, scale, hasGaps };
}

/** The edges of `count` cells between two ends, in whole pixels so that no seam shows. */
function edges(count: number, from: number, to: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => Math.round(from + ((to - from) * i) / count));
}

/** One path for each shade. Neighbours of one shade are one box where cells are not set apart. */
function cellMarks(grid: Grid, { left, right, top, bottom, ink, scheme }: Chart): Mark[] {
  const columns = Math.min(grid.columns, Math.floor((right - left) / SMALLEST_CELL_PX));
  const rows = Math.min(grid.rows, Math.floor((bottom - top) / SMALLEST_CELL_PX));
  if (columns < 1 || rows < 1)
    return [words((left + right) / 2, (top + bottom) / 2, "No values to show", ink.quiet, "middle")];
  const xs = edges(columns, left, right);
  const ys = edges(rows, bottom, top);
  const gap = Math.min(right - left, bottom - top) / Math.max(columns, rows) >= APART_FROM_PX ? 1 : 0;
  const paths = new Map<string, string>();
  const shade = (column: number, row: number) => {
    const value = grid.at(nearest(column, columns, grid.columns), nearest(row, rows, grid.rows));
    if (!Number.isFinite(value)) return ink.missing;
    return colourAt(Math.round(grid.scale.fraction(value) * SHADES) / SHADES, scheme);
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0, end = 0; column < columns; column = end) {
      const fill = shade(column, row);
      end = column + 1;
      while (gap === 0 && end < columns && shade(end, row) === fill) end++;
      const width = xs[end]! - xs[column]! - gap;
      const height = ys[row]! - ys[row + 1]! - gap;
      const box = `M${xs[column]} ${ys[row + 1]}h${width}v${height}h${-width}z`;
      paths.set(fill, (paths.get(fill) ?? "") + box);
    }
  }
  return [...paths].map(([fill, d]) => ({ kind: "area", d, fill, crisp: true }));
}

/** The cell of the data that lies under the middle of a drawn one. */
function nearest(place: number, drawn: number, count: number): number {
  return Math.floor(((place + 0.5) * count) / drawn);
}

/** The numbers of all cells, or none where one has no room. */
function valueMarks(grid: Grid, { left, right, top, bottom, scheme }: Chart): Mark[] {
  const width = (right - left) / grid.columns;
  const height = (bottom - top) / grid.rows;
  if (grid.extent === undefined || height < VALUE_FROM_PX || width < VALUE_FROM_PX) return [];
  const { low, high } = grid.extent;
  const format = axisFormat(Math.max(Math.abs(low), Math.abs(high)), high / 100 - low / 100 || Math.abs(high) / 100);
  const marks: Mark[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const value = grid.at(column, row);
      const text = Number.isFinite(value) ? format(value) : "–";
      if (textWidth(text, TEXT_PX) + 8 > width) return [];
      const isLight = Number.isFinite(value) ? needsLightWords(grid.scale.fraction(value), scheme) : scheme === "dark";
      const fill = isLight ? INKS.light.surface : INKS.light.text;
      marks.push(words(left + (column + 0.5) * width, bottom - (row + 0.5) * height + 4, text, fill, "middle"));
    }
  }
  return marks;
}

/** The values of both axes beside their cells and what they are. */
function axisMarks({ x, y }: HeatMapSpec, { left, right, top, bottom, ink }: Chart): Mark[] {
  const columnPx = (right - left) / x.values.length;
  const rowPx = (bottom - top) / y.values.length;
  const along = labelsOf(x, (widestValue(x) + ROOM_BETWEEN_LABELS) / columnPx).map(({ label, place }) =>
    words(left + (place + 0.5) * columnPx, bottom + AXIS_ROW - 2, label, ink.quiet, "middle"),
  );
  const beside = labelsOf(y, ROOM_PER_ROW / rowPx).map(({ label, place }) =>
    words(left - LABEL_GAP, bottom - (place + 0.5) * rowPx + 4, label, ink.quiet, "end"),
  );
  const room = right - left;
  return [
    ...along,
    ...beside,
    words(MARGIN, top - 8, fitted(axisTitle(y), TEXT_PX, room), ink.text),
    words(right, bottom + 2 * AXIS_ROW, fitted(axisTitle(x), TEXT_PX, room), ink.text, "end"),
  ];
}

function axisTitle({ name, unit }: HeatMapAxis): string {
  return unit === "" ? name : `${name} (${unit})`;
}

interface AxisLabel {
  label: string;
  place: number;
}

/** The first value of an axis and every n-th after it, n a round number from `every` on. */
function labelsOf({ values }: HeatMapAxis, every: number): AxisLabel[] {
  const stride = every > 1 ? niceStep(every) : 1;
  const shown = Array.from(values, (value, place) => ({ value, place })).filter(({ place }) => place % stride === 0);
  const finite = shown.map(({ value }) => value).filter(Number.isFinite);
  const largest = finite.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const steps = finite.slice(1).map((value, i) => Math.abs(value - finite[i]!));
  const smallest = steps
    .filter((step) => step > largest * 1e-9)
    .reduce((least, step) => Math.min(least, step), largest);
  const format = axisFormat(largest, digitOf(finite, smallest));
  return shown.map(({ value, place }) => ({ label: Number.isFinite(value) ? format(value) : "–", place }));
}

/** Each digit beyond that which tells neighbours apart makes all labels longer. */
const MAX_EXTRA_DIGITS = 3;

/** The last digit that labels need: a power of ten by which no value is rounded by a hundredth of their distance. */
function digitOf(values: readonly number[], distance: number): number {
  let digit = 10 ** Math.floor(Math.log10(distance) + 1e-9);
  const isRounded = (value: number) => Math.abs(value - Math.round(value / digit) * digit) > distance / 100;
  for (let extra = 0; extra < MAX_EXTRA_DIGITS && values.some(isRounded); extra++) digit /= 10;
  return digit;
}

function widestValue(axis: HeatMapAxis): number {
  return widest(labelsOf(axis, 1));
}

interface StripTick {
  label: string;
  fraction: number;
}

function stripTicks({ extent, scale }: Grid, lengthPx: number): StripTick[] {
  if (extent === undefined) return [];
  const { values, step } = scale.ticks(Math.max(2, Math.floor(lengthPx / ROOM_PER_TICK)));
  const format = axisFormat(Math.max(Math.abs(scale.low), Math.abs(scale.high)), step);
  return values.map((value) => ({ label: format(value), fraction: scale.fraction(value) }));
}

/** The colours from the lowest value, at the foot, to the highest, with numbers beside them. */
function stripMarks({ extent }: Grid, ticks: readonly StripTick[], { right, top, bottom, ink, scheme }: Chart): Mark[] {
  if (extent === undefined) return [];
  const x = right + STRIP_GAP;
  const count = Math.max(1, Math.round((bottom - top) / STRIP_STEP_PX));
  const ys = edges(count, bottom, top);
  const shades = Array.from({ length: count }, (_, i): Mark => {
    const fill = colourAt((i + 0.5) / count, scheme);
    return { kind: "box", x, y: ys[i + 1]!, width: STRIP_WIDTH, height: ys[i]! - ys[i + 1]!, fill, crisp: true };
  });
  const numbers = ticks.map(({ label, fraction }) =>
    words(x + STRIP_WIDTH + 6, bottom - fraction * (bottom - top) + 4, label, ink.quiet),
  );
  return [...shades, ...numbers];
}

function widest(labels: readonly { label: string }[]): number {
  return labels.reduce((most, { label }) => Math.max(most, textWidth(label, TEXT_PX)), 0);
}
