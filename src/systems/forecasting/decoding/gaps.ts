/**
 * The last `length` values of a series without gaps: infinities count as missing, leading gaps are dropped, others are
 * filled on a straight line between their neighbours, and a gap at the end holds the last value. A series with nothing
 * in it keeps its length and becomes zeros. The series is cleaned as a whole and cut then; docs/forecasting.md, "Cleaning".
 */
export function filledTail(values: ArrayLike<number>, length: number): Float64Array {
  const end = values.length;
  let from = Math.max(0, end - length);
  // What stands before the cut matters only as the neighbour of a gap at the cut.
  while (from > 0 && !Number.isFinite(values[from]!)) from--;
  let first = from;
  while (first < end && !Number.isFinite(values[first]!)) first++;
  if (first === end) return new Float64Array(Math.min(end, length));
  const filled = new Float64Array(end - first);
  for (let index = first; index < end; ) {
    const next = nextFinite(values, index);
    if (next === index) filled[index++ - first] = values[next]!;
    else index = fillGap(filled, values, { first, from: index, to: next });
  }
  return filled.subarray(Math.max(0, filled.length - length));
}

function nextFinite(values: ArrayLike<number>, from: number): number {
  let index = from;
  while (index < values.length && !Number.isFinite(values[index]!)) index++;
  return index;
}

/** Fills `from` up to `to`, whose neighbours are finite or, at the end, not there. */
function fillGap(
  filled: Float64Array,
  values: ArrayLike<number>,
  gap: { first: number; from: number; to: number },
): number {
  const { first, from, to } = gap;
  const before = values[from - 1]!;
  const slope = to < values.length ? (values[to]! - before) / (to - from + 1) : 0;
  for (let index = from; index < to; index++) filled[index - first] = before + slope * (index - from + 1);
  return to;
}
