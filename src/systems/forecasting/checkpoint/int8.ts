import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Checkpoint, FLOAT_BYTES } from "./checkpoint";
import { floatTensor, readTensor } from "./openCheckpoint";

/** Where the 8-bit form of a matrix stands: int8, [in, out] row by row, and a scale of f32 for each output. */
export interface Int8Place {
  inputs: number;
  outputs: number;
  offset: number;
  scaleOffset: number;
}

/** A file of 8-bit weights, beside the checkpoint that they were made of. */
export interface Int8Weights {
  file: string;
  places: ReadonlyMap<string, Int8Place>;
}

/**
 * Bits of a weight. A processor without instructions for dot products of bytes adds two products of an unsigned and a signed
 * byte in 16 bits, and saturates: there seven bits are all that is safe.
 */
export type WeightBits = 7 | 8;

/** The bits that are safe on a processor with these features, as Linux names them. */
export function safeBits(cpuFlags: string): WeightBits {
  return /\b(avx512_vnni|avx_vnni)\b/.test(cpuFlags) ? 8 : 7;
}

const ALIGNMENT = 64;

/** Where everything will stand; it follows from the sizes alone. */
export function int8Weights(checkpoint: Checkpoint, names: readonly string[], bits: WeightBits): Int8Weights {
  const places = new Map<string, Int8Place>();
  let end = 0;
  for (const name of names) {
    const [outputs, inputs] = floatTensor(checkpoint, name).place.shape;
    const offset = aligned(end);
    const scaleOffset = aligned(offset + inputs! * outputs!);
    places.set(name, { inputs: inputs!, outputs: outputs!, offset, scaleOffset });
    end = scaleOffset + outputs! * FLOAT_BYTES.F32;
  }
  return { file: `weights.int${bits}.bin`, places };
}

/** Whether the file is there and has its size. */
export function isWritten({ path }: Checkpoint, { file, places }: Int8Weights): boolean {
  const at = join(dirname(path), file);
  return existsSync(at) && statSync(at).size === sizeOf(places);
}

/**
 * Writes the 8-bit form of the checkpoint's matrices beside it: each output's weights are divided by their largest
 * magnitude over 127 (63 with seven bits) and rounded. Takes some seconds for a large model: for a thread, not the event
 * loop.
 */
export function writeInt8Weights(checkpoint: Checkpoint, names: readonly string[], bits: WeightBits): void {
  const { file, places } = int8Weights(checkpoint, names, bits);
  const path = join(dirname(checkpoint.path), file);
  const temporary = `${path}.${crypto.randomUUID()}.part`;
  const handle = openSync(temporary, "wx");
  try {
    for (const [name, place] of places) {
      const { matrix, scales } = quantised(readTensor(checkpoint, name), place, 2 ** (bits - 1) - 1);
      writeSync(handle, matrix, 0, matrix.byteLength, place.offset);
      writeSync(handle, new Uint8Array(scales.buffer), 0, scales.byteLength, place.scaleOffset);
    }
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Outputs that are written together: the matrix is turned around, and one output after the other would miss the cache. */
const TILE = 64;

function quantised(
  values: Float32Array,
  { inputs, outputs }: Int8Place,
  most: number,
): { matrix: Int8Array; scales: Float32Array } {
  const matrix = new Int8Array(inputs * outputs);
  const scales = new Float32Array(outputs);
  const factors = new Float32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    let largest = 0;
    for (let at = output * inputs; at < (output + 1) * inputs; at++) largest = Math.max(largest, Math.abs(values[at]!));
    scales[output] = largest / most;
    factors[output] = largest === 0 ? 0 : most / largest;
  }
  for (let from = 0; from < outputs; from += TILE) {
    const to = Math.min(outputs, from + TILE);
    for (let input = 0; input < inputs; input++) {
      for (let output = from; output < to; output++) {
        matrix[input * outputs + output] = Math.round(values[output * inputs + input]! * factors[output]!);
      }
    }
  }
  return { matrix, scales };
}

function sizeOf(places: Int8Weights["places"]): number {
  return [...places.values()].reduce((end, { outputs, scaleOffset }) => {
    return Math.max(end, scaleOffset + outputs * FLOAT_BYTES.F32);
  }, 0);
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
