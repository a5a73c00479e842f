import { existsSync } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import type { Clock } from "../../../../platform/clock";
import { UsageError } from "../../../../platform/errors";
import { gitBlobId, sha256OfFile } from "../digest";
import type { HubFile } from "./hub";
import { type Hub, HubUnreachable, requestFrom } from "./request";

export interface DownloadOptions {
  hub: Hub;
  /** Where the hub has the file. */
  url: string;
  file: HubFile;
  /** Where it goes; what is there already is gone on from. */
  path: string;
  clock: Clock;
  /** Told how many bytes of it are here. */
  onBytes: (bytes: number) => void;
}

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

/**
 * Fetches a file, going on where an earlier try broke off, until its size and digest are those that the hub listed.
 * @throws UsageError when the hub gives something else; HubUnreachable when it breaks off too often.
 */
export async function download(options: DownloadOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = await sizeAt(options.path);
    try {
      await appendRest(options);
      break;
    } catch (error) {
      if (!(error instanceof HubUnreachable)) throw error;
      // A try that got on does not count: a long file over a bad line breaks off often.
      if ((await sizeAt(options.path)) > before) attempt = 0;
      if (attempt >= MAX_ATTEMPTS) throw error;
      await pause(options, FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
  await refuseWrongContent(options);
}

async function appendRest({ hub, url, file, path, onBytes }: DownloadOptions): Promise<void> {
  const handle = await open(path, "a");
  try {
    const found = (await handle.stat()).size;
    const have = found > file.sizeBytes ? 0 : found;
    if (have !== found) await handle.truncate(0);
    if (have === file.sizeBytes) return;
    const response = await requestFrom(hub, url, have > 0 ? { range: `bytes=${have}-` } : {});
    const from = startOf(response, have);
    if (from !== have) await handle.truncate(0);
    await appendBody(response, handle, { from, file, url, onBytes });
  } finally {
    await handle.close();
  }
}

/** Where the bytes of an answer begin: a hub need not know ranges, and then sends everything. */
function startOf(response: Response, asked: number): number {
  if (response.status !== 206) return 0;
  const from = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  return Number(from) === asked ? asked : unreadable(response);
}

function unreadable(response: Response): never {
  throw new UsageError(
    `The hub answered another range than asked: ${response.headers.get("content-range") ?? "none"}.`,
  );
}

interface Body {
  from: number;
  file: HubFile;
  url: string;
  onBytes: (bytes: number) => void;
}

async function appendBody(response: Response, handle: FileHandle, { from, file, url, onBytes }: Body): Promise<void> {
  if (response.status === 416) return handle.truncate(0);
  let have = from;
  try {
    for await (const chunk of response.body ?? []) {
      have += chunk.byteLength;
      if (have > file.sizeBytes) break;
      await handle.appendFile(chunk);
      onBytes(have);
    }
  } catch (error) {
    throw new HubUnreachable(`${url} broke off at byte ${have}`, { cause: error });
  }
  if (have < file.sizeBytes) throw new HubUnreachable(`${url} ended at byte ${have} of ${file.sizeBytes}`);
  if (have === file.sizeBytes) return;
  await handle.truncate(0);
  throw new UsageError(`${url} sends more than the ${file.sizeBytes} bytes that the hub listed; nothing was kept.`);
}

async function refuseWrongContent({ path, file, url }: DownloadOptions): Promise<void> {
  const [expected, got] =
    file.sha256 === undefined
      ? [`git blob ${file.gitBlobId}`, `git blob ${gitBlobId(await readFile(path))}`]
      : [`sha256 ${file.sha256}`, `sha256 ${await sha256OfFile(path)}`];
  if (expected === got) return;
  const handle = await open(path, "r+");
  await handle.truncate(0);
  await handle.close();
  throw new UsageError(
    `${url} is not what the hub listed: expected ${expected}, got ${got}. Nothing was kept; try again.`,
  );
}

async function sizeAt(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).size : 0;
}

function pause({ clock, hub }: DownloadOptions, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(hub.signal!.reason);
    clock.after(delayMs, () => {
      hub.signal?.removeEventListener("abort", stop);
      resolve();
    });
    hub.signal?.addEventListener("abort", stop, { once: true });
  });
}
