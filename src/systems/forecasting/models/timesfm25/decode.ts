import type { RunRow } from "../../inference/row";
import type { ForecastQuery } from "../../model";
import { causalMask } from "../../onnx/causalMask";
import type { Timesfm25Shape } from "./shape";
import { type RunningTokens, rotationTables, runningTokens } from "./tokens";

/** What a decoding is made with. */
export interface Decoder {
  shape: Timesfm25Shape;
  run: RunRow;
  query: Omit<ForecastQuery, "series">;
  /** Whether the quantiles come from the head of spreads. */
  spreads: "none" | "continuous";
}

/** Every column of the network's output, in the units of what it was given. */
export interface Decoded {
  /** [horizon, columns]. */
  future: Float64Array;
  /** [points, columns], for the last points of the window, when the past was asked for. */
  past: Float64Array;
  /** [spreadSteps, columns], when the spreads were asked for. */
  spread: Float64Array;
}

/** Step after step: each puts out 128 points, whose median is appended to what the next one sees. Nothing slides out. */
export async function decode({ shape, run, query, spreads }: Decoder, values: Float64Array): Promise<Decoded> {
  const { outputPatch, columns, patch } = shape;
  const future = new Float64Array(query.horizon * columns);
  let past: Float64Array = new Float64Array();
  let spread: Float64Array = new Float64Array();
  let seen = values;
  for (let done = 0; done < query.horizon; done += outputPatch) {
    const tokens = runningTokens(seen, patch);
    const looksBack = done === 0 && query.past === "fitted";
    const wanted = {
      reach: looksBack ? tokens.patches : 1,
      spreadReach: done === 0 && spreads === "continuous" ? 1 : 0,
    };
    const outputs = await runTokens(shape, run, tokens, wanted, query.signal);
    const point = inUnits(outputs.point, tokens, wanted.reach);
    const step = point.subarray(point.length - outputPatch * columns);
    if (wanted.spreadReach === 1) spread = inUnits(outputs.spread, tokens, 1);
    if (looksBack) past = pastOf(point, tokens.patches, shape);
    future.set(step.subarray(0, (query.horizon - done) * columns), done * columns);
    seen = appended(seen, step, shape);
  }
  return { future, past, spread };
}

async function runTokens(
  { headSize, patch }: Timesfm25Shape,
  run: RunRow,
  { patches, tokens }: RunningTokens,
  { reach, spreadReach }: { reach: number; spreadReach: number },
  signal: AbortSignal | undefined,
): Promise<{ point: Float32Array; spread: Float32Array }> {
  const outputs = await run({
    own: { tokens: { shape: [patches, 2 * patch], values: tokens } },
    shared: {
      key: `${patches} ${reach} ${spreadReach}`,
      inputs() {
        const { cosine, sine } = rotationTables(patches, headSize);
        const angles = [1, patches, 1, headSize / 2];
        return {
          mask: { shape: [1, 1, patches, patches], values: causalMask(new Uint8Array(patches)) },
          cosine: { shape: angles, values: cosine },
          sine: { shape: angles, values: sine },
          reach: { shape: [reach], values: new Float32Array(reach) },
          spreadReach: { shape: [spreadReach], values: new Float32Array(spreadReach) },
        };
      },
    },
    tokens: patches,
    signal,
  });
  return { point: outputs["point"]!, spread: outputs["spread"]! };
}

/** Each of the last `reach` tokens in the units of its own statistics; rounded to f32, as what is fed back is there. */
function inUnits(outputs: Float32Array, { patches, mu, sigma }: RunningTokens, reach: number): Float64Array {
  const values = new Float64Array(outputs.length);
  const perToken = outputs.length / reach;
  for (let index = 0; index < outputs.length; index++) {
    const at = patches - reach + Math.floor(index / perToken);
    values[index] = Math.fround(outputs[index]! * sigma[at]! + mu[at]!);
  }
  return values;
}

/** What every patch but the last said of the patch after it. */
function pastOf(point: Float64Array, patches: number, { patch, outputPatch, columns }: Timesfm25Shape): Float64Array {
  const past = new Float64Array((patches - 1) * patch * columns);
  for (let at = 0; at < patches - 1; at++) {
    const said = point.subarray(at * outputPatch * columns, (at * outputPatch + patch) * columns);
    past.set(said, at * patch * columns);
  }
  return past;
}

function appended(seen: Float64Array, step: Float64Array, { columns, quantiles }: Timesfm25Shape): Float64Array {
  const median = 1 + quantiles.indexOf(0.5);
  const points = step.length / columns;
  const next = new Float64Array(seen.length + points);
  next.set(seen);
  for (let index = 0; index < points; index++) next[seen.length + index] = step[index * columns + median]!;
  return next;
}
