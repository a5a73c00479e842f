import { formatDate, parseDate } from "../format";
import { createStore, type Store } from "../store";
import { urlStore } from "../url-state";

/** From and to on the x axis; null shows everything. */
export type Zoom = readonly [from: number, to: number] | null;

/** What all charts over the same x axis share: what is zoomed to, and what the pointer is on. */
export interface SharedAxis {
  kind: "date" | "number";
  /** What x counts, such as `days`; `UTC` for dates. */
  unit: string;
  zoom: Store<Zoom>;
  /** The x value under the pointer, in whichever chart it is; null when it is in none. */
  cursor: Store<number | null>;
  /** An x value in words. */
  format(x: number): string;
}

const dateAxes = new Map<string, SharedAxis>();

/**
 * The axis of days of this page: one zoom, kept in the address as `zoom`, and one pointer for all its charts. Charts
 * over other days than those take one of their own, by another name.
 */
export function dateAxis(name = "zoom"): SharedAxis {
  const known = dateAxes.get(name);
  if (known !== undefined) return known;
  const axis: SharedAxis = {
    kind: "date",
    unit: "UTC",
    zoom: urlStore<Zoom>(name, {
      fallback: null,
      read(text) {
        const [from, to] = text.split("..").map(parseDate);
        return from! < to! ? [from!, to!] : undefined;
      },
      write: (zoom) => (zoom === null ? "" : `${formatDate(zoom[0])}..${formatDate(zoom[1])}`),
    }),
    cursor: createStore<number | null>(null),
    format: formatDate,
  };
  dateAxes.set(name, axis);
  return axis;
}

/** An axis of numbers, for charts that are not over time. Charts that are given the same one move together. */
export function numberAxis(unit: string): SharedAxis {
  return {
    kind: "number",
    unit,
    zoom: createStore<Zoom>(null),
    cursor: createStore<number | null>(null),
    format: (x) => `${x} ${unit}`,
  };
}

/** The zoom by that factor about `at`, held inside `bounds`; null when it shows all of them. */
export function zoomedBy(zoom: Zoom, bounds: readonly [number, number], factor: number, at: number): Zoom {
  const [from, to] = zoom ?? bounds;
  const next: [number, number] = [
    Math.max(bounds[0], at - (at - from) * factor),
    Math.min(bounds[1], at + (to - at) * factor),
  ];
  return next[0] <= bounds[0] && next[1] >= bounds[1] ? null : next;
}

/** The index of the x value nearest to `x`; -1 for no values. `xs` ascend. */
export function nearestIndex(xs: ArrayLike<number>, x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) low = middle;
    else high = middle;
  }
  return high >= 0 && Math.abs(xs[high]! - x) < Math.abs(xs[low]! - x) ? high : Math.min(low, high);
}
