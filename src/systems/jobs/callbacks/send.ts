import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import {
  checkedLookup,
  checkedUrl,
  type Reach,
  RefusedAddress,
  type Resolve,
} from "../../../platform/http/outside/checked";

export interface Post {
  url: string;
  body: string;
  headers: Record<string, string>;
  allowPrivate: boolean;
  /** Where names lead; by default as the system says. */
  resolve?: Resolve;
}

/** How a call-back went. A refused one is not tried again. */
export type Sent =
  | { kind: "answered"; status: number }
  | { kind: "failed"; error: string }
  | { kind: "refused"; error: string };

const TIMEOUT_MS = 10_000;

/**
 * Posts to an address that somebody named. Its name is resolved once and the connection goes to the address that was
 * checked, so that a name cannot lead elsewhere in between; redirects are not followed, no credentials are sent.
 */
export async function sendPost(post: Post): Promise<Sent> {
  try {
    return { kind: "answered", status: await statusOf(post, checkedUrl(post.url, reachOf(post))) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof RefusedAddress ? "refused" : "failed", error: message };
  }
}

const reachOf = (post: Post): Reach => ({ ...post, allowedBy: "CALLBACK_ALLOW_PRIVATE" });

function statusOf(post: Post, url: URL): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request: ClientRequest = send(
    url,
    {
      method: "POST",
      headers: { ...post.headers, "content-length": String(Buffer.byteLength(post.body)) },
      lookup: checkedLookup(reachOf(post)),
      agent: false,
      timeout: TIMEOUT_MS,
    },
    (response: IncomingMessage) => {
      resolve(response.statusCode ?? 0);
      // What the other side says is nothing to us, however long it is.
      response.destroy();
    },
  );
  const overtime = setTimeout(() => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  request.on("error", reject);
  request.end(post.body);
  return promise.finally(() => clearTimeout(overtime));
}
