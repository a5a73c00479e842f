/**
 * Makes quantiles rise with their level, step by step, outward from the middle: those below are held under their upper
 * neighbour, those above over their lower one. `table` is row by row; the quantiles stand in the columns from `first` on,
 * in the order of their levels, and are changed in place.
 */
export function uncross(table: Float64Array, columns: number, first: number, middle: number): void {
  for (let row = 0; row < table.length; row += columns) {
    for (let column = middle - 1; column >= first; column--) {
      table[row + column] = Math.min(table[row + column]!, table[row + column + 1]!);
    }
    for (let column = middle + 1; column < columns; column++) {
      table[row + column] = Math.max(table[row + column]!, table[row + column - 1]!);
    }
  }
}
