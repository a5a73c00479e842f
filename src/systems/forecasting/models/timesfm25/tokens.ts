/** What the network sees of a series; docs/forecasting.md, "TimesFM 2.5", "Statistics and tokens". */

const TOLERANCE = 1e-6;

export interface RunningTokens {
  patches: number;
  /** [patches, 2 * patch]: values in units of the statistics so far, then flags (1 where there is no value). */
  tokens: Float32Array;
  /** For each patch, where its units come from: value = z * sigma + mu. */
  mu: Float64Array;
  sigma: Float64Array;
}

/**
 * The tokens of values, padded in front to whole patches: each patch in units of the mean and spread of all points up to
 * its end.
 * @param values without gaps; at least one
 */
export function runningTokens(values: Float64Array, patch: number): RunningTokens {
  const patches = Math.ceil(values.length / patch);
  const padding = patches * patch - values.length;
  const points = new Float32Array(patches * patch);
  points.set(values, padding);
  const tokens = new Float32Array(patches * 2 * patch);
  const mu = new Float64Array(patches);
  const sigma = new Float64Array(patches);
  let [count, mean, squares] = [0, 0, 0];
  for (let at = 0; at < patches; at++) {
    const from = at === 0 ? padding : at * patch;
    for (let index = from; index < (at + 1) * patch; index++) {
      // Welford's update; the spread so far is sqrt(squares / count).
      count++;
      const before = points[index]! - mean;
      mean += before / count;
      squares += before * (points[index]! - mean);
    }
    const spread = Math.sqrt(Math.max(0, squares) / Math.max(1, count));
    mu[at] = mean;
    sigma[at] = spread;
    writeToken(tokens, points, { at, patch, from, mean, divisor: spread < TOLERANCE ? 1 : spread });
  }
  return { patches, tokens, mu, sigma };
}

interface TokenPlace {
  at: number;
  patch: number;
  /** The first point of the patch that is not padding. */
  from: number;
  mean: number;
  divisor: number;
}

function writeToken(tokens: Float32Array, points: Float32Array, { at, patch, from, mean, divisor }: TokenPlace): void {
  const place = at * 2 * patch;
  for (let index = at * patch; index < (at + 1) * patch; index++) {
    const inPatch = index - at * patch;
    if (index < from) tokens[place + patch + inPatch] = 1;
    else tokens[place + inPatch] = (points[index]! - mean) / divisor;
  }
}

/** cos and sin of the rotation of each place: place / 10000^(2i/d), i below d/2; in f32, as the network was trained. */
export function rotationTables(patches: number, headSize: number): { cosine: Float32Array; sine: Float32Array } {
  const half = headSize / 2;
  const cosine = new Float32Array(patches * half);
  const sine = new Float32Array(patches * half);
  for (let index = 0; index < half; index++) {
    const timescale = Math.fround(10_000 ** Math.fround((2 * index) / headSize));
    for (let place = 0; place < patches; place++) {
      const angle = Math.fround(place / timescale);
      cosine[place * half + index] = Math.cos(angle);
      sine[place * half + index] = Math.sin(angle);
    }
  }
  return { cosine, sine };
}
