import { z } from "zod";
import { UsageError } from "../../../../platform/errors";
import { type Checkpoint, countLayers, sizeOf } from "../../checkpoint/checkpoint";
import { tensorNames } from "./names";

const positive = z.number().int().positive().max(1_000_000);

const chronosConfigSchema = z.object({
  context_length: positive,
  prediction_length: positive,
  input_patch_size: positive,
  input_patch_stride: positive,
  quantiles: z.array(z.number().gt(0).lt(1)).min(1).max(99),
  use_reg_token: z.literal(true),
});

/** What is taken of `config.json`. */
export const configSchema = z.object({
  chronos_config: chronosConfigSchema,
  num_heads: positive,
  relative_attention_max_distance: positive.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  dense_act_fn: z.literal("relu").default("relu"),
  is_gated_act: z.literal(false).default(false),
  decoder_start_token_id: z.number().int().nonnegative().default(0),
  reg_token_id: z.number().int().nonnegative().default(1),
});

/** The sizes of a Chronos-Bolt network (docs/forecasting.md, "Chronos-Bolt"). */
export interface ChronosBoltShape {
  encoderLayers: number;
  decoderLayers: number;
  width: number;
  heads: number;
  headSize: number;
  patch: number;
  maxContext: number;
  /** Steps that one run puts out. */
  outputSteps: number;
  quantiles: readonly number[];
  normEpsilon: number;
  /** Classes of distance between two tokens, and from which distance on all count the same. */
  distanceBuckets: number;
  maxDistance: number;
  startToken: number;
  endToken: number;
}

/** The sizes, from the tensors and the configuration. @throws UsageError when they contradict each other. */
export function chronosBoltShape(checkpoint: Checkpoint, config: unknown): ChronosBoltShape {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) throw new UsageError(`config.json of a Chronos-Bolt model: ${z.prettifyError(parsed.error)}`);
  const { chronos_config: chronos, num_heads: heads } = parsed.data;
  const { encoder, decoder, output, distanceBias } = tensorNames;
  const shape = {
    encoderLayers: countLayers(checkpoint, (layer) => encoder(layer).attention.query),
    decoderLayers: countLayers(checkpoint, (layer) => decoder(layer).self.query),
    width: sizeOf(checkpoint, tensorNames.tokens, 1),
    heads,
    headSize: sizeOf(checkpoint, encoder(0).attention.query, 0) / heads,
    patch: chronos.input_patch_size,
    maxContext: chronos.context_length,
    outputSteps: chronos.prediction_length,
    quantiles: chronos.quantiles,
    normEpsilon: parsed.data.layer_norm_epsilon,
    distanceBuckets: sizeOf(checkpoint, distanceBias, 0),
    maxDistance: parsed.data.relative_attention_max_distance,
    startToken: parsed.data.decoder_start_token_id,
    endToken: parsed.data.reg_token_id,
  };
  const outputs = sizeOf(checkpoint, `${output}.residual_layer.weight`, 0);
  const fits =
    Number.isInteger(shape.headSize) &&
    chronos.input_patch_stride === shape.patch &&
    outputs === shape.outputSteps * shape.quantiles.length &&
    sizeOf(checkpoint, `${tensorNames.input}.residual_layer.weight`, 1) === 2 * shape.patch;
  if (fits) return shape;
  throw new UsageError(
    `${checkpoint.path}: the sizes of its tensors do not fit config.json: ${JSON.stringify(shape)}.`,
  );
}
