import { type AnyElysia, Elysia } from "elysia";
import type { Clock } from "../clock";
import { RequestError } from "../errors";
import { detailShape, routesWithErrors } from "../http/errorShape";
import type { Log } from "../log";
import type { BlobStore } from "./blobs";
import { tooLarge } from "./folder";
import { checkedKey } from "./key";
import { verifiedLink } from "./signature";

export interface BlobRoutesOptions {
  blobs: BlobStore;
  /** The key that links are signed with. */
  key: Uint8Array;
  clock: Clock;
  log: Log;
  /** The largest upload. */
  maxBytes: number;
}

interface Call {
  request: Request;
  params: Record<string, string>;
  query: Record<string, string | undefined>;
  server: { timeout(request: Request, seconds: number): void } | null;
}

/** `/blobs/{key}`: upload and download by signed link alone (docs/jobs.md, "Blobs"). */
export function blobRoutes({ blobs, key: signingKey, clock, log, maxBytes }: BlobRoutesOptions): AnyElysia {
  function linkOf(op: "put" | "get", { params, query }: Call) {
    const key = checkedKey(decodedKey(params["*"] ?? ""));
    return verifiedLink(signingKey, op, key, query, clock.now());
  }

  async function upload(call: Call): Promise<Response> {
    const { request, server } = call;
    const { key } = linkOf("put", call);
    if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
    // A slow upload is no silence as long as bytes come; its limits are size and the link's time.
    server?.timeout(request, 0);
    const { md5 } = await blobs.put(key, request.body ?? new Uint8Array(), maxBytes);
    return new Response(null, { status: 200, headers: { etag: `"${md5}"` } });
  }

  async function download(call: Call): Promise<Response> {
    const { key, download: named } = linkOf("get", call);
    const blob = await blobs.get(key);
    if (blob === undefined) throw new RequestError(404, "There is no such blob; it may have been removed by age.");
    call.server?.timeout(call.request, 0);
    const filename = named?.filename ?? key.slice(key.lastIndexOf("/") + 1);
    return new Response(blob.body as BodyInit, {
      headers: {
        "content-type": named?.contentType ?? "application/octet-stream",
        // Whatever it holds, a browser keeps it as a file and runs nothing of it on this origin.
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
        "content-security-policy": "sandbox; default-src 'none'",
      },
    });
  }

  return routesWithErrors("blobs", detailShape, log).use(
    new Elysia({ tags: ["server"] })
      .put("/blobs/*", (call) => upload(call), { parse: "none", detail: { summary: "Upload by signed link" } })
      .get("/blobs/*", (call) => download(call), { detail: { summary: "Download by signed link" } }),
  );
}

function decodedKey(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
