import type { Forecast, Series } from "../model";
import type { NeuralModel } from "./neuralModel";

/** Lengths that make one token, some, and many, alone and in batches: other sizes are computed by other kernels. */
const LENGTHS = [20, 100, 100, 100, 400, 512, 512, 512, 512, 512, 512, 512, 512, 2000];

/**
 * How far two models are apart on a fixed set of series: the largest difference of their outputs, as a share of the range
 * of the reference's. NaN anywhere counts as infinitely far.
 */
export async function deviationBetween(reference: NeuralModel, candidate: NeuralModel): Promise<number> {
  const series = LENGTHS.map((length, index) => seriesOf(Math.min(length, reference.traits.maxContext), index));
  const query = { series, horizon: 1, levels: [] };
  const [wanted, found] = await Promise.all([reference.forecast(query), candidate.forecast(query)]);
  return wanted.reduce((worst, forecast, index) => Math.max(worst, deviation(forecast, found[index]!)), 0);
}

function seriesOf(length: number, phase: number): Series {
  return { values: Float64Array.from({ length }, (_, t) => 50 + t / 20 + 10 * Math.sin(t / 3 + phase) + (t % 7)) };
}

function deviation(wanted: Forecast, found: Forecast): number {
  const [theirs, ours] = [wanted.full!.values, found.full!.values];
  let [least, most, worst] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let index = 0; index < theirs.length; index++) {
    least = Math.min(least, theirs[index]!);
    most = Math.max(most, theirs[index]!);
    const difference = Math.abs(theirs[index]! - ours[index]!);
    worst = Number.isFinite(difference) ? Math.max(worst, difference) : Number.POSITIVE_INFINITY;
  }
  return worst === 0 ? 0 : worst / (most - least);
}
