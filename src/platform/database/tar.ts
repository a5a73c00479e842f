/**
 * Plain tar (POSIX 1003.1-1988 ustar, with 2001 extended headers for long paths and large files), as a stream both
 * ways: nothing but a chunk at a time is in memory.
 */

/** A regular file of an archive. When reading, `content` must be read to its end before the next file is asked for. */
export interface TarFile {
  path: string;
  sizeBytes: number;
  /** Permission bits. */
  mode: number;
  modifiedAtMs: number;
  content: AsyncIterable<Uint8Array>;
}

const BLOCK = 512;
const NAME_BYTES = 100;
/** The largest size that eleven octal digits say. */
const MAX_OCTAL = 8 ** 11 - 1;
const MAX_EXTENDED_BYTES = 64 * 1024;
const PERMISSIONS = 0o777;

const REGULAR = "0";
const EXTENDED = "x";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The archive's bytes. @throws Error when a file's content is not as long as it said. */
export async function* writeTar(files: AsyncIterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const file of files) {
    const extended = extendedRecords(file);
    if (extended.length > 0) {
      yield header({ ...file, path: "extended", sizeBytes: extended.length }, EXTENDED);
      yield extended;
      yield padding(extended.length);
    }
    yield header(file, REGULAR);
    yield* exactly(file);
    yield padding(file.sizeBytes);
  }
  yield new Uint8Array(2 * BLOCK);
}

async function* exactly({ path, sizeBytes, content }: TarFile): AsyncGenerator<Uint8Array> {
  let left = sizeBytes;
  for await (const chunk of content) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new Error(`${path} changed its size while it was read.`);
}

function extendedRecords({ path, sizeBytes }: TarFile): Uint8Array {
  let records = "";
  if (encoder.encode(path).length > NAME_BYTES) records += extendedRecord("path", path);
  if (sizeBytes > MAX_OCTAL) records += extendedRecord("size", String(sizeBytes));
  return encoder.encode(records);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits too. */
function extendedRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = encoder.encode(rest).length;
  let length = restBytes + String(restBytes).length;
  if (String(length).length !== String(restBytes).length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}

function header({ path, sizeBytes, mode, modifiedAtMs }: Omit<TarFile, "content">, type: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, text: string) => block.set(encoder.encode(text), offset);
  const octal = (value: number, digits: number) => Math.floor(value).toString(8).padStart(digits, "0");
  block.set(encoder.encode(path).subarray(0, NAME_BYTES), 0);
  put(100, octal(mode & PERMISSIONS, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(sizeBytes <= MAX_OCTAL ? sizeBytes : 0, 11));
  put(136, octal(modifiedAtMs / 1000, 11));
  put(156, type);
  put(257, "ustar\u000000");
  put(148, `${octal(checksum(block), 6)}\0 `);
  return block;
}

/** The sum of all bytes, those of the sum itself (148 to 155) counted as spaces. */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : block[i]!;
  return sum;
}

function padding(sizeBytes: number): Uint8Array {
  return new Uint8Array((BLOCK - (sizeBytes % BLOCK)) % BLOCK);
}

/**
 * The files of an archive, one after another.
 * @throws Error when the archive is cut off or damaged, or holds anything but regular files.
 */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const source = byteSource(bytes);
  for (;;) {
    const first = await source.take(BLOCK);
    if (first.every((byte) => byte === 0)) return source.drain();
    const { file, type } = parseHeader(first);
    if (type === REGULAR) {
      yield* readFile(source, file);
      continue;
    }
    if (type !== EXTENDED) throw new Error(`${file.path} is not a regular file (type ${type}).`);
    const { path, sizeBytes } = await readExtended(source, file.sizeBytes);
    const named = parseHeader(await source.take(BLOCK));
    if (named.type !== REGULAR) throw new Error("An extended header is followed by no regular file.");
    yield* readFile(source, {
      ...named.file,
      path: path ?? named.file.path,
      sizeBytes: sizeBytes ?? named.file.sizeBytes,
    });
  }
}

async function* readFile(source: ByteSource, file: Omit<TarFile, "content">): AsyncGenerator<TarFile> {
  let left = file.sizeBytes;
  async function* content(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const chunk = await source.some(left);
      left -= chunk.length;
      yield chunk;
    }
  }
  yield { ...file, content: content() };
  if (left !== 0) throw new Error(`${file.path} was not read to its end.`);
  await source.take(padding(file.sizeBytes).length);
}

async function readExtended(source: ByteSource, length: number): Promise<{ path?: string; sizeBytes?: number }> {
  if (length > MAX_EXTENDED_BYTES)
    throw new Error(`An extended header of ${length} bytes; the limit is ${MAX_EXTENDED_BYTES}.`);
  const records = decoder.decode(await source.take(length));
  await source.take(padding(length).length);
  const found: { path?: string; sizeBytes?: number } = {};
  for (const record of records.split("\n")) {
    const [, key, value] = /^\d+ (path|size)=(.*)$/.exec(record) ?? [];
    if (key === "path" && value !== undefined) found.path = value;
    if (key === "size" && value !== undefined) found.sizeBytes = wholeNumber(value, 10);
  }
  return found;
}

function parseHeader(block: Uint8Array): { file: Omit<TarFile, "content">; type: string } {
  const field = (from: number, to: number) => decoder.decode(block.subarray(from, to)).split("\0")[0]!.trim();
  if (wholeNumber(field(148, 156), 8) !== checksum(block)) throw new Error("A header's checksum is wrong.");
  const prefix = field(345, 500);
  const file = {
    path: prefix === "" ? field(0, NAME_BYTES) : `${prefix}/${field(0, NAME_BYTES)}`,
    mode: wholeNumber(field(100, 108), 8) & PERMISSIONS,
    sizeBytes: wholeNumber(field(124, 136), 8),
    modifiedAtMs: wholeNumber(field(136, 148), 8) * 1000,
  };
  return { file, type: field(156, 157) || REGULAR };
}

function wholeNumber(text: string, radix: 8 | 10): number {
  const value = (radix === 8 ? /^[0-7]+$/ : /^[0-9]+$/).test(text) ? Number.parseInt(text, radix) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new Error(`Expected a number in a header, got ${JSON.stringify(text)}.`);
  return value;
}

interface ByteSource {
  /** Exactly so many bytes. */
  take(count: number): Promise<Uint8Array>;
  /** At least one byte and at most so many. */
  some(limit: number): Promise<Uint8Array>;
  /** Reads on to the end, so that whatever stands behind the source checks the whole of it. */
  drain(): Promise<void>;
}

function byteSource(bytes: AsyncIterable<Uint8Array>): ByteSource {
  const chunks = bytes[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);

  async function some(limit: number): Promise<Uint8Array> {
    while (held.length === 0) {
      const next = await chunks.next();
      if (next.done) throw new Error("The archive is cut off.");
      held = next.value;
    }
    const part = held.subarray(0, limit);
    held = held.subarray(part.length);
    return part;
  }

  async function take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      const part = await some(count - filled);
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  async function drain(): Promise<void> {
    for (let done: boolean | undefined = false; !done; ) done = (await chunks.next()).done;
  }

  return { take, some, drain };
}
