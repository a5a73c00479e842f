/**
 * Looks for the smallest value of a function of few arguments without its slope, and gives the best point found.
 * Source: J. Nelder, R. Mead, "A simplex method for function minimization", 1965.
 * @param strides how far the first corners lie from `start` along each axis
 * @param tolerance ends the search when the corners differ by less, relative to the best value
 */
export function simplexSearch(
  at: (point: Float64Array) => number,
  start: Float64Array,
  strides: ArrayLike<number>,
  maxCalls: number,
  tolerance: number,
): Float64Array {
  const size = start.length;
  let calls = 0;
  const look = (point: Float64Array): Corner => {
    calls++;
    return { point, value: at(point) };
  };
  const corners = Array.from({ length: size + 1 }, (_, corner) => {
    const point = start.slice();
    if (corner > 0) point[corner - 1]! += strides[corner - 1]!;
    return look(point);
  });
  while (calls < maxCalls) {
    corners.sort((a, b) => a.value - b.value);
    const [best, worst] = [corners[0]!, corners[size]!];
    if (worst.value - best.value <= tolerance * (Math.abs(best.value) + Number.MIN_VALUE)) break;
    const better = insteadOfWorst(corners, look);
    if (better === undefined) shrink(corners, look);
    else corners[size] = better;
  }
  return corners.reduce((best, one) => (one.value < best.value ? one : best)).point;
}

interface Corner {
  point: Float64Array;
  value: number;
}

type Look = (point: Float64Array) => Corner;

/** The worst corner mirrored at the others, further out or nearer in; undefined where nothing there is better. */
function insteadOfWorst(corners: readonly Corner[], look: Look): Corner | undefined {
  const size = corners.length - 1;
  const worst = corners[size]!;
  const middle = new Float64Array(size);
  for (let corner = 0; corner < size; corner++) {
    for (let i = 0; i < size; i++) middle[i]! += corners[corner]!.point[i]! / size;
  }
  const move = (factor: number) => look(middle.map((value, i) => value + factor * (value - worst.point[i]!)));
  const mirrored = move(1);
  if (mirrored.value < corners[0]!.value) {
    const further = move(2);
    return further.value < mirrored.value ? further : mirrored;
  }
  if (mirrored.value < corners[size - 1]!.value) return mirrored;
  const nearer = mirrored.value < worst.value ? move(0.5) : move(-0.5);
  return nearer.value < Math.min(mirrored.value, worst.value) ? nearer : undefined;
}

/** Draws every corner halfway to the best one, the first. */
function shrink(corners: Corner[], look: Look): void {
  const best = corners[0]!.point;
  for (let corner = 1; corner < corners.length; corner++) {
    corners[corner] = look(corners[corner]!.point.map((value, i) => (value + best[i]!) / 2));
  }
}
