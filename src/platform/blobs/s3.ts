import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock";
import { messageOf, RequestError } from "../errors";
import type { BlobContent, BlobFacts, BlobLink, BlobStore } from "./blobs";
import { writeWhole } from "./folder";
import { checkedKey } from "./key";
import { presignedS3, type S3Credentials, strict } from "./s3Signature";

export interface S3Options extends S3Credentials {
  bucket: string;
  /** Of a store other than Amazon's, whose buckets are the first part of the path. */
  endpoint?: string | undefined;
  /** The same as callers reach it, where that differs. */
  publicEndpoint?: string | undefined;
  /** Where uploads that pass through this program are kept until they are whole. */
  scratch: string;
  clock: Clock;
}

/** As the original asks for it; a store without encryption of its own does not mind. */
const ENCRYPTED = { "x-amz-server-side-encryption": "AES256" };
const PUT_TTL_S = 3600;
const RETRY_AFTER_S = 10;

/** Blobs in a bucket of S3, or of a store that speaks its protocol; links lead there, past this program. */
export function s3Blobs(options: S3Options): BlobStore {
  const { accessKeyId, secretAccessKey, sessionToken, region, bucket, endpoint } = options;
  const client = new Bun.S3Client({
    accessKeyId,
    secretAccessKey,
    region,
    bucket,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(endpoint !== undefined && { endpoint }),
  });

  const linkTo = (base: string | undefined, link: Asked) => addressOf(options, base, link);

  async function put(key: string, content: BlobContent, maxBytes = Infinity): Promise<BlobFacts> {
    await mkdir(options.scratch, { recursive: true });
    const path = join(options.scratch, crypto.randomUUID());
    try {
      // The store wants the length before the bytes, and what is too large must leave nothing there.
      const facts = await writeWhole(path, content, maxBytes);
      const address = linkTo(endpoint, { key, op: "put", ttlS: PUT_TTL_S });
      const answer = await reached(bucket, () => fetch(address, { method: "PUT", body: Bun.file(path) }));
      if (!answer.ok) throw unreachable(bucket, `${answer.status} ${(await answer.text()).slice(0, 300)}`);
      return facts;
    } finally {
      await rm(path, { force: true });
    }
  }

  async function sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await client.stat(checkedKey(key))).size;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error instanceof RequestError ? error : unreachable(bucket, messageOf(error));
    }
  }

  return {
    put,
    async get(key) {
      const sizeBytes = await sizeOf(key);
      if (sizeBytes === undefined) return undefined;
      const file = client.file(key);
      return { sizeBytes, body: file.stream(), bytes: () => reached(bucket, () => file.bytes()) };
    },
    async stat(key) {
      const sizeBytes = await sizeOf(key);
      return sizeBytes === undefined ? undefined : { sizeBytes };
    },
    delete: (key) => reached(bucket, () => client.delete(checkedKey(key))),
    async deleteUnder(segments) {
      const prefix = `${checkedKey(segments)}/`;
      // What is deleted is no longer listed, so that the first page is asked for until it is empty.
      for (;;) {
        const { contents = [] } = await reached(bucket, () => client.list({ prefix }));
        if (contents.length === 0) return;
        for (const { key } of contents) await reached(bucket, () => client.delete(key));
      }
    },
    presign: (link) => linkTo(options.publicEndpoint ?? endpoint, link),
  };
}

type Asked = Pick<BlobLink, "op" | "key" | "ttlS" | "download">;

/** The signed address of a blob, at `base` or at Amazon's. */
function addressOf(options: S3Options, base: string | undefined, { op, key, ttlS, download }: Asked): string {
  const { bucket, region, clock } = options;
  const path = checkedKey(key).split("/").map(strict).join("/");
  const place = base === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${base}/${bucket}`;
  const [method, query] = op === "put" ? (["PUT", ENCRYPTED] as const) : (["GET", downloadQuery(download)] as const);
  return presignedS3(options, { method, url: new URL(`${place}/${path}`), ttlS, query }, clock.now());
}

function downloadQuery(download: BlobLink["download"]): Record<string, string> {
  if (download === undefined) return {};
  return {
    "response-content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(download.filename)}`,
    "response-content-type": download.contentType,
  };
}

async function reached<T>(bucket: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unreachable(bucket, messageOf(error));
  }
}

function unreachable(bucket: string, reason: string): RequestError {
  const told = new RequestError(503, "The store of blobs does not answer. Try again.", { retryAfterS: RETRY_AFTER_S });
  told.cause = new Error(`bucket ${bucket}: ${reason}`);
  return told;
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: string };
  return (
    code === "NoSuchKey" || code === "UnknownError404" || /\b404\b|not found|does not exist/i.test(messageOf(error))
  );
}
