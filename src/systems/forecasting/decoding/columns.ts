import { RequestError } from "../../../platform/errors";
import type { Table } from "../model";

/** One column of a table. */
export function columnOf({ columns, values }: Table, column: number): Float64Array {
  return Float64Array.from({ length: values.length / columns }, (_, row) => values[row * columns + column]!);
}

/** Levels closer than this are one level: 0.1 + 0.2 stands for 0.3. */
const SAME_LEVEL = 1e-9;

/**
 * For each level asked for, the place among the heads that has it.
 * @throws RequestError 422 when no head has a level: a quantile is never made up from its neighbours.
 */
export function placesOf(levels: readonly number[], heads: readonly number[]): number[] {
  return levels.map((level, index) => {
    const place = heads.findIndex((head) => Math.abs(head - level) < SAME_LEVEL);
    if (place >= 0) return place;
    const expected = `one of ${heads.join(", ")}`;
    throw new RequestError(422, `This model has no quantile at ${level}; it has ${heads.join(", ")}.`, {
      faults: [{ path: ["quantiles", index], expected, got: String(level) }],
    });
  });
}
