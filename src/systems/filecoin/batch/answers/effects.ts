import { rankCorrelation } from "../../../../numeric/correlation";
import { finiteOrNull } from "../../../../numeric/finite";
import { saltelliRows, sobolIndices } from "../../../../numeric/sobolIndices";
import { seededRandom } from "../../../../platform/random";
import { oneAtATimeRows } from "../request/design";

/** What one input does to one result; null where the result does not vary. */
export interface InputEffect {
  /** Spearman's rank correlation of input and result. */
  rank_correlation: number | null;
  first_order: number | null;
  total: number | null;
  /** Half the width of the 95 % interval of each index, by resampling. */
  first_order_error: number | null;
  total_error: number | null;
  /** The result with this input at either end of its range and the others at their centre. */
  at_low: number | null;
  at_high: number | null;
}

/** Resamplings of which the errors are taken: their spread is known to a fifteenth. */
const RESAMPLINGS = 100;
const NORMAL_95 = 1.96;

/**
 * What each input does to a result of all runs of a `saltelli` design; docs/filecoin.md, "Sensitivity".
 *
 * @param results one for each row of the design
 * @param points the design, row by row
 */
export function effectsOf(
  results: Float64Array,
  points: Float64Array,
  samples: number,
  inputs: number,
  seed: number,
): { centre: number | null; effects: InputEffect[] } {
  const rows = saltelliRows(samples, inputs);
  const indices = sobolIndices(results, samples, inputs);
  const errors = indexErrors(results, samples, inputs, seed);
  // The sets A and B: their points are independent, where the mixed ones repeat them.
  const plain = Array.from({ length: 2 * samples }, (_, row) => row).filter((row) => Number.isFinite(results[row]!));
  const values = plain.map((row) => results[row]!);
  const varies = values.some((value) => value !== values[0]);
  const alone = results.subarray(rows, rows + oneAtATimeRows(inputs));
  const effects = indices.map(({ firstOrder, total }, input) => ({
    rank_correlation: varies
      ? rankCorrelation(
          plain.map((row) => points[row * inputs + input]!),
          values,
        )
      : null,
    first_order: finiteOrNull(firstOrder),
    total: finiteOrNull(total),
    first_order_error: finiteOrNull(errors[input]!.firstOrder),
    total_error: finiteOrNull(errors[input]!.total),
    at_low: finiteOrNull(alone[1 + 2 * input]!),
    at_high: finiteOrNull(alone[2 + 2 * input]!),
  }));
  return { centre: finiteOrNull(alone[0]!), effects };
}

/** By the bootstrap over the base points: B. Efron, 1979; for these indices G. Archer et al., 1997. */
function indexErrors(results: Float64Array, samples: number, inputs: number, seed: number) {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: RESAMPLINGS }, () =>
    sobolIndices(
      results,
      samples,
      inputs,
      Uint32Array.from({ length: samples }, () => random.below(samples)),
    ),
  );
  return Array.from({ length: inputs }, (_, input) => ({
    firstOrder: NORMAL_95 * spread(drawn.map((indices) => indices[input]!.firstOrder)),
    total: NORMAL_95 * spread(drawn.map((indices) => indices[input]!.total)),
  }));
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
