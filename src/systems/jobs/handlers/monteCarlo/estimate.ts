import { quantileOfSorted } from "../../../../numeric/quantiles";

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const BINS = 40;
const Z95 = 1.959963984540054;

/** How the mean stood while draws came in. */
interface Convergence {
  iterations: number[];
  estimates: number[];
  low: number[];
  high: number[];
}

/** Mean and spread of values that come one after another; B. Welford, Technometrics 4, 1962. */
export class RunningMean {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count += 1;
    const difference = value - this.mean;
    this.mean += difference / this.count;
    this.#squares += difference * (value - this.mean);
  }

  /** Of the sample; 0 for fewer than two. */
  get sd(): number {
    return this.count < 2 ? 0 : Math.sqrt(this.#squares / (this.count - 1));
  }

  get standardError(): number {
    return this.sd / Math.sqrt(this.count);
  }

  /** Where the expected value lies with 95 % confidence. */
  get interval(): [low: number, high: number] {
    const margin = Z95 * this.standardError;
    return [this.mean - margin, this.mean + margin];
  }
}

/** The places at which the mean is looked at on its way, evenly in their logarithms, the last one included. */
export function lookPoints(iterations: number, many = 60): number[] {
  const points = Array.from({ length: many }, (_, i) => Math.round(iterations ** ((i + 1) / many)));
  return [...new Set([...points.filter((point) => point >= 10), iterations])];
}

export function noteConvergence(convergence: Convergence, mean: RunningMean): void {
  const [low, high] = mean.interval;
  convergence.iterations.push(mean.count);
  convergence.estimates.push(mean.mean);
  convergence.low.push(low);
  convergence.high.push(high);
}

/** What is told of the spread of values; they are sorted in place. */
export function spreadOf(values: Float64Array) {
  values.sort();
  const count = values.length;
  const quantiles = Object.fromEntries(
    QUANTILES.map((share) => [`p${share * 100}`, quantileOfSorted(values, count, share)]),
  );
  return { quantiles, histogram: histogramOf(values) };
}

function histogramOf(sorted: Float64Array): { edges: number[]; counts: number[] } {
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const width = (most - least) / BINS || 1;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of sorted) counts[Math.min(BINS - 1, Math.floor((value - least) / width))]! += 1;
  return { edges: Array.from({ length: BINS + 1 }, (_, i) => least + i * width), counts };
}
