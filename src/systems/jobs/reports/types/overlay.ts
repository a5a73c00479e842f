import type { LineChartX } from "../../../../platform/charts";
import type { Chart } from "../section";

/** Series of several simulations in one chart. */

type LineSpec = Extract<Chart, { kind: "line" }>;
type HistogramSpec = Extract<Chart, { kind: "histogram" }>;

/** Bands of more simulations than this would cover each other. */
const MAX_BANDED = 2;

/** One line that is laid over the same one of other simulations. */
export interface Line {
  /** What it shows, and the title of the chart that it comes from. */
  title: string;
  chart: string;
  unit: string;
  x: LineChartX;
  values: ArrayLike<number>;
  band: { name: string; low: ArrayLike<number>; high: ArrayLike<number> } | undefined;
  scale: "linear" | "log";
}

/** The lines of a chart: each series of a line chart, the shares of a histogram. */
export function linesOf(chart: Chart): Line[] {
  if (chart.kind === "line") return seriesLines(chart);
  return chart.kind === "histogram" ? [densityLine(chart)] : [];
}

/** Lines of one title, each named by its simulation, over the longest of their axes. */
export function overlaid(lines: readonly { name: string; line: Line }[]): Chart {
  const { title, unit, scale } = lines[0]!.line;
  const longest = lines.reduce((most, { line }) => (reachOf(line) > reachOf(most) ? line : most), lines[0]!.line);
  const places = placesOf(longest);
  const onAxis = (line: Line, values: ArrayLike<number>) => interpolated(placesOf(line), values, places);
  const bands = lines.flatMap(({ name, line }, of) => {
    if (line.band === undefined || lines.length > MAX_BANDED) return [];
    const { low, high } = line.band;
    return [
      {
        name: `${name}, ${line.band.name}`,
        low: onAxis(line, low),
        high: onAxis(line, high),
        level: "outer" as const,
        of,
      },
    ];
  });
  const series = lines.map(({ name, line }) => ({ name, values: onAxis(line, line.values) }));
  return { kind: "line", title, unit, x: longest.x, series, bands, scale };
}

function seriesLines({ title, unit, x, series, bands = [], scale = "linear" }: LineSpec): Line[] {
  return series.map(({ name, values }, place) => {
    const band =
      bands.find(({ of = 0, level }) => of === place && level === "outer") ?? bands.find(({ of = 0 }) => of === place);
    return { title: series.length === 1 ? title : name, chart: title, unit, x, values, band, scale };
  });
}

function densityLine({ title, unit, edges, counts }: HistogramSpec): Line {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const middles = Array.from(counts, (_, i) => (edges[i]! + edges[i + 1]!) / 2);
  const values = Array.from(counts, (count, i) => count / total / (edges[i + 1]! - edges[i]!));
  const x = { values: middles, title: unit === "" ? "Value" : `Value (${unit})` };
  return {
    title: `${title}, density`,
    chart: title,
    unit: "share per unit",
    x,
    values,
    band: undefined,
    scale: "linear",
  };
}

function placesOf({ x, values }: Line): Float64Array {
  if ("values" in x) return Float64Array.from(x.values);
  const { startDay, stepDays = 1 } = x;
  return Float64Array.from({ length: values.length }, (_, i) => startDay + i * stepDays);
}

function reachOf(line: Line): number {
  const places = placesOf(line);
  return places.length === 0 ? 0 : places.at(-1)! - places[0]!;
}

/** Values at other places, on the straight line between their neighbours; NaN outside of them. */
function interpolated(from: Float64Array, values: ArrayLike<number>, to: Float64Array): Float64Array {
  let next = 0;
  return to.map((place) => {
    while (next < from.length && from[next]! < place) next++;
    if (from[next] === place) return values[next]!;
    if (next === 0 || next >= from.length) return Number.NaN;
    const [before, after] = [from[next - 1]!, from[next]!];
    return values[next - 1]! + ((place - before) / (after - before)) * (values[next]! - values[next - 1]!);
  });
}
