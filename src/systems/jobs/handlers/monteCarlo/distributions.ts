import { z } from "zod";
import { normalQuantile } from "../../../../numeric/normal";
import type { Random } from "../../../../platform/random";

const MAX_POISSON_MEAN = 10_000;
const MAX_SHAPE = 1e6;

/** The distributions that a variable may have. */
export const distribution = z.discriminatedUnion("distribution", [
  z.strictObject({ distribution: z.literal("normal"), mean: z.number(), sd: z.number().min(0) }),
  z.strictObject({ distribution: z.literal("lognormal"), mu: z.number(), sigma: z.number().min(0).max(20) }),
  z.strictObject({ distribution: z.literal("uniform"), low: z.number(), high: z.number() }),
  z.strictObject({ distribution: z.literal("triangular"), low: z.number(), mode: z.number(), high: z.number() }),
  z.strictObject({
    distribution: z.literal("beta"),
    alpha: z.number().positive().max(MAX_SHAPE),
    beta: z.number().positive().max(MAX_SHAPE),
  }),
  z.strictObject({ distribution: z.literal("poisson"), mean: z.number().min(0).max(MAX_POISSON_MEAN) }),
]);

export type Distribution = z.output<typeof distribution>;

/** Whether the limits of a distribution stand in order. */
export function isOrdered(given: Distribution): boolean {
  if (given.distribution === "uniform") return given.low <= given.high;
  if (given.distribution !== "triangular") return true;
  return given.low <= given.mode && given.mode <= given.high;
}

/** One draw. */
export function draw(given: Distribution, random: Random): number {
  switch (given.distribution) {
    case "normal":
      return given.mean + given.sd * normal(random);
    case "lognormal":
      return Math.exp(given.mu + given.sigma * normal(random));
    case "uniform":
      return given.low + (given.high - given.low) * random.next();
    case "triangular":
      return triangular(given.low, given.mode, given.high, random.next());
    case "beta": {
      const a = gamma(given.alpha, random);
      return a / (a + gamma(given.beta, random));
    }
    case "poisson":
      return poisson(given.mean, random);
  }
}

function normal(random: Random): number {
  // Never 0 or 1, where the quantile is infinite.
  return normalQuantile((random.next() * (2 ** 53 - 2) + 1) / 2 ** 53);
}

function triangular(low: number, mode: number, high: number, share: number): number {
  const width = high - low;
  if (width === 0) return low;
  const atMode = (mode - low) / width;
  if (share < atMode) return low + Math.sqrt(share * width * (mode - low));
  return high - Math.sqrt((1 - share) * width * (high - mode));
}

/** G. Marsaglia, W. Tsang, "A simple method for generating gamma variables", 2000; below shape 1 by its section 6. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** In parts of a mean of 30 at most, since the product of the method would vanish: sums of Poissons are Poissons. */
function poisson(mean: number, random: Random): number {
  const PART = 30;
  let count = 0;
  for (let left = mean; left > 0; left -= PART) {
    const limit = Math.exp(-Math.min(PART, left));
    for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  }
  return count;
}
