import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "../clock";
import { RequestError } from "../errors";
import type { BlobContent, BlobFacts, BlobLink, BlobStore } from "./blobs";
import { checkedKey } from "./key";
import { signedPath } from "./signature";

export interface FolderOptions {
  /** Absolute path; made when the first blob comes. */
  folder: string;
  /** Signs links; derived for this purpose alone. */
  key: Uint8Array;
  clock: Clock;
}

/** The part of a name that says that the file is not whole yet; no key can hold it. */
const UNFINISHED = ".part~";
const DISK_RETRY_AFTER_S = 30;

/** Blobs as files of a folder: written beside their place, synchronised, then renamed into it. */
export function folderBlobs({ folder, key: signingKey, clock }: FolderOptions): BlobStore {
  const pathOf = (key: string) => join(folder, checkedKey(key));

  async function put(key: string, content: BlobContent, maxBytes = Infinity): Promise<BlobFacts> {
    const path = pathOf(key);
    const unfinished = `${path}.${crypto.randomUUID()}${UNFINISHED}`;
    await mkdir(dirname(path), { recursive: true });
    try {
      const facts = await writeWhole(unfinished, content, maxBytes);
      await rename(unfinished, path);
      await synchroniseFolder(dirname(path));
      return facts;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw isFull(error) ? diskFull(error) : error;
    }
  }

  async function sizeOf(path: string): Promise<number | undefined> {
    try {
      const found = await stat(path);
      return found.isFile() ? found.size : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  return {
    put,
    async get(key) {
      const path = pathOf(key);
      const sizeBytes = await sizeOf(path);
      if (sizeBytes === undefined) return undefined;
      const body = Bun.file(path);
      return { sizeBytes, body, bytes: () => body.bytes() };
    },
    async stat(key) {
      const sizeBytes = await sizeOf(pathOf(key));
      return sizeBytes === undefined ? undefined : { sizeBytes };
    },
    delete: (key) => rm(pathOf(key), { force: true }),
    deleteUnder: (segments) => rm(pathOf(segments), { recursive: true, force: true }),
    presign: (link: BlobLink) =>
      `${link.origin}${signedPath(signingKey, { ...link, expiresAtS: Math.floor(clock.now() / 1000) + link.ttlS })}`,
  };
}

/** Writes the content to a new file and synchronises it. @throws RequestError 413 beyond `maxBytes` */
export async function writeWhole(path: string, content: BlobContent, maxBytes: number): Promise<BlobFacts> {
  const md5 = new Bun.CryptoHasher("md5");
  let sizeBytes = 0;
  const file = await open(path, "wx");
  try {
    for await (const chunk of chunksOf(content)) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      md5.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, md5: md5.digest("hex") };
}

function chunksOf(content: BlobContent): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return content instanceof Uint8Array ? [content] : content;
}

/** A renamed file is there after a power loss only when its folder is on the disk too. */
async function synchroniseFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function tooLarge(maxBytes: number): RequestError {
  return new RequestError(413, `The content is larger than ${maxBytes} bytes. Send less, or raise BLOB_MAX_BYTES.`);
}

function diskFull(cause: unknown): RequestError {
  const told = new RequestError(503, "The disk of the data folder is full; nothing was kept. Free some space.", {
    retryAfterS: DISK_RETRY_AFTER_S,
  });
  told.cause = cause;
  return told;
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}

function isAbsent(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
}

function isFull(error: unknown): boolean {
  return codeOf(error) === "ENOSPC" || codeOf(error) === "EDQUOT";
}
