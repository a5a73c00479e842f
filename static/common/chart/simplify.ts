/**
 * A series of thousands of days is drawn on some hundred pixels. What nobody can see is left out before the canvas
 * gets it: within one column of pixels only the first, lowest, highest and last point count, and of a smooth line only
 * the vertices without which it would miss a point by more than the tolerance.
 *
 * The second step is the "cone" or "sleeve" method: it holds the range of slopes by which a line from the last kept
 * vertex passes all points since, and keeps a vertex when that range becomes empty. One pass, no allocation. After
 * D. H. Douglas, T. K. Peucker's problem as solved in K. Reumann, A. Witkam, "Optimizing curve segmentation", 1974.
 */

/** How values become pixels: `pixel = offset + value * factor` for each direction. */
export interface Projection {
  xFactor: number;
  xOffset: number;
  yFactor: number;
  yOffset: number;
}

/** Vertices in pixels. A vertex whose y is NaN breaks the line. Grows when needed and is used again. */
export interface Vertices {
  x: Float64Array;
  y: Float64Array;
  count: number;
}

/** How much is left out. */
export interface Detail {
  /** Width of the columns in which only first, lowest, highest and last count. */
  columnPx: number;
  /** How far a point may lie from the line that leaves it out. */
  tolerancePx: number;
}

/** A column of pixels leaves at most this many vertices. */
const VERTICES_PER_COLUMN = 4;

export function createVertices(): Vertices {
  return { x: new Float64Array(1024), y: new Float64Array(1024), count: 0 };
}

/**
 * Fills `out` with the vertices of the points `from` to `to` (both included). `ys` that are not finite break the line.
 * No point of the series is farther than `detail.tolerancePx` from the line, measured upright, save those that
 * share their column with a lower and a higher one.
 */
export function simplify(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  from: number,
  to: number,
  project: Projection,
  detail: Detail,
  out: Vertices,
): void {
  const { tolerancePx } = detail;
  reserve(out, (to - from + 1) * VERTICES_PER_COLUMN + VERTICES_PER_COLUMN);
  const sleeve: Sleeve = {
    ...{ out, tolerancePx, anchored: false, anchorX: 0, anchorY: 0 },
    ...{ held: false, x: 0, y: 0, low: 0, high: 0 },
  };
  const column: Column = { at: Number.NaN, first: 0, last: 0, lowest: 0, highest: 0 };
  out.count = 0;
  for (let i = from; i <= to; i++) {
    const y = ys[i]! * project.yFactor + project.yOffset;
    if (!Number.isFinite(y)) {
      leaveColumn(column, xs, ys, project, sleeve);
      breakLine(sleeve);
      continue;
    }
    const at = Math.floor((xs[i]! * project.xFactor + project.xOffset) / detail.columnPx);
    if (at !== column.at) {
      leaveColumn(column, xs, ys, project, sleeve);
      enterColumn(column, at, i);
      continue;
    }
    column.last = i;
    if (ys[i]! < ys[column.lowest]!) column.lowest = i;
    if (ys[i]! > ys[column.highest]!) column.highest = i;
  }
  leaveColumn(column, xs, ys, project, sleeve);
  breakLine(sleeve);
  // The end of the last piece is no gap.
  if (out.count > 0) out.count--;
}

/** Indices of the points of one column of pixels that are drawn. */
interface Column {
  /** NaN before the first point. */
  at: number;
  first: number;
  last: number;
  lowest: number;
  highest: number;
}

function enterColumn(column: Column, at: number, i: number): void {
  column.at = at;
  column.first = i;
  column.last = i;
  column.lowest = i;
  column.highest = i;
}

function leaveColumn(
  column: Column,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  project: Projection,
  sleeve: Sleeve,
): void {
  if (Number.isNaN(column.at)) return;
  const early = Math.min(column.lowest, column.highest);
  const late = Math.max(column.lowest, column.highest);
  let previous = -1;
  for (let step = 0; step < VERTICES_PER_COLUMN; step++) {
    const i = step === 0 ? column.first : step === 1 ? early : step === 2 ? late : column.last;
    if (i === previous) continue;
    previous = i;
    extend(sleeve, xs[i]! * project.xFactor + project.xOffset, ys[i]! * project.yFactor + project.yOffset);
  }
  column.at = Number.NaN;
}

/** The last kept vertex, the point held after it, and the slopes by which a line from the one passes what lies between. */
interface Sleeve {
  out: Vertices;
  tolerancePx: number;
  anchored: boolean;
  anchorX: number;
  anchorY: number;
  held: boolean;
  x: number;
  y: number;
  low: number;
  high: number;
}

function extend(sleeve: Sleeve, x: number, y: number): void {
  if (!sleeve.anchored) {
    keep(sleeve, x, y);
    return;
  }
  const slope = (y - sleeve.anchorY) / (x - sleeve.anchorX);
  if (sleeve.held && !(slope >= sleeve.low && slope <= sleeve.high)) keep(sleeve, sleeve.x, sleeve.y);
  const run = x - sleeve.anchorX;
  const low = (y - sleeve.tolerancePx - sleeve.anchorY) / run;
  const high = (y + sleeve.tolerancePx - sleeve.anchorY) / run;
  const upright = !(run > 0);
  sleeve.low = upright ? Infinity : sleeve.held ? Math.max(sleeve.low, low) : low;
  sleeve.high = upright ? -Infinity : sleeve.held ? Math.min(sleeve.high, high) : high;
  sleeve.held = true;
  sleeve.x = x;
  sleeve.y = y;
}

function keep(sleeve: Sleeve, x: number, y: number): void {
  push(sleeve.out, x, y);
  sleeve.anchored = true;
  sleeve.held = false;
  sleeve.anchorX = x;
  sleeve.anchorY = y;
}

function breakLine(sleeve: Sleeve): void {
  if (!sleeve.anchored) return;
  if (sleeve.held) keep(sleeve, sleeve.x, sleeve.y);
  sleeve.anchored = false;
  push(sleeve.out, sleeve.anchorX, Number.NaN);
}

function push(out: Vertices, x: number, y: number): void {
  out.x[out.count] = x;
  out.y[out.count] = y;
  out.count++;
}

function reserve(out: Vertices, count: number): void {
  if (out.x.length >= count) return;
  out.x = new Float64Array(count);
  out.y = new Float64Array(count);
}
