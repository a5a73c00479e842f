import type uPlot from "uplot";
import { nearestIndex, type SharedAxis, zoomedBy } from "./axis";
import { drawInSight } from "./frame";
import { shownRange } from "./options";

/** What the pointer, the wheel and the keys do to a chart, and how charts of one axis follow each other. */

const WHEEL_STEP = 1.0015;
const KEY_ZOOM = 0.8;
const LONG_STEP = 30;

/** Where uPlot takes a pointer for gone. */
const OUTSIDE = -10;

/**
 * Joins the chart to its axis: it is drawn anew when the zoom changes, it tells where the pointer is while that is in
 * it, and shows where it is while that is in another.
 */
export function followAxis(plot: uPlot, target: HTMLElement, axis: SharedAxis, x: () => ArrayLike<number>): () => void {
  let pointed = false;
  const zoom = drawInSight(target, () => {
    const [min, max] = shownRange(x(), axis);
    plot.setScale("x", { min, max });
    pointer.ask();
  });
  const pointer = drawInSight(target, () => {
    if (!pointed) plot.setCursor(placeOf(plot, axis.cursor.get()), false);
  });
  function tellPointer(): void {
    const index = plot.cursor.idx;
    if (pointed) axis.cursor.set(index === null || index === undefined ? null : plot.data[0][index]!);
  }
  plot.hooks.setCursor = [tellPointer];
  plot.over.addEventListener("mouseenter", () => {
    pointed = true;
  });
  plot.over.addEventListener("mouseleave", () => {
    pointed = false;
    axis.cursor.set(null);
  });
  plot.over.addEventListener("dblclick", () => axis.zoom.set(null));
  const ends = [axis.cursor.subscribe(pointer.ask), axis.zoom.subscribe(zoom.ask), zoom.end, pointer.end];
  return () => {
    for (const end of ends) end();
  };
}

/** Where the reading line stands for that x; nowhere for none, and for one out of sight. */
function placeOf(plot: uPlot, at: number | null): { left: number; top: number } {
  const left = at === null ? OUTSIDE : plot.valToPos(at, "x");
  return left < 0 || left > plot.over.clientWidth ? { left: OUTSIDE, top: OUTSIDE } : { left, top: 0 };
}

/** Ctrl and wheel zoom at the pointer; without Ctrl the page scrolls as ever. */
export function handleWheel(plot: uPlot, axis: SharedAxis, x: () => ArrayLike<number>): () => void {
  function wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const at = plot.posToVal(event.offsetX, "x");
    axis.zoom.set(zoomedBy(axis.zoom.get(), boundsOf(x()), WHEEL_STEP ** event.deltaY, at));
  }
  plot.over.addEventListener("wheel", wheel, { passive: false });
  return () => plot.over.removeEventListener("wheel", wheel);
}

/** Moves the reading or the zoom by a key. Gives the index that is read now; undefined for any other key. */
export function handleKeys(event: KeyboardEvent, x: ArrayLike<number>, axis: SharedAxis): number | undefined {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step !== undefined && x.length > 0) {
    event.preventDefault();
    const at = axis.cursor.get();
    const from = at === null ? x.length - 1 : nearestIndex(x, at);
    const row = Math.min(x.length - 1, Math.max(0, from + step * (event.shiftKey ? LONG_STEP : 1)));
    axis.cursor.set(x[row]!);
    return row;
  }
  const factor = { "+": KEY_ZOOM, "=": KEY_ZOOM, "-": 1 / KEY_ZOOM }[event.key];
  const [from, to] = shownRange(x, axis);
  if (factor !== undefined) {
    axis.zoom.set(zoomedBy(axis.zoom.get(), boundsOf(x), factor, axis.cursor.get() ?? (from + to) / 2));
  } else if (event.key === "0") axis.zoom.set(null);
  return undefined;
}

function boundsOf(x: ArrayLike<number>): [number, number] {
  return [x[0]!, x[x.length - 1]!];
}
