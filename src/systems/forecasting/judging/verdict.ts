import type { Metrics } from "./metrics";

/** The mean measures of one model. */
export interface Judgement {
  model: string;
  metrics: Metrics;
}

/** What the others are held against. */
export const YARDSTICK = "seasonal_naive" as const;

/** The one with the lowest MASE, or the lowest error where no MASE is defined. */
export function bestOf<One extends Judgement>(results: readonly One[]): One {
  return results.reduce((least, one) => (errorOf(one) < errorOf(least) ? one : least));
}

function errorOf({ metrics }: Judgement): number {
  return metrics.mase ?? metrics.mae;
}

/** The first of some models against seasonal naive, in one sentence. */
export function verdictOf(results: readonly Judgement[]): string {
  const first = results[0]!;
  const naive = results.find(({ model }) => model === YARDSTICK);
  const { coverage, mase, mae } = first.metrics;
  const held = coverage === null ? "" : `; the band held ${Math.round(100 * coverage)} %`;
  const theirs = naive?.metrics.mase ?? null;
  if (mase === null || theirs === null || naive === first) return `Mean absolute error ${mae.toPrecision(3)}${held}.`;
  const share = Math.round(100 * (1 - mase / theirs));
  const compared = share >= 0 ? `${share} % better` : `${-share} % worse`;
  return `MASE ${mase.toFixed(2)}; seasonal naive ${theirs.toFixed(2)}: ${compared}${held}.`;
}
