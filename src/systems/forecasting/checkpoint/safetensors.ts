import { z } from "zod";
import { UsageError } from "../../../platform/errors";
import type { ByteSource } from "./byteSource";
import { type Checkpoint, countOf, FLOAT_BYTES, isFloatType, type TensorPlace } from "./checkpoint";

const LENGTH_BYTES = 8;
/** The limit of the format's own library. */
const MAX_HEADER_BYTES = 100_000_000;

const size = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entry = z.object({ dtype: z.string(), shape: z.array(size).max(8), data_offsets: z.tuple([size, size]) });

/**
 * The tensors of a `.safetensors` file: a length (u64, little endian), a JSON header of that length, then the values.
 * Source: https://github.com/huggingface/safetensors, "Format".
 * @throws UsageError that says what is wrong with the file.
 */
export function readSafetensors(source: ByteSource): Checkpoint {
  const headerLength = source.read(0, LENGTH_BYTES, "the length of the header").readBigUInt64LE(0);
  if (headerLength > MAX_HEADER_BYTES) {
    throw damaged(source, `its header claims ${headerLength} bytes, the limit is ${MAX_HEADER_BYTES}`);
  }
  const dataStart = LENGTH_BYTES + Number(headerLength);
  const header = parsedHeader(source, source.read(LENGTH_BYTES, Number(headerLength), "the header"));
  const tensors = new Map<string, TensorPlace>();
  for (const [name, described] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensors.set(name, placeOf(source, dataStart, name, described));
  }
  return { path: source.path, format: "safetensors", tensors };
}

function parsedHeader(source: ByteSource, bytes: Buffer): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Told below, as any other header that is no object.
  }
  throw damaged(source, "its header is not a JSON object");
}

function placeOf(source: ByteSource, dataStart: number, name: string, described: unknown): TensorPlace {
  const parsed = entry.safeParse(described);
  if (!parsed.success) throw damaged(source, `tensor ${JSON.stringify(name)} is described wrongly`);
  const {
    dtype,
    shape,
    data_offsets: [begin, end],
  } = parsed.data;
  const place = { type: dtype, shape, offset: dataStart + begin, byteLength: end - begin };
  if (end < begin || dataStart + end > source.size) {
    throw damaged(source, `tensor ${JSON.stringify(name)} stands outside the file`);
  }
  if (isFloatType(dtype) && countOf(shape) * FLOAT_BYTES[dtype] !== place.byteLength) {
    const wanted = `${shape.join(" x ")} of ${dtype}`;
    throw damaged(source, `tensor ${JSON.stringify(name)} is ${wanted} and has ${place.byteLength} bytes`);
  }
  return place;
}

function damaged({ path }: ByteSource, what: string): UsageError {
  return new UsageError(`${path} is not a sound .safetensors file: ${what}.`);
}
