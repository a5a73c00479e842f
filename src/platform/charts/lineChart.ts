import { bottomAxis, bottomAxisHeight, sideAxis } from "./axes";
import { type Drawing, type Mark, svgOf } from "./drawing";
import { fitted, textWidth } from "./fontMetrics";
import { headerOf, type LegendEntry, spoken, stroke, swatch, TEXT_PX, words } from "./header";
import type { LineChartSpec } from "./lineChartSpec";
import { BOUNDARY_ROW, type Plot, plotOf } from "./linePlot";
import { BAND_OPACITY, INKS, type Ink } from "./look";
import { seriesLook } from "./seriesLook";
import { heightWithin, widthWithin } from "./size";
import { bandPath, linePaths, piecesOf, type Trace } from "./tracePath";

const DEFAULT_WIDTH_PX = 800;
const DEFAULT_HEIGHT_PX = 400;
const LINE_PX = 1.75;
const DOT_PX = 5;

/**
 * Series over dates or numbers as an SVG document, 800 by 400 pixels by default. Whatever the values are, gaps alone
 * included, the answer is a chart; on a logarithmic scale zero and below are gaps.
 */
export function lineChart(spec: LineChartSpec): string {
  return svgOf(drawLineChart(spec));
}

/** The same chart as a drawing. */
export function drawLineChart(spec: LineChartSpec): Drawing {
  const ink = INKS[spec.scheme ?? "light"];
  const isLog = spec.scale === "log";
  const widthPx = widthWithin(spec.widthPx, DEFAULT_WIDTH_PX);
  const heightPx = heightWithin(spec.heightPx, DEFAULT_HEIGHT_PX);
  const unit = [spec.unit, isLog ? "log scale" : ""].filter((part) => part !== "").join(", ");
  const mostRows = Math.floor((heightPx - 120) / 40);
  const header = headerOf({ title: spec.title, unit, widthPx, ink, legend: legendOf(spec, ink), mostRows });
  const plot = plotOf(spec, header.bottomPx, { widthPx, heightPx, ink });
  const marks = [
    ...historyMarks(spec, plot),
    ...sideAxis(plot.yMarks, plot.y, plot, ink),
    ...bandMarks(spec, plot),
    ...seriesMarks(spec, plot),
    ...bottomAxis(plot.xMarks, plot.x, plot, plot),
    ...boundaryMarks(spec, plot),
    ...noticeMarks(spec, plot),
    ...header.marks,
  ];
  return { widthPx, heightPx, label: spoken(spec.title, unit), ink, marks };
}

function traceOf(plot: Plot, length: number, yAt: (i: number) => number): Trace {
  return { count: length, x: plot.xAt, y: yAt };
}

function seriesMarks({ series }: LineChartSpec, plot: Plot): Mark[] {
  return series
    .flatMap(({ name, values }, place) => {
      const { colour, dash } = seriesLook(place, plot.ink.text);
      const { lines, dots } = linePaths(piecesOf(traceOf(plot, values.length, (i) => plot.yAt(values[i]!))));
      const marks: Mark[] = [];
      if (lines !== "") marks.push({ kind: "line", d: lines, stroke: colour, widthPx: LINE_PX, dash, name });
      if (dots !== "") marks.push({ kind: "line", d: dots, stroke: colour, widthPx: DOT_PX, name });
      return marks;
    })
    .toReversed();
}

/** The outer bands lie below the inner ones, whatever their order. */
function bandMarks({ bands = [] }: LineChartSpec, plot: Plot): Mark[] {
  const outerFirst = bands.toSorted((a, b) => BAND_OPACITY[a.level] - BAND_OPACITY[b.level]);
  return outerFirst.flatMap(({ name, low, high, level, of = 0 }): Mark[] => {
    const count = Math.min(low.length, high.length);
    const isWhole = (i: number) => Number.isFinite(plot.yAt(low[i]!)) && Number.isFinite(plot.yAt(high[i]!));
    const edge = (values: ArrayLike<number>) =>
      piecesOf(traceOf(plot, count, (i) => (isWhole(i) ? plot.yAt(values[i]!) : Number.NaN)));
    const d = bandPath(edge(high), edge(low));
    if (d === "") return [];
    return [{ kind: "area", d, fill: seriesLook(of, plot.ink.text).colour, opacity: BAND_OPACITY[level], name }];
  });
}

/** Everything before the boundary is history. */
function historyMarks({ boundary }: LineChartSpec, plot: Plot): Mark[] {
  const edge = boundaryX(boundary, plot);
  if (edge === undefined || edge <= plot.left) return [];
  const { left, top, bottom, right, ink } = plot;
  const width = Math.min(edge, right) - left;
  return [{ kind: "box", x: left, y: top, width, height: bottom - top, fill: ink.history, name: "history" }];
}

function boundaryMarks({ boundary }: LineChartSpec, plot: Plot): Mark[] {
  const x = boundaryX(boundary, plot);
  const { left, right, top, bottom, ink } = plot;
  if (boundary === undefined || x === undefined || x < left || x > right) return [];
  const fits = (room: number) => textWidth(boundary.label, TEXT_PX) + 6 <= room;
  const isRight = fits(right - x) || right - x > x - left;
  const text = fitted(boundary.label, TEXT_PX, (isRight ? right - x : x - left) - 6);
  const anchor = isRight ? "start" : "end";
  const d = `M${x + 0.5} ${top - BOUNDARY_ROW + 4}V${bottom}`;
  return [
    { kind: "line", d, stroke: ink.edge, widthPx: 1, dash: [3, 3], name: "boundary" },
    words(isRight ? x + 6 : x - 6, top - 6, text, ink.quiet, anchor),
  ];
}

function boundaryX(boundary: LineChartSpec["boundary"], { x, left, right }: Plot): number | undefined {
  if (boundary === undefined || !Number.isFinite(boundary.at)) return undefined;
  return Math.round(left + x.fraction(boundary.at) * (right - left));
}

/** What the x axis counts, and that there is nothing to see where there is not. */
function noticeMarks(
  { scale }: LineChartSpec,
  { left, right, top, bottom, xTitle, xMarks, hasValues, ink }: Plot,
): Mark[] {
  const marks: Mark[] = [];
  if (xTitle !== "") {
    const y = bottom + bottomAxisHeight(xMarks) + 14;
    marks.push(words(right, y, fitted(xTitle, TEXT_PX, right - left), ink.quiet, "end"));
  }
  if (!hasValues) {
    const text = scale === "log" ? "No values above zero to show" : "No values to show";
    marks.push(words((left + right) / 2, (top + bottom) / 2 + 4, text, ink.quiet, "middle"));
  }
  return marks;
}

/** A single series without bands is named by the title. */
function legendOf({ series, bands = [] }: LineChartSpec, ink: Ink): LegendEntry[] {
  if (series.length < 2 && bands.length === 0) return [];
  const lines = series.map(({ name }, place): LegendEntry => {
    const { colour, dash } = seriesLook(place, ink.text);
    return { name, sign: stroke(colour, dash, LINE_PX) };
  });
  const ranges = bands.map(({ name, level, of = 0 }): LegendEntry => {
    // As it looks in the chart, where an inner band lies on the outer one of its series.
    const under = level === "inner" && bands.some((other) => other.level === "outer" && (other.of ?? 0) === of);
    const opacity = under ? 1 - (1 - BAND_OPACITY.outer) * (1 - BAND_OPACITY.inner) : BAND_OPACITY[level];
    return { name, sign: swatch(seriesLook(of, ink.text).colour, opacity) };
  });
  return [...lines, ...ranges];
}
