import { UsageError } from "../../../platform/errors";
import type { ByteSource } from "./byteSource";
import { type Checkpoint, countOf, FLOAT_BYTES, type FloatType, type TensorPlace } from "./checkpoint";
import { isKind, type PickleMap, type PickleTensor, type PickleValue, readPickle } from "./pickle";
import { readZipDirectory, type ZipMember } from "./zipDirectory";

const STORAGE_TYPES: Readonly<Record<string, FloatType>> = {
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
};

const PICKLE_MEMBER = "/data.pkl";
const MAX_PICKLE_BYTES = 64 * 1024 * 1024;

/**
 * The tensors of a file that torch saved since its version 1.6: a zip file with a pickle that says which tensor stands
 * in which member (docs/forecasting.md, "Checkpoints").
 * @throws UsageError when the file is damaged, or holds anything but tensors of f32, f16 or bf16.
 */
export function readTorchZip(source: ByteSource): Checkpoint {
  const members = readZipDirectory(source);
  const pickleName = [...members.keys()].find((name) => name.endsWith(PICKLE_MEMBER));
  if (pickleName === undefined) throw new UsageError(`${source.path} is a zip file without ${PICKLE_MEMBER.slice(1)}.`);
  const folder = pickleName.slice(0, -PICKLE_MEMBER.length);
  refuseBigEndian(source, members.get(`${folder}/byteorder`));
  const pickle = members.get(pickleName)!;
  if (pickle.byteLength > MAX_PICKLE_BYTES) {
    throw new UsageError(
      `${source.path}: its pickle has ${pickle.byteLength} bytes, the limit is ${MAX_PICKLE_BYTES}.`,
    );
  }
  const value = readPickle(source.path, source.read(pickle.offset, pickle.byteLength, "the pickle"));
  const tensors = new Map<string, TensorPlace>();
  for (const [name, tensor] of dictionaryOf(source, value).entries) {
    if (!isKind(tensor, "tensor")) continue;
    tensors.set(name, placeOf(source, name, tensor, members.get(`${folder}/data/${tensor.storage.key}`)));
  }
  return { path: source.path, format: "torch-zip", tensors };
}

function refuseBigEndian(source: ByteSource, member: ZipMember | undefined): void {
  if (member === undefined) return;
  const order = source.read(member.offset, Math.min(member.byteLength, 16), "the byte order").toString("utf8");
  if (order !== "little") throw new UsageError(`${source.path} is ${JSON.stringify(order)} endian; expected little.`);
}

/** The dictionary of tensors: the value itself, or what it has under `state_dict`. */
function dictionaryOf({ path }: ByteSource, value: PickleValue): PickleMap {
  if (isKind(value, "map")) {
    const inner = value.entries.get("state_dict");
    if (inner === undefined) return value;
    if (isKind(inner, "map")) return inner;
  }
  throw new UsageError(`${path} holds no dictionary of tensors.`);
}

function placeOf(source: ByteSource, name: string, tensor: PickleTensor, member: ZipMember | undefined): TensorPlace {
  const type = STORAGE_TYPES[tensor.storage.type];
  const named = `${source.path}: tensor ${JSON.stringify(name)}`;
  if (type === undefined)
    throw new UsageError(`${named} has storage ${tensor.storage.type}; expected f32, f16 or bf16.`);
  if (member === undefined) throw new UsageError(`${named} has its values in a member that is not there.`);
  if (!isContiguous(tensor)) throw new UsageError(`${named} is not stored row by row; save a contiguous copy.`);
  const byteLength = countOf(tensor.shape) * FLOAT_BYTES[type];
  const from = tensor.offset * FLOAT_BYTES[type];
  if (from + byteLength > member.byteLength) throw new UsageError(`${named} ends outside its storage.`);
  return { type, shape: tensor.shape, offset: member.offset + from, byteLength };
}

function isContiguous({ shape, strides }: PickleTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return strides.length === shape.length;
}
