/** The value at `point`; its slope is written into `gradient`. Not finite where the function is not defined. */
export type Differentiable = (point: Float64Array, gradient: Float64Array) => number;

const MEMORY = 6;
const MAX_HALVINGS = 25;
/** Of what the slope promises, the share that a step must bring. */
const ENOUGH = 1e-4;

/**
 * Walks downhill from `point`, which is moved in place to the best place found, and gives the value there.
 * Source: J. Nocedal, "Updating quasi-Newton matrices with limited storage", 1980, with halved steps.
 * @param tolerance ends the walk when a step brings less, relative to the value
 */
export function minimise(at: Differentiable, point: Float64Array, maxSteps: number, tolerance: number): number {
  const size = point.length;
  const gradient = new Float64Array(size);
  const next = new Float64Array(size);
  const nextGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const pairs: Pair[] = [];
  let value = at(point, gradient);
  if (!Number.isFinite(value)) return value;
  for (let step = 0; step < maxSteps; step++) {
    downhill(direction, gradient, pairs);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.length = 0;
      downhill(direction, gradient, pairs);
      slope = dot(direction, gradient);
      if (!(slope < 0)) break;
    }
    const first = pairs.length === 0 ? Math.min(1, 0.5 / Math.sqrt(-slope)) : 1;
    const reached = halveUntilLower(at, { point, direction, value, slope }, first, next, nextGradient);
    if (Number.isNaN(reached)) break;
    remember(pairs, point, gradient, next, nextGradient);
    const gain = value - reached;
    point.set(next);
    gradient.set(nextGradient);
    value = reached;
    if (gain <= tolerance * (Math.abs(value) + tolerance)) break;
  }
  return value;
}

interface Line {
  point: Float64Array;
  direction: Float64Array;
  value: number;
  slope: number;
}

/** Goes along a line, in `next`, as far as brings enough; NaN where nothing does. */
function halveUntilLower(
  at: Differentiable,
  { point, direction, value, slope }: Line,
  first: number,
  next: Float64Array,
  nextGradient: Float64Array,
): number {
  let stride = first;
  for (let halving = 0; halving < MAX_HALVINGS; halving++, stride *= 0.4) {
    for (let i = 0; i < point.length; i++) next[i] = point[i]! + stride * direction[i]!;
    const reached = at(next, nextGradient);
    if (reached <= value + ENOUGH * stride * slope) return reached;
  }
  return Number.NaN;
}

interface Pair {
  move: Float64Array;
  turn: Float64Array;
  weight: number;
  share: number;
}

/** The slope, turned around and stretched by what the last steps told of the curvature. */
function downhill(direction: Float64Array, gradient: Float64Array, pairs: readonly Pair[]): void {
  for (let i = 0; i < gradient.length; i++) direction[i] = -gradient[i]!;
  for (let k = pairs.length - 1; k >= 0; k--) {
    const pair = pairs[k]!;
    pair.share = pair.weight * dot(pair.move, direction);
    add(direction, -pair.share, pair.turn);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.weight * dot(last.turn, last.turn));
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (const pair of pairs) add(direction, pair.share - pair.weight * dot(pair.turn, direction), pair.move);
}

function remember(
  pairs: Pair[],
  point: Float64Array,
  gradient: Float64Array,
  next: Float64Array,
  nextGradient: Float64Array,
): void {
  const old = pairs.length === MEMORY ? pairs[0] : undefined;
  const pair = old ?? {
    move: new Float64Array(point.length),
    turn: new Float64Array(point.length),
    weight: 0,
    share: 0,
  };
  for (let i = 0; i < point.length; i++) {
    pair.move[i] = next[i]! - point[i]!;
    pair.turn[i] = nextGradient[i]! - gradient[i]!;
  }
  const curvature = dot(pair.move, pair.turn);
  if (old !== undefined) pairs.shift();
  if (!(curvature > 1e-12 * dot(pair.turn, pair.turn))) return;
  pair.weight = 1 / curvature;
  pairs.push(pair);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * values[i]!;
}
