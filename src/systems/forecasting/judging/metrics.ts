/** How good a forecast was; null where a measure is not defined for the series. */
export interface Metrics {
  mae: number;
  /** 0 to 2; a step where both are 0 counts as 0. */
  smape: number;
  /** In units of the mean step by one season within the past; null where the past never changes. */
  mase: number | null;
  rmsse: number | null;
  /** Twice the mean quantile loss over the mean magnitude of what came; null where all of it is 0 or no level was asked. */
  wql: number | null;
  /** Twice the mean quantile loss over the levels, in units of the series; null without levels. */
  crps: number | null;
  /** Share of what came inside of the outermost two levels; null without two. */
  coverage: number | null;
}

export interface Judged {
  actual: ArrayLike<number>;
  point: ArrayLike<number>;
  levels: readonly number[];
  quantiles: readonly ArrayLike<number>[];
  /** What was known, for the scale of MASE and RMSSE. */
  past: ArrayLike<number>;
  /** 1 where there is no season. */
  period: number;
}

/**
 * Judges one forecast; steps whose actual value is missing are left out. Sources: R. Hyndman, A. Koehler, "Another look at
 * measures of forecast accuracy", 2006 (MASE); S. Makridakis et al., "The M5 accuracy competition", 2022 (RMSSE).
 */
export function metricsOf(judged: Judged): Metrics {
  const { actual, point } = judged;
  let [count, absolute, squared, symmetric, size] = [0, 0, 0, 0, 0];
  for (let step = 0; step < actual.length; step++) {
    const [came, said] = [actual[step]!, point[step]!];
    if (Number.isNaN(came)) continue;
    const error = Math.abs(came - said);
    count++;
    absolute += error;
    squared += error * error;
    size += Math.abs(came);
    if (error > 0) symmetric += (2 * error) / (Math.abs(came) + Math.abs(said));
  }
  const scale = seasonalSteps(judged.past, judged.period);
  const loss = quantileLoss(judged);
  return {
    mae: absolute / count,
    smape: symmetric / count,
    mase: scale.absolute > 0 ? absolute / count / scale.absolute : null,
    rmsse: scale.squared > 0 ? Math.sqrt(squared / count / scale.squared) : null,
    wql: size > 0 && loss !== null ? (loss * count) / size : null,
    crps: loss,
    coverage: coverageOf(judged),
  };
}

function seasonalSteps(past: ArrayLike<number>, period: number): { absolute: number; squared: number } {
  const back = past.length > period ? period : 1;
  let [count, absolute, squared] = [0, 0, 0];
  for (let t = back; t < past.length; t++) {
    const apart = Math.abs(past[t]! - past[t - back]!);
    if (Number.isNaN(apart)) continue;
    count++;
    absolute += apart;
    squared += apart * apart;
  }
  return count === 0 ? { absolute: 0, squared: 0 } : { absolute: absolute / count, squared: squared / count };
}

function quantileLoss({ actual, levels, quantiles }: Judged): number | null {
  if (levels.length === 0) return null;
  let [count, loss] = [0, 0];
  for (const [index, level] of levels.entries()) {
    for (let step = 0; step < actual.length; step++) {
      const above = actual[step]! - quantiles[index]![step]!;
      if (Number.isNaN(above)) continue;
      count++;
      loss += 2 * Math.max(level * above, (level - 1) * above);
    }
  }
  return loss / count;
}

function coverageOf({ actual, levels, quantiles }: Judged): number | null {
  if (levels.length < 2) return null;
  const low = quantiles[levels.indexOf(Math.min(...levels))]!;
  const high = quantiles[levels.indexOf(Math.max(...levels))]!;
  let [count, held] = [0, 0];
  for (let step = 0; step < actual.length; step++) {
    if (Number.isNaN(actual[step]!)) continue;
    count++;
    if (actual[step]! >= low[step]! && actual[step]! <= high[step]!) held++;
  }
  return held / count;
}

/** The mean of each measure over series or windows; those that are null are left out, and counted. */
export function meanMetrics(all: readonly Metrics[]): { metrics: Metrics; undefined: Record<keyof Metrics, number> } {
  const names = ["mae", "smape", "mase", "rmsse", "wql", "crps", "coverage"] as const;
  const means = names.map((name) => {
    const known = all.map((one) => one[name]).filter((value) => value !== null && Number.isFinite(value));
    const mean = known.length === 0 ? null : known.reduce<number>((sum, value) => sum + value!, 0) / known.length;
    return { name, mean, missing: all.length - known.length };
  });
  return {
    metrics: Object.fromEntries(means.map(({ name, mean }) => [name, mean])) as unknown as Metrics,
    undefined: Object.fromEntries(means.map(({ name, missing }) => [name, missing])) as Record<keyof Metrics, number>,
  };
}
