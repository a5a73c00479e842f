/**
 * Series as paths that stay small. Thousands of days are drawn on some hundred pixels: of what falls on one column of
 * pixels only the first, lowest, highest and last point change the picture. After U. Jugel et al., "M4: a
 * visualization-oriented time series data aggregation", VLDB 2014.
 */

/** Where the points of a series lie. */
export interface Trace {
  count: number;
  /** In pixels. What is not finite is a gap. */
  x(i: number): number;
  y(i: number): number;
}

/** One unbroken piece of a line: x and y by turns, in whole tenths of a pixel. */
export type Piece = readonly number[];

/** Coordinates are kept to a tenth of a pixel, as whole numbers, so that relative paths do not drift. */
const TENTHS = 10;

interface Column {
  /** Which column of pixels. */
  at: number;
  first: number;
  lowest: number;
  highest: number;
  last: number;
}

/** The pieces of a line. A gap within one column of pixels cannot be seen and does not break it. */
export function piecesOf(trace: Trace): Piece[] {
  const pieces: number[][] = [];
  let column: Column | undefined;
  let broken = true;
  for (let i = 0; i < trace.count; i++) {
    const [x, y] = [trace.x(i), trace.y(i)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      broken = true;
      continue;
    }
    const at = Math.floor(x);
    if (column?.at === at) include(column, trace, i, y);
    else {
      if (column !== undefined) leave(column, trace, pieces.at(-1)!);
      if (broken) pieces.push([]);
      column = { at, first: i, lowest: i, highest: i, last: i };
    }
    broken = false;
  }
  if (column !== undefined) leave(column, trace, pieces.at(-1)!);
  return pieces;
}

/** The path of the pieces that are lines, and of those that are a single point; empty where there are none. */
export function linePaths(pieces: readonly Piece[]): { lines: string; dots: string } {
  const isDot = (piece: Piece) => piece.length === 2;
  return {
    lines: pieces
      .filter((piece) => !isDot(piece))
      .map(pathOf)
      .join(""),
    dots: pieces
      .filter(isDot)
      .map((piece) => `${pathOf(piece)}h0`)
      .join(""),
  };
}

/** A single pair of values is a range too: this wide, in tenths of a pixel. */
const NARROWEST_BAND = 40;

/** The path around what lies between two lines that have the same gaps. */
export function bandPath(upper: readonly Piece[], lower: readonly Piece[]): string {
  return upper.map((top, i) => `${pathOf([...widened(top), ...backwards(widened(lower[i]!))])}z`).join("");
}

function include(column: Column, trace: Trace, i: number, y: number): void {
  column.last = i;
  if (y > trace.y(column.lowest)) column.lowest = i;
  if (y < trace.y(column.highest)) column.highest = i;
}

function leave({ first, lowest, highest, last }: Column, trace: Trace, piece: number[]): void {
  let previous = -1;
  for (const i of [first, Math.min(lowest, highest), Math.max(lowest, highest), last]) {
    if (i !== previous) extend(piece, Math.round(trace.x(i) * TENTHS), Math.round(trace.y(i) * TENTHS));
    previous = i;
  }
}

/** Adds a vertex; where it only goes on in the direction of the last one, it takes that one's place. */
function extend(piece: number[], x: number, y: number): void {
  const end = piece.length;
  const [lastX, lastY] = [piece[end - 2], piece[end - 1]];
  if (x === lastX && y === lastY) return;
  if (end >= 4) {
    const [alongX, alongY] = [lastX! - piece[end - 4]!, lastY! - piece[end - 3]!];
    const [onX, onY] = [x - lastX!, y - lastY!];
    if (alongX * onY === alongY * onX && alongX * onX + alongY * onY > 0) piece.length = end - 2;
  }
  piece.push(x, y);
}

function widened(piece: Piece): Piece {
  if (piece.length > 2) return piece;
  const [x, y] = [piece[0]!, piece[1]!];
  return [x - NARROWEST_BAND / 2, y, x + NARROWEST_BAND / 2, y];
}

function backwards(piece: Piece): Piece {
  const turned: number[] = [];
  for (let i = piece.length - 2; i >= 0; i -= 2) turned.push(piece[i]!, piece[i + 1]!);
  return turned;
}

function pathOf(piece: Piece): string {
  let path = `M${pair(piece[0]!, piece[1]!)}`;
  for (let i = 2; i < piece.length; i += 2) {
    path += `l${pair(piece[i]! - piece[i - 2]!, piece[i + 1]! - piece[i - 1]!)}`;
  }
  return path;
}

/** A minus sign parts two numbers as well as a blank does. */
function pair(x: number, y: number): string {
  return `${tenths(x)}${y < 0 ? "" : " "}${tenths(y)}`;
}

function tenths(value: number): string {
  return String(value / TENTHS).replace(/^(-?)0\./, "$1.");
}
