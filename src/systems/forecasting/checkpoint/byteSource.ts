import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { messageOf, UsageError } from "../../../platform/errors";

/** Reads pieces of one file. */
export interface ByteSource {
  path: string;
  size: number;
  /** @throws UsageError when the file has not so many bytes there. */
  read(offset: number, length: number, what: string): Buffer<ArrayBuffer>;
}

/**
 * Opens a file of weights for as long as `use` takes.
 * @throws UsageError when it is not a file that can be read; what `use` throws.
 */
export function withFile<Value>(path: string, use: (source: ByteSource) => Value): Value {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  }
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) throw new UsageError(`${path} is not a file.`);
    return use(sourceOf(path, file, facts.size));
  } finally {
    closeSync(file);
  }
}

function sourceOf(path: string, file: number, size: number): ByteSource {
  return {
    path,
    size,
    read(offset, length, what) {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw new UsageError(`${path} is damaged: ${what} would end at byte ${offset + length}, the file at ${size}.`);
      }
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length; ) {
        const read = readSync(file, bytes, done, length - done, offset + done);
        if (read === 0) throw new UsageError(`${path} became shorter while it was read.`);
        done += read;
      }
      return bytes;
    },
  };
}
