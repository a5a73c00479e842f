/**
 * What is known of a file of weights without reading them: where each tensor stands, so that a graph can point into the
 * file (docs/forecasting.md, "Checkpoints").
 */
import { UsageError } from "../../../platform/errors";

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

/**
 * The size of a tensor along an axis.
 * @throws UsageError when the checkpoint has no such tensor, or not so many axes.
 */
export function sizeOf({ path, tensors }: Checkpoint, name: string, axis: number): number {
  const size = tensors.get(name)?.shape[axis];
  if (size !== undefined && size > 0) return size;
  throw new UsageError(`${path} has no tensor ${JSON.stringify(name)} with ${axis + 1} axes or more.`);
}

/** How many layers there are: those in a row, from 0 on, whose tensor of that name is there. */
export function countLayers({ tensors }: Checkpoint, nameOf: (layer: number) => string): number {
  let layers = 0;
  while (tensors.has(nameOf(layers))) layers++;
  return layers;
}

/** How many values all tensors of a checkpoint have. */
export function parameterCountOf({ tensors }: Checkpoint): number {
  return [...tensors.values()].reduce((sum, { shape }) => sum + countOf(shape), 0);
}
