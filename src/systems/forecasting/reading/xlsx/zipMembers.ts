import { Unzip, UnzipInflate } from "fflate";
import { RequestError } from "../../../../platform/errors";

/** What the members of one workbook may come to when they are inflated, together. */
const MAX_INFLATED_BYTES = 256 * 1024 * 1024;
const MAX_MEMBERS = 10_000;
/** So much is inflated between two looks at how much came out; at most a thousand times as many bytes come out of it. */
const CHUNK_BYTES = 16 * 1024;

/**
 * The members of a zip file that are wanted, as text. Bytes are counted as they inflate, whatever the file says of itself.
 * @throws RequestError 413 over the limit, 422 for what is no sound zip file
 */
export function zipMembers(
  zip: Uint8Array,
  isWanted: (name: string) => boolean,
  maxInflatedBytes = MAX_INFLATED_BYTES,
): Map<string, string> {
  const contents = new Map<string, Uint8Array[]>();
  let [members, inflated] = [0, 0];
  const unzip = new Unzip((file) => {
    if (++members > MAX_MEMBERS) throw new RequestError(413, `The workbook holds more than ${MAX_MEMBERS} members.`);
    if (!isWanted(file.name) || contents.has(file.name)) return;
    const chunks: Uint8Array[] = [];
    contents.set(file.name, chunks);
    file.ondata = (error, chunk) => {
      if (error) throw error;
      inflated += chunk.length;
      if (inflated > maxInflatedBytes) {
        throw new RequestError(413, `The workbook inflates to more than ${maxInflatedBytes} bytes: save it as CSV.`);
      }
      chunks.push(chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < zip.length; at += CHUNK_BYTES) {
      unzip.push(zip.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= zip.length);
    }
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError(422, "The workbook is a damaged zip file: save it anew.");
  }
  return new Map([...contents].map(([name, chunks]) => [name, new TextDecoder().decode(Buffer.concat(chunks))]));
}
