import { z } from "zod";
import { UsageError } from "../../../../platform/errors";
import { type Checkpoint, sizeOf } from "../../checkpoint/checkpoint";
import { tensorNames } from "./names";

const positive = z.number().int().positive().max(1_000_000);

/** What is taken of `config.json`; members that would make another network must be as they are here. */
const configSchema = z.object({
  model: z.object({
    family: z.literal("fracast"),
    W: positive.refine((length) => Number.isInteger(Math.log2(length)), "expected a power of two"),
    horizon: positive,
    quantiles: z.array(z.number().gt(0).lt(1)).min(1).max(99),
    n_stages: positive.max(20),
    dilation_base: positive,
    kernel_size: positive,
    causal: z.literal(true),
    separable_conv: z.literal(true),
    share_stages: z.literal(true),
    scale_cond: z.literal("film"),
    recency_encoding: z.literal(true),
    periodic_phase: z.literal(true),
    periodic_topk: positive,
    periodic_harmonics: z.literal(1),
    periodic_alpha: z.number().gt(0).lte(1),
    periodic_min_period: positive,
    head_kind: z.literal("gather"),
    head_layers: positive,
    head_fc_layers: positive,
    head_output_mode: z.literal("direct"),
    head_future_conv: z.literal(true),
    head_future_conv_layers: positive.default(6),
    head_future_conv_seed: positive.default(128),
    head_phase_bins: positive.default(16),
    head_seasonal_fill_mode: z.literal("phase_mean").default("phase_mean"),
  }),
  pyramid: z.object({ ratios: z.array(z.unknown()).max(0) }),
});

/** The sizes of a Fracast network (docs/forecasting.md, "Fracast"). */
export interface FracastShape {
  width: number;
  /** Points of the window; shorter series are padded in front. */
  window: number;
  /** Steps that one run puts out. */
  horizon: number;
  quantiles: readonly number[];
  kernel: number;
  /** Distances between the points that the convolutions of the window look at. */
  dilations: readonly number[];
  periods: number;
  minPeriod: number;
  significance: number;
  decoderLayers: number;
  horizonConvolutions: number;
  /** The same for the convolutions over the horizon, and how many points of the window they see before it. */
  futureDilations: readonly number[];
  seed: number;
  phaseBins: number;
}

/** The sizes, from the configuration and the tensors. @throws UsageError when they contradict each other. */
export function fracastShape(checkpoint: Checkpoint, config: unknown): FracastShape {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) throw new UsageError(`config.json of a Fracast model: ${z.prettifyError(parsed.error)}`);
  const { model } = parsed.data;
  const { dilation_base: base } = model;
  const ladder = (length: number) => Array.from({ length }, (_, index) => base ** index);
  const shape = {
    width: sizeOf(checkpoint, tensorNames.inputs.weight, 0),
    window: model.W,
    horizon: model.horizon,
    quantiles: model.quantiles,
    kernel: model.kernel_size,
    dilations: ladder(model.n_stages),
    periods: model.periodic_topk,
    minPeriod: model.periodic_min_period,
    significance: model.periodic_alpha,
    decoderLayers: model.head_layers,
    horizonConvolutions: model.head_fc_layers,
    futureDilations: ladder(model.head_future_conv_layers),
    seed: Math.min(model.head_future_conv_seed, model.W),
    phaseBins: model.head_phase_bins,
  };
  const fits =
    sizeOf(checkpoint, tensorNames.queries, 0) === shape.horizon &&
    sizeOf(checkpoint, tensorNames.outputs.weight, 0) === shape.quantiles.length &&
    sizeOf(checkpoint, tensorNames.phases.weight, 1) === 2 * shape.periods;
  if (fits) return shape;
  throw new UsageError(
    `${checkpoint.path}: the sizes of its tensors do not fit config.json: ${JSON.stringify(shape)}.`,
  );
}
