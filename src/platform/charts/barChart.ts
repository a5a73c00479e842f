import { bottomAxisHeight, type Field, LABEL_GAP, level } from "./axes";
import { type Drawing, type Mark, svgOf } from "./drawing";
import { fitted, textWidth } from "./fontMetrics";
import { headerOf, type LegendEntry, MARGIN, spoken, swatch, TEXT_PX, words } from "./header";
import { INKS, type Ink, type Scheme } from "./look";
import { axisFormat, type Format } from "./numberFormat";
import { extentOf, linearScale, type Scale } from "./scale";
import { seriesLook } from "./seriesLook";
import { heightWithin, widthWithin } from "./size";

export interface BarChartSpec {
  /** What the bars show; the unit is added. */
  title: string;
  unit: string;
  widthPx?: number;
  /** By default as high as its bars need. */
  heightPx?: number;
  /** From top to bottom. */
  bars: readonly Bar[];
  /** Where bars begin: the result with all inputs as they are; default 0. */
  base?: number;
  /** What the two ends of bars stand for, such as `input at 5 %` and `input at 95 %`. */
  ends?: { low: string; high: string };
  scheme?: Scheme;
}

/** One figure, or what comes out at the low and at the high end of an input. What is not finite is not drawn. */
export type Bar = { name: string; value: number } | { name: string; low: number; high: number };

const DEFAULT_WIDTH_PX = 640;
const ROW_PX = 28;
const NARROWEST_ROW_PX = 16;
const WIDEST_ROW_PX = 36;
const BAR_SHARE = 0.62;
const NAME_SHARE = 0.36;
const FOOT_PX = 8;

/**
 * Level bars about a common base, a tornado where they have two ends, as an SVG document 640 pixels wide by default.
 * Bars that a given height has no room for are counted below. Whatever the values are, the answer is a chart.
 */
export function barChart(spec: BarChartSpec): string {
  return svgOf(drawBarChart(spec));
}

/** The same chart as a drawing. */
export function drawBarChart(spec: BarChartSpec): Drawing {
  const { title, unit, bars } = spec;
  const ink = INKS[spec.scheme ?? "light"];
  const widthPx = widthWithin(spec.widthPx, DEFAULT_WIDTH_PX);
  const header = headerOf({ title, unit, widthPx, ink, legend: legendOf(spec, ink), mostRows: 2 });
  const outsidePx = header.bottomPx + bottomAxisHeight([]) + FOOT_PX;
  const heightPx = heightWithin(spec.heightPx, outsidePx + Math.max(1, bars.length) * ROW_PX);
  const plot = plotOf(spec, header.bottomPx, { widthPx, heightPx, ink });
  const rows = plot.rows.flatMap((row, place) => rowMarks(row, place, plot));
  const marks = [...header.marks, ...axisMarks(plot), ...rows, ...baseMarks(plot), ...noticeMarks(spec, plot)];
  return { widthPx, heightPx, label: spoken(title, unit), ink, marks };
}

/** One bar with its ends, the farther one first, so that the nearer one lies on it. */
interface Row {
  name: string;
  ends: { value: number; colour: string }[];
}

/** Where everything is. */
interface Plot extends Field {
  rows: Row[];
  rowPx: number;
  base: number;
  scale: Scale;
  /** Of what is written at the ends of bars. */
  format: Format;
  xAt(value: number): number;
  ink: Ink;
}

type Paper = Pick<Drawing, "widthPx" | "heightPx" | "ink">;

function plotOf(spec: BarChartSpec, headerPx: number, { widthPx, heightPx, ink }: Paper): Plot {
  const base = Number.isFinite(spec.base) ? spec.base! : 0;
  const top = headerPx;
  const roomPx = heightPx - top - bottomAxisHeight([]) - FOOT_PX;
  const places = Math.max(1, Math.min(spec.bars.length, Math.floor(roomPx / NARROWEST_ROW_PX)));
  // Where not all have room, the last place is for the number of the rest.
  const count = spec.bars.length > places ? places - 1 : spec.bars.length;
  const rows = spec.bars.slice(0, count).map((bar) => rowOf(bar, base, ink));
  const values = rows.flatMap(({ ends }) => ends.map(({ value }) => value));
  const scale = linearScale(extentOf([values, [base]])!);
  const format = axisFormat(Math.max(Math.abs(scale.low), Math.abs(scale.high)), scale.ticks(20).step / 10);
  const namePx = Math.max(0, ...rows.map(({ name }) => textWidth(name, TEXT_PX)));
  const left = Math.ceil(MARGIN + Math.min(namePx, widthPx * NAME_SHARE) + LABEL_GAP);
  const right = widthPx - MARGIN;
  const labelPx = Math.max(0, ...values.map((value) => textWidth(format(value), TEXT_PX))) + 2 * LABEL_GAP;
  const from = left + (values.some((value) => value < base) ? labelPx : LABEL_GAP);
  const to = right - (values.some((value) => value >= base) ? labelPx : LABEL_GAP);
  const xAt = (value: number) => from + scale.fraction(value) * (to - from);
  const rowPx = Math.min(WIDEST_ROW_PX, roomPx / places);
  return { left, right, top, bottom: top + rowPx * places, rows, rowPx, base, scale, format, xAt, ink };
}

function rowOf(bar: Bar, base: number, ink: Ink): Row {
  const [blue, orange] = [seriesLook(0, ink.text).colour, seriesLook(1, ink.text).colour];
  const all =
    "value" in bar
      ? [{ value: bar.value, colour: blue }]
      : [
          { value: bar.low, colour: orange },
          { value: bar.high, colour: blue },
        ];
  const ends = all.filter(({ value }) => Number.isFinite(value));
  return { name: bar.name, ends: ends.sort((a, b) => Math.abs(b.value - base) - Math.abs(a.value - base)) };
}

function rowMarks({ name, ends }: Row, place: number, { left, top, rowPx, base, format, xAt, ink }: Plot): Mark[] {
  const middle = top + (place + 0.5) * rowPx;
  const height = Math.round(rowPx * BAR_SHARE);
  const y = Math.round(middle - height / 2);
  const label = fitted(name, TEXT_PX, left - MARGIN - LABEL_GAP);
  const marks: Mark[] = [words(left - LABEL_GAP, middle + 4, label, ink.text, "end")];
  if (ends.length === 0) marks.push(words(xAt(base) + LABEL_GAP, middle + 4, "no value", ink.quiet));
  for (const { value, colour } of ends) {
    const [from, to] = [xAt(base), xAt(value)].sort((a, b) => a - b) as [number, number];
    marks.push({ kind: "box", x: from, y, width: to - from, height, fill: colour, name });
  }
  // Of two ends on one side only the farther one has room for its number.
  const [first, second] = ends;
  const isApart = first !== undefined && second !== undefined && first.value < base !== second.value < base;
  for (const { value } of ends.slice(0, isApart ? 2 : 1)) {
    const isLeft = value < base;
    const x = xAt(value) + (isLeft ? -6 : 6);
    marks.push(words(x, middle + 4, format(value), ink.quiet, isLeft ? "end" : "start"));
  }
  return marks;
}

function axisMarks({ scale, top, bottom, xAt, ink }: Plot): Mark[] {
  const marks = level(scale, xAt(scale.high) - xAt(scale.low));
  return marks.flatMap(({ at, label }): Mark[] => {
    const x = Math.round(xAt(at)) + 0.5;
    const d = `M${x} ${top}V${bottom}`;
    return [
      { kind: "line", d, stroke: ink.line, widthPx: 1 },
      words(x, bottom + bottomAxisHeight([]) - 4, label, ink.quiet, "middle"),
    ];
  });
}

function baseMarks({ base, xAt, top, bottom, ink }: Plot): Mark[] {
  const d = `M${Math.round(xAt(base)) + 0.5} ${top}V${bottom}`;
  return [{ kind: "line", d, stroke: ink.edge, widthPx: 1, name: "base" }];
}

function noticeMarks({ bars }: BarChartSpec, { rows, rowPx, left, bottom, ink }: Plot): Mark[] {
  const y = bottom - rowPx / 2 + 4;
  if (bars.length === 0) return [words(left + LABEL_GAP, y, "No values to show", ink.quiet)];
  const unseen = bars.length - rows.length;
  return unseen === 0 ? [] : [words(MARGIN, y, `and ${unseen} more`, ink.quiet)];
}

function legendOf({ bars, ends }: BarChartSpec, ink: Ink): LegendEntry[] {
  if (ends === undefined || !bars.some((bar) => "low" in bar)) return [];
  return [
    { name: ends.low, sign: swatch(seriesLook(1, ink.text).colour, 1) },
    { name: ends.high, sign: swatch(seriesLook(0, ink.text).colour, 1) },
  ];
}
