import type uPlot from "uplot";
import type { Ink } from "./colours";
import type { ChartBand, ChartMark } from "./model";
import { createVertices, type Detail, type Projection, simplify, type Vertices } from "./simplify";

/** What stands on the canvas besides the axes: lines, bands, the shaded history, labelled marks. */

const OPACITY = { outer: 0.12, inner: 0.24 };
const LOG_DISTRIBUTION = 3;
const DOT_PX = 0.5;

/** No kink is seen, yet a smooth decade becomes less than a hundred vertices. */
const FINE: Detail = { columnPx: 1, tolerancePx: 0.15 };

/** For a chart so full of lines that none is followed for long: what counts there is that it moves at once. */
const COARSE: Detail = { columnPx: 2, tolerancePx: 0.5 };

/** From here on a chart counts as full. */
const MANY_SERIES = 24;

const line = createVertices();
const upperEdge = createVertices();
const lowerEdge = createVertices();

/** Whether a chart of so many series is drawn with less detail, in thin whole lines, which are quick to draw. */
export function isCrowded(seriesCount: number): boolean {
  return seriesCount > MANY_SERIES;
}

/** Draws a series as uPlot asks for it, with what nobody can see left out. */
export const seriesPaths: uPlot.Series.PathBuilder = (chart, seriesIndex, from, to) => {
  trace(chart, chart.data[seriesIndex] as Float64Array, from, to, line);
  const stroke = new Path2D();
  let broken = true;
  for (let i = 0; i < line.count; i++) {
    const y = line.y[i]!;
    if (Number.isNaN(y)) broken = true;
    else {
      if (broken) stroke.moveTo(line.x[i]!, y);
      // Also at the start of a piece, a little to the right: a piece of a single point is then a dot.
      stroke.lineTo(line.x[i]! + (broken ? DOT_PX : 0), y);
      broken = false;
    }
  }
  return { stroke, fill: null, clip: null };
};

/** Fills a band between its edges, in the colour given. */
export function drawBand(chart: uPlot, band: ChartBand, colour: string): void {
  const [from, to] = shownIndices(chart);
  trace(chart, band.high, from, to, upperEdge);
  trace(chart, band.low, from, to, lowerEdge);
  const { ctx } = chart;
  ctx.save();
  clipToPlot(chart);
  ctx.globalAlpha = OPACITY[band.reach];
  ctx.fillStyle = colour;
  const uppers = pieces(upperEdge);
  const lowers = pieces(lowerEdge);
  for (const [at, upper] of uppers.entries()) {
    const lower = lowers[at];
    if (lower !== undefined) fillBetween(ctx, upper, lower);
  }
  ctx.restore();
}

/** Shades everything before the boundary. Drawn first, so that the grid stays visible. */
export function shadeHistory(chart: uPlot, boundary: ChartMark, ink: Ink): void {
  const { ctx, bbox } = chart;
  const edge = Math.min(bbox.left + bbox.width, chart.valToPos(boundary.at, "x", true));
  if (edge <= bbox.left) return;
  ctx.save();
  ctx.fillStyle = ink.history;
  ctx.fillRect(bbox.left, bbox.top, edge - bbox.left, bbox.height);
  ctx.restore();
}

/** An upright line with its words beside it, on the side where there is room; each mark one line lower than the last. */
export function drawMark(chart: uPlot, mark: ChartMark, row: number, ink: Ink): void {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(mark.at, "x", true)) + 0.5;
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ink.edge;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = scaledFont(ink.font, ratio);
  ctx.fillStyle = ink.quiet;
  ctx.textBaseline = "top";
  const gap = 5 * ratio;
  const fits = x + gap + ctx.measureText(mark.label).width < bbox.left + bbox.width;
  ctx.textAlign = fits ? "left" : "right";
  ctx.fillText(mark.label, fits ? x + gap : x - gap, bbox.top + (4 + row * 16) * ratio);
  ctx.restore();
}

/** The unit above the y axis and that of the x axis in the corner below it. */
export function drawUnits(chart: uPlot, yUnit: string, xUnit: string, ink: Ink): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = scaledFont(ink.font, ratio);
  ctx.fillStyle = ink.quiet;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(yUnit, 0, bbox.top - 5 * ratio);
  ctx.textBaseline = "top";
  ctx.fillText(xUnit, 0, bbox.top + bbox.height + 6 * ratio);
  ctx.restore();
}

function scaledFont(font: string, ratio: number): string {
  return font.replace(/^\d+px/, `${Math.round(12 * ratio)}px`);
}

function trace(chart: uPlot, values: Float64Array, from: number, to: number, out: Vertices): void {
  const logarithmic = chart.scales["y"]!.distr === LOG_DISTRIBUTION;
  const ys = logarithmic ? logarithmsOf(values) : values;
  const detail = isCrowded(chart.series.length - 1) ? COARSE : FINE;
  simplify(chart.data[0] as Float64Array, ys, from, to, projectionOf(chart, logarithmic), detail, out);
}

function projectionOf(chart: uPlot, logarithmic: boolean): Projection {
  const { left, top, width, height } = chart.bbox;
  const x = chart.scales["x"]!;
  const y = chart.scales["y"]!;
  const [yMin, yMax] = logarithmic ? [Math.log10(y.min!), Math.log10(y.max!)] : [y.min!, y.max!];
  const xFactor = width / (x.max! - x.min!);
  const yFactor = -height / (yMax - yMin);
  return { xFactor, xOffset: left - x.min! * xFactor, yFactor, yOffset: top - yMax * yFactor };
}

const logarithms = new WeakMap<Float64Array, Float64Array>();

/** The logarithms of a series, taken once. Zero and below have none and become gaps. */
function logarithmsOf(values: Float64Array): Float64Array {
  const known = logarithms.get(values);
  if (known !== undefined) return known;
  const result = values.map((value) => (value > 0 ? Math.log10(value) : Number.NaN));
  logarithms.set(values, result);
  return result;
}

/** Indices of the x values in sight, with one more on either side so that lines reach the edges. */
function shownIndices(chart: uPlot): [number, number] {
  const [from, to] = chart.series[0]!.idxs!;
  return [Math.max(0, from - 1), Math.min(chart.data[0].length - 1, to + 1)];
}

type Piece = readonly { x: number; y: number }[];

/** The unbroken pieces of a line. */
function pieces(vertices: Vertices): Piece[] {
  const found: { x: number; y: number }[][] = [[]];
  for (let i = 0; i < vertices.count; i++) {
    if (Number.isNaN(vertices.y[i]!)) found.push([]);
    else found.at(-1)!.push({ x: vertices.x[i]!, y: vertices.y[i]! });
  }
  return found;
}

function fillBetween(ctx: CanvasRenderingContext2D, upper: Piece, lower: Piece): void {
  ctx.beginPath();
  for (const { x, y } of upper) ctx.lineTo(x, y);
  for (const { x, y } of lower.toReversed()) ctx.lineTo(x, y);
  ctx.fill();
}

function clipToPlot(chart: uPlot): void {
  const { left, top, width, height } = chart.bbox;
  chart.ctx.beginPath();
  chart.ctx.rect(left, top, width, height);
  chart.ctx.clip();
}
