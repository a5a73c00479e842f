import { UsageError } from "../../../platform/errors";
import { type ByteSource, withFile } from "./byteSource";
import { type Checkpoint, countOf, type FloatType, isFloatType, type TensorPlace } from "./checkpoint";
import { widened } from "./floats";
import { readSafetensors } from "./safetensors";
import { readTorchZip } from "./torchZip";

const ZIP_MAGIC = 0x04034b50;
const PICKLE_MAGIC = 0x80;

/**
 * Looks at a file of weights: which tensors it has and where they stand. Nothing in it is run.
 * @throws UsageError when it is none of the forms that are understood, or damaged.
 */
export function openCheckpoint(path: string): Checkpoint {
  return withFile(path, (source) => {
    const head = source.read(0, Math.min(source.size, 4), "the beginning");
    if (head.length < 4) throw new UsageError(`${path} has ${source.size} bytes; that is no file of weights.`);
    if (head.readUInt32LE(0) === ZIP_MAGIC) return readTorchZip(source);
    if (head[0] === PICKLE_MAGIC && head[1]! <= 5 && !looksLikeSafetensors(source)) {
      throw new UsageError(
        `${path} is in the form that torch wrote before its version 1.6, which is not read. ` +
          "Load it with torch and save it anew, or use the .safetensors file.",
      );
    }
    return readSafetensors(source);
  });
}

/** A header may by chance be as long as the first byte of a pickle says; a brace then follows. */
function looksLikeSafetensors(source: ByteSource): boolean {
  return source.size > 8 && source.read(8, 1, "the header")[0] === 0x7b;
}

/**
 * The values of one tensor, widened to f32.
 * @throws UsageError when the checkpoint has no such tensor, or not of floating point.
 */
export function readTensor(checkpoint: Checkpoint, name: string): Float32Array {
  const { type, place } = floatTensor(checkpoint, name);
  return withFile(checkpoint.path, (source) => {
    return widened(type, source.read(place.offset, place.byteLength, `tensor ${name}`), countOf(place.shape));
  });
}

/** Where a tensor stands, and its type. @throws UsageError as {@link readTensor}. */
export function floatTensor(checkpoint: Checkpoint, name: string): { type: FloatType; place: TensorPlace } {
  const place = checkpoint.tensors.get(name);
  if (place === undefined) throw new UsageError(`${checkpoint.path} has no tensor ${JSON.stringify(name)}.`);
  if (isFloatType(place.type)) return { type: place.type, place };
  throw new UsageError(
    `${checkpoint.path}: tensor ${JSON.stringify(name)} is ${place.type}; expected F32, BF16 or F16.`,
  );
}
