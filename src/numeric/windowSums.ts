/**
 * `sums[i] = values[i] + ... + values[i + width - 1]` for every i from 0 to `count - width`.
 *
 * Blocks of `width` are summed from both ends, so that each window is the end of one block and the beginning of the
 * next. A running difference would be as fast, but one infinite or huge value would spoil all windows after it, where
 * here it touches only those that hold it.
 * Source: the scheme of van Herk (1992) and Gil and Werman (1993), with sums in place of maxima.
 */
export function windowSums(values: Float64Array, count: number, width: number, sums: Float64Array): void {
  const windows = count - width + 1;
  for (let block = 0; block < windows; block += width) {
    let sum = 0;
    for (let i = block + width - 1; i >= block; i--) {
      sum += values[i]!;
      if (i < windows) sums[i] = sum;
    }
    sum = 0;
    const end = Math.min(block + width, windows);
    for (let i = block + 1; i < end; i++) {
      sum += values[i + width - 1]!;
      sums[i]! += sum;
    }
  }
}
