import { z } from "zod";
import { UsageError } from "../../../../platform/errors";
import { type Checkpoint, countLayers, sizeOf } from "../../checkpoint/checkpoint";
import { tensorNames } from "./names";

/** The sizes of a TimesFM 2.5 network (docs/forecasting.md, "TimesFM 2.5"). */
export interface Timesfm25Shape {
  layers: number;
  width: number;
  heads: number;
  headSize: number;
  patch: number;
  outputPatch: number;
  /** Steps that the head of spreads reaches. */
  spreadSteps: number;
  /** Values for each point: the mean, then the quantiles. */
  columns: number;
  quantiles: readonly number[];
  /** Points of context and forecast together. */
  maxLength: number;
}

const positive = z.number().int().positive().max(1_000_000);

const configSchema = z.object({
  context_limit: positive.optional(),
  quantiles: z.array(z.number().gt(0).lt(1)).min(1).max(99).optional(),
});

const DEFAULT_QUANTILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const DEFAULT_MAX_LENGTH = 16_384;

/** The sizes, from the tensors and the configuration. @throws UsageError when they contradict each other. */
export function timesfm25Shape(checkpoint: Checkpoint, config: unknown): Timesfm25Shape {
  const parsed = configSchema.safeParse(config ?? {});
  if (!parsed.success) throw new UsageError(`config.json: ${z.prettifyError(parsed.error)}`);
  const quantiles = parsed.data.quantiles ?? DEFAULT_QUANTILES;
  const columns = 1 + quantiles.length;
  const { tokenizer, pointHead, spreadHead, layer } = tensorNames;
  const width = sizeOf(checkpoint, `${tokenizer.residual}.weight`, 0);
  const headSize = sizeOf(checkpoint, layer(0).scaling, 0);
  const shape = {
    layers: countLayers(checkpoint, (index) => layer(index).scaling),
    width,
    heads: width / headSize,
    headSize,
    patch: sizeOf(checkpoint, `${tokenizer.residual}.weight`, 1) / 2,
    outputPatch: sizeOf(checkpoint, `${pointHead.residual}.weight`, 0) / columns,
    spreadSteps: sizeOf(checkpoint, `${spreadHead.residual}.weight`, 0) / columns,
    columns,
    quantiles,
    maxLength: parsed.data.context_limit ?? DEFAULT_MAX_LENGTH,
  };
  const { heads, patch, outputPatch, spreadSteps } = shape;
  const fits = [heads, patch, outputPatch, outputPatch / patch, spreadSteps, headSize / 2].every(Number.isInteger);
  if (fits) return shape;
  throw new UsageError(
    `${checkpoint.path}: the sizes of its tensors do not fit ${columns} columns: ${JSON.stringify(shape)}.`,
  );
}
