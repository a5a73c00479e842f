import type uPlot from "uplot";
import { nearestIndex, type SharedAxis, zoomedBy } from "./axis";
import { shownRange } from "./options";

/** What the pointer, the wheel and the keys do to a chart, and how charts of one axis follow each other. */

const WHEEL_STEP = 1.0015;
const KEY_ZOOM = 0.8;
const LONG_STEP = 30;

/** Draws the chart anew when the zoom of its axis changes: once in a frame, and only while it is in sight. */
export function followZoom(plot: uPlot, target: HTMLElement, axis: SharedAxis, x: () => ArrayLike<number>): () => void {
  let inSight = true;
  let waiting = false;
  function draw(): void {
    if (!waiting || !inSight) return;
    waiting = false;
    const [min, max] = shownRange(x(), axis);
    plot.setScale("x", { min, max });
  }
  const observer = new IntersectionObserver((entries) => {
    inSight = entries.at(-1)!.isIntersecting;
    draw();
  });
  observer.observe(target);
  const end = axis.zoom.subscribe(() => {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  });
  return () => {
    waiting = false;
    end();
    observer.disconnect();
  };
}

/** Tells the axis where the pointer is in this chart, and shows where it is in the others. */
export function followPointer(plot: uPlot, axis: SharedAxis): () => void {
  let ours = false;
  function move(): void {
    const { left, idx } = plot.cursor;
    ours = true;
    axis.cursor.set(left === undefined || left < 0 || idx === undefined || idx === null ? null : plot.data[0][idx]!);
    ours = false;
  }
  function leave(): void {
    axis.cursor.set(null);
  }
  const end = axis.cursor.subscribe((at) => {
    if (ours) return;
    const left = at === null ? -10 : plot.valToPos(at, "x");
    const outside = left < 0 || left > plot.over.clientWidth;
    plot.setCursor({ left: outside ? -10 : left, top: outside ? -10 : 0 }, false);
  });
  plot.over.addEventListener("mousemove", move);
  plot.over.addEventListener("mouseleave", leave);
  plot.over.addEventListener("dblclick", () => axis.zoom.set(null));
  return end;
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
