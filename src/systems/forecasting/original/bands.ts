import type { Table } from "../model";
import type { Compat } from "./parameters";

/** Bands between each two neighbours of the columns that were asked for, by the names that the original gives them. */
export function bandsOf(full: Table, indices: readonly number[], compat: Compat): Record<string, number[] | string> {
  const places = compat === "newest" ? undefined : byMedian(full);
  const columnOf = (index: number) => column(full, places === undefined ? index : places[index]!);
  const bands: Record<string, number[] | string> = {};
  for (let at = 0; at + 1 < indices.length; at++) {
    const [lower, upper] = [indices[at]!, indices[at + 1]!];
    bands[`quantile_band_${at}_lower`] = columnOf(lower);
    bands[`quantile_band_${at}_upper`] = columnOf(upper);
    bands[`quantile_band_${at}_label`] = `Q${lower * 10}–Q${upper * 10}`;
  }
  return bands;
}

/** The original takes an index for a place in this order: columns, the mean among them, by their median over time. */
function byMedian(full: Table): number[] {
  const columns = Array.from({ length: full.columns }, (_, index) => index);
  const medians = columns.map((index) => medianOf(column(full, index)));
  return columns.sort((left, right) => medians[left]! - medians[right]!);
}

function column({ columns, values }: Table, index: number): number[] {
  return Array.from({ length: values.length / columns }, (_, step) => values[step * columns + index]!);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
