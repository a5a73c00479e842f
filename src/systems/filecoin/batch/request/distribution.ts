import { normalShare } from "../../../../numeric/normal";

/** A distribution of one input that is drawn once for a run and holds on all its days. */
export type Distribution =
  | { kind: "uniform"; low: number; high: number }
  | { kind: "triangular"; low: number; mode: number; high: number }
  | { kind: "normal"; mean: number; sd: number }
  | { kind: "lognormal"; median: number; log_sd: number }
  | { kind: "values"; values: readonly number[] };

/** The value that belongs to a draw `z` from the standard normal distribution: it rises with `z`. */
export function valueAt(distribution: Distribution, z: number): number {
  switch (distribution.kind) {
    case "uniform":
      return distribution.low + (distribution.high - distribution.low) * normalShare(z);
    case "triangular":
      return triangular(distribution, normalShare(z));
    case "normal":
      return distribution.mean + distribution.sd * z;
    case "lognormal":
      return distribution.median * Math.exp(distribution.log_sd * z);
    case "values": {
      const { values } = distribution;
      return values[Math.min(values.length - 1, Math.floor(normalShare(z) * values.length))]!;
    }
  }
}

function triangular({ low, mode, high }: { low: number; mode: number; high: number }, share: number): number {
  const [rise, fall] = [mode - low, high - mode];
  const width = high - low;
  if (share * width <= rise) return low + Math.sqrt(share * width * rise);
  return high - Math.sqrt((1 - share) * width * fall);
}
