import { Readable } from "node:stream";
import { createZstdDecompress } from "node:zlib";
import { RequestError } from "../../../platform/errors";
import { readBytes } from "../../../platform/http/input";

const CHUNK_BYTES = 256 * 1024;

/**
 * The bytes of a payload, inflated where it is compressed with zstd. Inflated bytes are counted as they come, so that a
 * small body cannot become a large one.
 * @throws RequestError 413 over `limitBytes`, 415 for another compression, 400 for a damaged body
 */
export async function payloadBytes(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  const bytes = await readBytes(request, limitBytes, "FORECAST_MAX_BODY_BYTES");
  if (encoding === "identity" || encoding === "") return bytes;
  if (encoding !== "zstd")
    throw new RequestError(415, `content-encoding ${encoding.slice(0, 40)} is not read; send zstd or plain JSON.`);
  const inflating = Readable.from([Buffer.from(bytes.buffer)]).pipe(createZstdDecompress({ chunkSize: CHUNK_BYTES }));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of inflating as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limitBytes) break;
      chunks.push(chunk);
    }
  } catch {
    throw new RequestError(400, "The body is not the zstd that its content-encoding promises.");
  }
  inflating.destroy();
  if (size > limitBytes) {
    throw new RequestError(
      413,
      `The body inflates to more than ${limitBytes} bytes (FORECAST_MAX_BODY_BYTES). Send fewer series at a time (num_partitions).`,
    );
  }
  return new Uint8Array(Buffer.concat(chunks));
}
