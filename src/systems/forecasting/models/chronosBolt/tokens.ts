/** What the network sees of a window; docs/forecasting.md, "Chronos-Bolt". */
import { MASKED } from "../../onnx/causalMask";
import type { ChronosBoltShape } from "./shape";

/** What a series that does not vary is divided by. */
const FLAT_SCALE = 1e-5;

export interface BoltTokens {
  patches: number;
  /** [patches, 2 * patch]: values in units of the statistics, 0 where missing, then 1 where there is a value. */
  tokens: Float32Array;
  /** [patches + 1]: what is added to the logits of each key; the last is the token that ends the context. */
  keyMask: Float32Array;
  /** value = z * scale + location. */
  location: number;
  scale: number;
}

/**
 * The tokens of a window, in front of which whole patches are made up. Patches before the first value do not exist; those
 * between are masked. A window with nothing in it is one masked patch.
 * @param window NaN where a value is missing; infinities count as missing
 */
export function boltTokens(window: Float64Array, patch: number): BoltTokens {
  const first = window.findIndex(Number.isFinite);
  const patches = Math.max(1, Math.ceil((window.length - Math.max(0, first)) / patch));
  const points = new Float32Array(patches * patch).fill(Number.NaN);
  const kept = first < 0 ? new Float64Array() : window.subarray(Math.max(0, window.length - points.length));
  points.set(kept, points.length - kept.length);
  const { location, scale } = statistics(points);
  const tokens = new Float32Array(patches * 2 * patch);
  const keyMask = new Float32Array(patches + 1).fill(MASKED, 0, patches);
  for (let index = 0; index < points.length; index++) {
    if (!Number.isFinite(points[index])) continue;
    const at = Math.floor(index / patch);
    const place = at * 2 * patch + (index % patch);
    tokens[place] = (points[index]! - location) / scale;
    tokens[place + patch] = 1;
    keyMask[at] = 0;
  }
  return { patches, tokens, keyMask, location, scale };
}

function statistics(points: Float32Array): { location: number; scale: number } {
  const present = points.filter(Number.isFinite);
  if (present.length === 0) return { location: 0, scale: 1 };
  const location = present.reduce((sum, value) => sum + value, 0) / present.length;
  const squares = present.reduce((sum, value) => sum + (value - location) ** 2, 0);
  return { location, scale: Math.sqrt(squares / present.length) || FLAT_SCALE };
}

/**
 * What is added to the encoder's logits for the distance between two tokens, [heads, tokens, tokens].
 * Source: C. Raffel et al., "Exploring the limits of transfer learning with a unified text-to-text transformer", 2.1.
 * @param table what was learned, [buckets, heads]
 */
export function distanceBias(table: Float32Array, tokens: number, shape: ChronosBoltShape): Float32Array {
  const { heads } = shape;
  const bias = new Float32Array(heads * tokens * tokens);
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key < tokens; key++) {
      const bucket = bucketOf(key - query, shape);
      for (let head = 0; head < heads; head++) {
        bias[(head * tokens + query) * tokens + key] = table[bucket * heads + head]!;
      }
    }
  }
  return bias;
}

/** Half of the buckets are for keys that come later; of each half the first half is exact, the rest grows by ratios. */
function bucketOf(distance: number, { distanceBuckets, maxDistance }: ChronosBoltShape): number {
  const half = distanceBuckets / 2;
  const exact = half / 2;
  const side = distance > 0 ? half : 0;
  const apart = Math.abs(distance);
  if (apart < exact) return side + apart;
  const steps = (Math.log(apart / exact) / Math.log(maxDistance / exact)) * (half - exact);
  return side + Math.min(half - 1, exact + Math.floor(steps));
}
