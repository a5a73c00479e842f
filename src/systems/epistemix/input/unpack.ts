import { Unzip, UnzipInflate } from "fflate";

/** What is wrong with an uploaded input, told to whoever uploaded it. */
export class InputFault extends Error {
  override readonly name = "InputFault";
}

const MAX_FILES = 1000;
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;
const MAX_NAME_CHARACTERS = 512;
/** So much of the ZIP is inflated between two looks at how much came out of it. */
const CHUNK_BYTES = 64 * 1024;

/**
 * The text files of an uploaded ZIP by their paths. Bytes are counted as they inflate, whatever the ZIP says of itself;
 * files that are no UTF-8 are left out, but for models.
 * @throws InputFault for a name that leads out, too many files or bytes, or what is no ZIP.
 */
export function unpackInput(zip: Uint8Array): Record<string, string> {
  const contents = new Map<string, Uint8Array[]>();
  let sizeBytes = 0;
  const unzip = new Unzip((file) => {
    const name = checkedName(file.name);
    if (name.endsWith("/")) return;
    if (contents.has(name)) throw new InputFault(`The input holds ${JSON.stringify(name)} twice.`);
    if (contents.size >= MAX_FILES) throw new InputFault(`The input holds more than ${MAX_FILES} files.`);
    const chunks: Uint8Array[] = [];
    contents.set(name, chunks);
    file.ondata = (error, chunk) => {
      if (error) throw new InputFault(`${JSON.stringify(name)} in the input cannot be inflated: ${error.message}.`);
      sizeBytes += chunk.byteLength;
      if (sizeBytes > MAX_INPUT_BYTES) {
        throw new InputFault(`The input inflates to more than ${MAX_INPUT_BYTES} bytes.`);
      }
      chunks.push(chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  inflateAll(unzip, zip);
  if (contents.size === 0) throw new InputFault("The input is no ZIP with files in it.");
  return textsOf(contents);
}

function inflateAll(unzip: Unzip, zip: Uint8Array): void {
  try {
    for (let at = 0; at < zip.byteLength; at += CHUNK_BYTES) {
      unzip.push(zip.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= zip.byteLength);
    }
  } catch (error) {
    if (error instanceof InputFault) throw error;
    throw new InputFault(`The input is no ZIP that can be read: ${error instanceof Error ? error.message : error}.`);
  }
}

function checkedName(name: string): string {
  const segments = name.split("/");
  const leadsOut = name.startsWith("/") || /^[A-Za-z]:/.test(name) || segments.includes("..");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  const isPlain = name !== "" && name.length <= MAX_NAME_CHARACTERS && !/[\u0000-\u001f\\]/.test(name);
  if (!leadsOut && isPlain) return name;
  throw new InputFault(
    `The input holds a file with the name ${JSON.stringify(name.slice(0, 80))}, which is not taken.`,
  );
}

function textsOf(contents: ReadonlyMap<string, Uint8Array[]>): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [name, chunks] of contents) {
    try {
      texts.push([name, new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))]);
    } catch {
      if (name.endsWith(".fred")) throw new InputFault(`${JSON.stringify(name)} in the input is no UTF-8 text.`);
    }
  }
  return Object.fromEntries(texts);
}
