import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { messageOf } from "../../../../platform/errors";
import { RefusedAddress } from "../../../../platform/http/outside/checked";
import { getOutside } from "../../../../platform/http/outside/get";
import { MAX_FILE_BYTES } from "../../reading/table";
import { dataError } from "../faults";
import { outside, placeOf } from "./place";

export interface FetchOptions {
  /** The folder that stands for `data` of the original. */
  dataRoot: string;
  /** Whether addresses of this machine and of private networks are fetched. */
  allowPrivate: boolean;
}

const URL_TIMEOUT_MS = 30_000;

/**
 * The bytes of a source.
 * @throws ServiceError 400 for what is outside or no file, 404 for what is not there, 413 for what is too large, 502 for an
 *   address that does not give it
 */
export async function fetchSource(source: string, options: FetchOptions, signal?: AbortSignal): Promise<Uint8Array> {
  const place = placeOf(source);
  return place.kind === "url" ? fetchUrl(place.url, options, signal) : readFile(source, place.below, options.dataRoot);
}

async function fetchUrl(url: string, { allowPrivate }: FetchOptions, signal?: AbortSignal): Promise<Uint8Array> {
  const reach = { allowPrivate, allowedBy: "FORECAST_ALLOW_PRIVATE" };
  try {
    const got = await getOutside({ url, ...reach, maxBytes: MAX_FILE_BYTES, timeoutMs: URL_TIMEOUT_MS, signal });
    return got.bytes;
  } catch (error) {
    const status = error instanceof RefusedAddress ? 400 : 502;
    throw dataError(status, `Failed to fetch data: ${messageOf(error)}`);
  }
}

async function readFile(source: string, below: string, dataRoot: string): Promise<Uint8Array> {
  const root = await realpath(dataRoot);
  const path = await realpath(join(root, below)).catch(() => {
    throw dataError(404, `Failed to load file: Local file not found: ${source}`);
  });
  if (!path.startsWith(root + sep)) throw outside(source);
  // Opened before it is looked at, so that it cannot become another; a pipe would make the opening wait.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size, isFile } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile) throw dataError(400, `Failed to load file: ${source} is no file`);
    if (size > MAX_FILE_BYTES) {
      throw dataError(413, `Failed to load file: ${source} has ${size} bytes; at most ${MAX_FILE_BYTES} are read`);
    }
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}
