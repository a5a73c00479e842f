import { finiteOrNull } from "../../../../numeric/finite";
import type { OutputName } from "../../schema/series";

/** What the policies change of a series on a day. */
export interface PolicyDifference {
  day: number;
  before: number | null;
  after: number | null;
  change: number | null;
  /** As a share of what was before. */
  relative: number | null;
}

/** By series, the values of the run without and of the run with policies on each point day. */
export function policyDifferences(
  outputs: readonly OutputName[],
  pointDays: Int32Array,
  points: Float64Array,
): Partial<Record<OutputName, PolicyDifference[]>> {
  const of = (o: number) =>
    Array.from(pointDays, (day, d) => {
      const at = 2 * (o * pointDays.length + d);
      const [before, after] = [points[at]!, points[at + 1]!];
      const change = after - before;
      return {
        day,
        before: finiteOrNull(before),
        after: finiteOrNull(after),
        change: finiteOrNull(change),
        relative: finiteOrNull(change / Math.abs(before)),
      };
    });
  return Object.fromEntries(outputs.map((name, o) => [name, of(o)]));
}
