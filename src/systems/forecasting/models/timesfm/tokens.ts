/** What the network sees of a window of a series; docs/forecasting.md, "TimesFM 1.0 and 2.0", "Statistics and tokens". */

/** TimesFM's marker of a missing value, as f32 holds it. */
const MISSING_MARKER = Math.fround(1123581321);

const TOLERANCE = 1e-6;
/** A patch supplies the statistics when it has so many points. */
const MIN_POINTS = 3;

/**
 * What a spread below 1e-6 counts as: `tolerance` as the newest source has it, or `one` as release 1.3.0 has it.
 */
export type FlatSpread = "tolerance" | "one";

export interface TokenWindow {
  patches: number;
  /** [patches, 2 * patch]: values in units of the statistics, then flags (1 where there is no value). */
  tokens: Float32Array;
  /** Where the network's units come from: value = z * sigma + mu. */
  mu: number;
  sigma: number;
  /** For each patch 1 when nothing in it is a value. */
  empty: Uint8Array;
}

/**
 * The tokens of a series' last values, padded in front to whole patches. Patches without any value are left out: to the
 * network they do not exist.
 * @param values without gaps; at least one
 */
export function tokenWindow(values: Float64Array, patch: number, flat: FlatSpread): TokenWindow {
  const patches = Math.ceil(values.length / patch);
  const padding = patches * patch - values.length;
  const points = new Float32Array(patches * patch);
  points.set(values, padding);
  const flags = new Uint8Array(patches * patch).fill(1, 0, padding);
  for (let index = padding; index < points.length; index++) if (points[index] === MISSING_MARKER) flags[index] = 1;
  const { mu, sigma } = statistics(points, flags, patch, flat);
  const tokens = new Float32Array(patches * 2 * patch);
  const empty = new Uint8Array(patches).fill(1);
  for (let index = 0; index < points.length; index++) {
    const at = Math.floor(index / patch);
    const place = at * 2 * patch + (index % patch);
    tokens[place + patch] = flags[index]!;
    if (flags[index] === 1) continue;
    tokens[place] = (points[index]! - mu) / sigma;
    empty[at] = 0;
  }
  return { patches, tokens, mu, sigma, empty };
}

/** Mean and spread of the first patch with enough points, else of the last patch. */
function statistics(
  points: Float32Array,
  flags: Uint8Array,
  patch: number,
  flat: FlatSpread,
): { mu: number; sigma: number } {
  const from = statisticsPatch(flags, patch) * patch;
  let count = 0;
  let sum = 0;
  for (let index = from; index < from + patch; index++) {
    if (flags[index] === 1) continue;
    count++;
    sum += points[index]!;
  }
  const mu = sum / Math.max(1, count);
  let squares = 0;
  for (let index = from; index < from + patch; index++) if (flags[index] === 0) squares += (points[index]! - mu) ** 2;
  const spread = Math.sqrt(squares / Math.max(1, count));
  if (spread >= TOLERANCE) return { mu, sigma: spread };
  return { mu, sigma: flat === "one" ? 1 : TOLERANCE };
}

function statisticsPatch(flags: Uint8Array, patch: number): number {
  const patches = flags.length / patch;
  for (let at = 0; at < patches; at++) {
    let points = 0;
    for (let index = at * patch; index < (at + 1) * patch; index++) points += 1 - flags[index]!;
    if (points >= MIN_POINTS) return at;
  }
  return patches - 1;
}
