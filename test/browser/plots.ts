import type { Page } from "playwright-core";
import type { PlotElement } from "../../static/common/chart/chart";

/** What a chart drew: its data as uPlot has them, and the pixels of its canvas. */
export interface Drawn {
  title: string;
  /** First and last x in sight. */
  x: [number, number];
  y: [number, number];
  /** Number of points of each column. */
  points: number[];
  logarithmic: boolean;
  shown: boolean[];
}

/** Reads the state of the chart of that name. */
export function drawnBy(page: Page, name: string): Promise<Drawn> {
  return page.locator(`#chart-${name} .chart-plot`).evaluate((element) => {
    const plot = (element as PlotElement).plot!;
    const { x, y } = plot.scales;
    return {
      title: element.closest("figure")!.querySelector("h2")!.textContent,
      x: [x!.min!, x!.max!] as [number, number],
      y: [y!.min!, y!.max!] as [number, number],
      points: plot.data.map((column) => column.length),
      logarithmic: y!.distr === 3,
      shown: plot.series.slice(1).map(({ show }) => show !== false),
    };
  });
}

/** The labels of an axis of numbers, as the numbers that they say; those that stand between two decades are none. */
export function axisNumbers(page: Page, name: string, axis: 0 | 1 = 1): Promise<number[]> {
  return page.locator(`#chart-${name} .chart-plot`).evaluate((element, at) => {
    const { _values } = (element as PlotElement).plot!.axes[at] as unknown as { _values: (string | null)[] };
    const labels = _values.filter((label) => label !== null && label !== "") as string[];
    return labels.map((label) => Number(label.replaceAll("\u202f", "").replace("−", "-")));
  }, axis);
}

/** Values of one column of a chart, as it was given to be drawn. */
export function columnOf(page: Page, name: string, column: number): Promise<number[]> {
  return page
    .locator(`#chart-${name} .chart-plot`)
    .evaluate((element, at) => Array.from((element as PlotElement).plot!.data[at] as Float64Array), column);
}

/** The colour drawn at a value: `x` in seconds or numbers, `y` in the chart's unit. Red, green, blue and opacity. */
export async function colourAt(page: Page, name: string, x: number, y: number): Promise<number[]> {
  return (await pixelsAround(page, name, { x, y, withinPx: 0 })).slice(0, 4);
}

/** Whether any pixel upright around the value has that colour, within what antialiasing does to it. */
export async function hasColourNear(
  page: Page,
  name: string,
  at: Place,
  colour: readonly [number, number, number],
): Promise<boolean> {
  const data = await pixelsAround(page, name, at);
  for (let i = 0; i < data.length; i += 4) {
    const far = colour.some((part, channel) => Math.abs(data[i + channel]! - part) > 40);
    if (!far && data[i + 3]! > 200) return true;
  }
  return false;
}

interface Place {
  x: number;
  y: number;
  /** How many pixels above and below are read too. */
  withinPx: number;
}

/** The pixels of the canvas in an upright line around a value, four bytes each. */
function pixelsAround(page: Page, name: string, place: Place): Promise<number[]> {
  return page.locator(`#chart-${name} .chart-plot`).evaluate((element, { x, y, withinPx }) => {
    const plot = (element as PlotElement).plot!;
    const height = 2 * withinPx + 1;
    const left = Math.round(plot.valToPos(x, "x", true));
    const top = Math.round(plot.valToPos(y, "y", true)) - withinPx;
    // A copy that is made for reading: the browser warns of reading the canvas itself.
    const copy = new OffscreenCanvas(1, height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(plot.ctx.canvas, left, top, 1, height, 0, 0, 1, height);
    return [...copy.getImageData(0, 0, 1, height).data];
  }, place);
}
