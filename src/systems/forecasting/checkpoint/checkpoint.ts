/**
 * What is known of a file of weights without reading them: where each tensor stands, so that a graph can point into the
 * file (docs/forecasting.md, "Checkpoints").
 */

/** Floating point as checkpoints store it, little endian. */
export type FloatType = "F32" | "F16" | "BF16";

/** Where the values of a tensor stand in its file, row by row without gaps. */
export interface TensorPlace {
  /** One of {@link FloatType}, or a type that no graph of ours takes. */
  type: string;
  shape: readonly number[];
  /** From the beginning of the file. */
  offset: number;
  byteLength: number;
}

export interface Checkpoint {
  path: string;
  format: "safetensors" | "torch-zip";
  tensors: ReadonlyMap<string, TensorPlace>;
}

/** Bytes of one value. */
export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { F32: 4, F16: 2, BF16: 2 };

export function isFloatType(type: string): type is FloatType {
  return type in FLOAT_BYTES;
}

/** How many values a tensor of that shape has; 1 for a scalar. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** How many values all tensors of a checkpoint have. */
export function parameterCountOf({ tensors }: Checkpoint): number {
  return [...tensors.values()].reduce((sum, { shape }) => sum + countOf(shape), 0);
}
