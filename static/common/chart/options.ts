import uPlot from "uplot";
import { seriesLook } from "../../../src/platform/charts/seriesLook";
import { decimalsFor, decimalsOfStep, formatNumber, type ScaledUnit } from "../format";
import type { SharedAxis } from "./axis";
import type { Ink } from "./colours";
import { drawBand, drawMark, drawUnits, isCrowded, seriesPaths, shadeHistory } from "./draw";
import { type ChartProps, extentOf } from "./model";

/** How the chart is shown at this moment, apart from its data. */
export interface ChartView {
  axis: SharedAxis;
  logarithmic: boolean;
  unit: ScaledUnit;
  /** Places of the series that are switched off. */
  hidden: ReadonlySet<number>;
  ink: Ink;
  widthPx: number;
  heightPx: number;
}

const LINEAR = 1;
const LOGARITHMIC = 3;

/** Hover points are page elements; beyond this many series they would cost more than they tell. */
const POINTS_UP_TO = 12;

/** All columns as uPlot wants them: x, the series, then the edges of the bands. */
export function chartData({ x, series, bands = [] }: ChartProps): uPlot.AlignedData {
  return [x, ...series.map(({ values }) => values), ...bands.flatMap(({ low, high }) => [low, high])];
}

/** What uPlot is told. `props` is asked for anew at each drawing, so that new data need no new chart. */
export function chartOptions(props: () => ChartProps, view: ChartView): uPlot.Options {
  const { axis, ink, logarithmic, widthPx, heightPx } = view;
  const first = props();
  return {
    width: widthPx,
    height: heightPx,
    padding: [24, 12, 0, 0],
    legend: { show: false },
    tzDate: (epochS) => uPlot.tzDate(new Date(epochS * 1000), "Etc/UTC"),
    cursor: cursorOptions(first.series.length),
    scales: {
      x: { time: axis.kind === "date", range: () => shownRange(props().x, axis) },
      y: { distr: logarithmic ? LOGARITHMIC : LINEAR, range: (chart) => yRange(chart, props(), view) },
    },
    axes: [xAxis(view), yAxis(view)],
    series: [{}, ...first.series.map((_, place) => seriesOptions(first, place, view)), ...edgeSeries(first)],
    hooks: {
      drawClear: [
        (chart) => {
          const { boundary } = props();
          if (boundary !== undefined) shadeHistory(chart, boundary, ink);
        },
      ],
      drawAxes: [(chart) => drawBands(chart, props(), view)],
      draw: [
        (chart) => {
          const { boundary, marks = [] } = props();
          const all = boundary === undefined ? marks : [boundary, ...marks];
          for (const [row, mark] of all.entries()) drawMark(chart, mark, row, ink);
          drawUnits(chart, view.unit.unit, axis.unit, ink);
        },
      ],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width === 0) return;
          axis.zoom.set([chart.posToVal(left, "x"), chart.posToVal(left + width, "x")]);
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** What is zoomed to, or everything. */
export function shownRange(x: ArrayLike<number>, axis: SharedAxis): [number, number] {
  const zoom = axis.zoom.get();
  if (zoom !== null) return [...zoom];
  const [from, to] = [x[0] ?? 0, x[x.length - 1] ?? 1];
  return from === to ? [from - 1, to + 1] : [from, to];
}

function cursorOptions(seriesCount: number): uPlot.Cursor {
  return {
    y: false,
    points: seriesCount <= POINTS_UP_TO ? { size: 6 } : { show: false },
    drag: { x: true, y: false, setScale: false, dist: 4 },
    bind: { dblclick: () => null },
  };
}

function seriesOptions(props: ChartProps, place: number, view: ChartView): uPlot.Series {
  const crowded = isCrowded(props.series.length);
  const look = seriesLook(props.series[place]!.look ?? place, view.ink.text);
  return {
    show: !view.hidden.has(place),
    stroke: look.colour,
    dash: crowded ? [] : [...look.dash],
    width: crowded ? 1 : 1.5,
    paths: seriesPaths,
    points: { show: false },
  };
}

/** The edges of bands are columns of their own, so that they count for the scale; they are not drawn as lines. */
function edgeSeries({ bands = [] }: ChartProps): uPlot.Series[] {
  return bands.flatMap(() => [0, 1].map(() => ({ paths: () => null, points: { show: false } })));
}

function drawBands(chart: uPlot, { series, bands = [] }: ChartProps, view: ChartView): void {
  for (const band of bands) {
    if (view.hidden.has(band.of)) continue;
    drawBand(chart, band, seriesLook(series[band.of]?.look ?? band.of, view.ink.text).colour);
  }
}

/** The extent of what is in sight, with some air; a logarithmic one ends at the values themselves. */
function yRange(chart: uPlot, { series, bands = [], fromZero }: ChartProps, view: ChartView): [number, number] {
  const [from, to] = chart.series[0]?.idxs ?? [0, chart.data[0].length - 1];
  const columns = series.filter((_, place) => !view.hidden.has(place)).map(({ values }) => values);
  const edges = bands.filter(({ of }) => !view.hidden.has(of)).flatMap(({ low, high }) => [low, high]);
  const extent = extentOf([...columns, ...edges], from, to, view.logarithmic ? 0 : -Infinity);
  if (extent === undefined) return view.logarithmic ? [1, 10] : [0, 1];
  const [low, high] = extent;
  if (view.logarithmic) return low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
  if (fromZero && high <= 0) return [0, 10];
  return uPlot.rangeNum(fromZero ? Math.min(0, low) : low, high, 0.08, true) as [number, number];
}

/** Over so many days ticks are years, which take less room than days. */
const YEARS_ABOVE_S = 5 * 365 * 86_400;

function xAxis({ ink, axis }: ChartView): uPlot.Axis {
  const space = (_chart: uPlot, _axis: number, from: number, to: number) =>
    axis.kind === "date" && to - from > YEARS_ABOVE_S ? 48 : 88;
  const shared = { ...axisLook(ink), size: 28, space };
  if (axis.kind === "number")
    return {
      ...shared,
      values: (_chart, splits, _axis, _space, step) => splits.map((split) => formatNumber(split, decimalsOfStep(step))),
    };
  const day = 86_400;
  return {
    ...shared,
    // Smallest step, the words, and what is added where year or day turn; the last 1 means added, not replaced.
    values: [
      [day * 365, "{YYYY}", null, null, null, null, null, null, 1],
      [day * 28, "{MMM}", " {YYYY}", null, null, null, null, null, 1],
      [day, "{D} {MMM}", " {YYYY}", null, null, null, null, null, 1],
      [60, "{HH}:{mm}", " {D} {MMM}", null, " {D} {MMM}", null, null, null, 1],
      [1, "{HH}:{mm}:{ss}", " {D} {MMM}", null, " {D} {MMM}", null, null, null, 1],
    ],
  };
}

function yAxis({ ink, unit, logarithmic }: ChartView): uPlot.Axis {
  const look = axisLook(ink);
  return {
    ...look,
    // Of a logarithmic scale a line for each decade; all nine of it would hide what is drawn.
    grid: logarithmic ? { ...look.grid, filter: (_chart, splits) => splits.map(decadeOrNone) } : look.grid!,
    size: 60,
    space: 36,
    values: (_chart, splits, _axis, _space, step) =>
      splits.map((split) => {
        // uPlot leaves out most of the ticks between two decades; what is left out comes as null.
        if (split === null) return "";
        const shown = split / unit.factor;
        const decimals = logarithmic ? decimalsFor(shown, 1) : decimalsOfStep(step / unit.factor);
        return formatNumber(shown, decimals);
      }),
  };
}

function decadeOrNone(split: number): number | null {
  return Math.abs(Math.log10(split) % 1) < 1e-9 ? split : null;
}

function axisLook(ink: Ink): uPlot.Axis {
  return {
    stroke: ink.quiet,
    font: ink.font,
    gap: 6,
    grid: { stroke: ink.line, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
}
