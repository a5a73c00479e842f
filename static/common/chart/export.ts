import type uPlot from "uplot";
import type { SeriesLook } from "../../../src/platform/charts/seriesLook";
import { csvOf } from "../csv";
import { download, downloadText } from "../download";
import type { SharedAxis } from "./axis";
import type { Ink } from "./colours";
import type { ChartProps } from "./model";

/** Saves everything the chart holds, in its own unit and at full precision. */
export function saveCsv(props: ChartProps, axis: SharedAxis): void {
  downloadText(`${props.name}.csv`, "text/csv", chartCsv(props, axis));
}

/** One row for each x; the header names each column with its unit. */
function chartCsv({ x, unit, series, bands = [] }: ChartProps, axis: SharedAxis): string {
  const bandTitles = bands.flatMap(({ label, of }) =>
    ["low", "high"].map((edge) => `${series[of]?.label} ${label} ${edge} (${unit})`),
  );
  const first = axis.kind === "date" ? "date" : axis.unit;
  const header = [first, ...series.map(({ label }) => `${label} (${unit})`), ...bandTitles];
  const columns = [...series.map(({ values }) => values), ...bands.flatMap(({ low, high }) => [low, high])];
  const rows = Array.from(x, (at, row) => [
    axis.kind === "date" ? axis.format(at) : at,
    ...columns.map((values) => values[row]),
  ]);
  return csvOf(header, rows);
}

const HEAD_PX = 48;
const MARGIN_PX = 12;

/** Saves the chart as it is seen, with its title and the names of the series above it. */
export async function savePng(chart: uPlot, props: ChartProps, looks: readonly SeriesLook[], ink: Ink): Promise<void> {
  const picture = chartPicture(chart, props, looks, ink);
  const content = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, "image/png"));
  if (content !== null) download(`${props.name}.png`, content);
}

function chartPicture(chart: uPlot, props: ChartProps, looks: readonly SeriesLook[], ink: Ink): HTMLCanvasElement {
  const ratio = devicePixelRatio;
  const plot = chart.ctx.canvas;
  const picture = document.createElement("canvas");
  picture.width = plot.width + 2 * MARGIN_PX * ratio;
  picture.height = plot.height + (HEAD_PX + MARGIN_PX) * ratio;
  const ctx = picture.getContext("2d")!;
  ctx.fillStyle = ink.surface;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.drawImage(plot, MARGIN_PX * ratio, HEAD_PX * ratio);
  ctx.scale(ratio, ratio);
  ctx.translate(MARGIN_PX, 0);
  ctx.textBaseline = "middle";
  ctx.fillStyle = ink.text;
  ctx.font = `600 ${ink.font.replace("12px", "14px")}`;
  ctx.fillText(`${props.title}, ${props.unit}`, 0, 16);
  ctx.font = ink.font;
  let x = 0;
  for (const [place, { label }] of props.series.entries()) {
    x = drawKey(ctx, x, label, looks[place]!, ink);
  }
  return picture;
}

/** A short piece of the line with its name; gives where the next one begins. */
function drawKey(ctx: CanvasRenderingContext2D, x: number, label: string, look: SeriesLook, ink: Ink): number {
  ctx.strokeStyle = look.colour;
  ctx.lineWidth = 2;
  ctx.setLineDash([...look.dash]);
  ctx.beginPath();
  ctx.moveTo(x, 36);
  ctx.lineTo(x + 20, 36);
  ctx.stroke();
  ctx.fillStyle = ink.quiet;
  ctx.fillText(label, x + 26, 36);
  return x + 26 + ctx.measureText(label).width + 16;
}
