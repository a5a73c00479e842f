import { z } from "zod";
import { UsageError } from "../../../../platform/errors";
import { type Checkpoint, countLayers, sizeOf } from "../../checkpoint/checkpoint";
import { type Layout, layoutOf } from "./names";

/** The sizes of a TimesFM 1.0 or 2.0 network (docs/forecasting.md, "TimesFM 1.0 and 2.0"). */
export interface TimesfmShape {
  layout: Layout;
  layers: number;
  width: number;
  heads: number;
  headSize: number;
  /** Points of a patch that goes in. */
  patch: number;
  /** Points that one step puts out. */
  outputPatch: number;
  /** Values for each of these points: the mean, then the quantiles. */
  columns: number;
  quantiles: readonly number[];
  /** The longest context, in points. */
  maxContext: number;
  /** Whether a sinusoid is added by position, as 1.0 does. */
  positional: boolean;
  minTimescale: number;
  maxTimescale: number;
}

const positive = z.number().int().positive().max(1_000_000);

/** What is taken of `config.json`; whatever it leaves out is read from the tensors' shapes. */
const configSchema = z.object({
  context_length: positive.optional(),
  quantiles: z.array(z.number().gt(0).lt(1)).min(1).max(99).optional(),
  use_positional_embedding: z.boolean().optional(),
  min_timescale: z.number().positive().optional(),
  max_timescale: z.number().positive().optional(),
});

const DEFAULT_QUANTILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** The one size of 1.0 has so many layers; that of 2.0 has 50. */
const LAYERS_OF_1 = 20;
const CONTEXT_OF_1 = 512;
const CONTEXT_OF_2 = 2048;

/**
 * The sizes, from the tensors and the configuration.
 * @throws UsageError when they contradict each other.
 */
export function timesfmShape(checkpoint: Checkpoint, config: unknown): TimesfmShape {
  const parsed = configSchema.safeParse(config ?? {});
  if (!parsed.success) throw new UsageError(`config.json: ${z.prettifyError(parsed.error)}`);
  const layout = layoutOf(checkpoint)!;
  const size = (name: string, axis: number) => sizeOf(checkpoint, name, axis);
  const quantiles = parsed.data.quantiles ?? DEFAULT_QUANTILES;
  const width = size(layout.frequency, 1);
  const layers = countLayers(checkpoint, (index) => layout.layer(index).scaling);
  const headSize = size(layout.layer(0).scaling, 0);
  const columns = 1 + quantiles.length;
  const outputs = size(`${layout.head.output}.weight`, 0);
  const patch = size(`${layout.tokenizer.hidden}.weight`, 1) / 2;
  if (width % headSize !== 0 || outputs % columns !== 0 || !Number.isInteger(patch)) {
    throw new UsageError(
      `${checkpoint.path}: a width of ${width}, heads of ${headSize}, ${outputs} outputs for ${columns} columns do not fit together.`,
    );
  }
  const positional = parsed.data.use_positional_embedding ?? layers === LAYERS_OF_1;
  return {
    layout,
    layers,
    width,
    heads: width / headSize,
    headSize,
    patch,
    outputPatch: outputs / columns,
    columns,
    quantiles,
    maxContext: Math.max(parsed.data.context_length ?? 0, positional ? CONTEXT_OF_1 : CONTEXT_OF_2),
    positional,
    minTimescale: parsed.data.min_timescale ?? 1,
    maxTimescale: parsed.data.max_timescale ?? 10_000,
  };
}
