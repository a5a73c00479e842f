import { lookup as systemLookup } from "node:dns";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "./address";

export interface Post {
  url: string;
  body: string;
  headers: Record<string, string>;
  allowPrivate: boolean;
  /** Where names lead; by default as the system says. */
  resolve?: Resolve;
}

/** Gives all addresses of a name. */
export type Resolve = (name: string) => Promise<string[]>;

/** How a call-back went. A refused one is not tried again. */
export type Sent =
  | { kind: "answered"; status: number }
  | { kind: "failed"; error: string }
  | { kind: "refused"; error: string };

const TIMEOUT_MS = 10_000;

class Refused extends Error {}

/**
 * Posts to an address that somebody named. Its name is resolved once and the connection goes to the address that was
 * checked, so that a name cannot lead elsewhere in between; redirects are not followed, no credentials are sent.
 */
export async function sendPost(post: Post): Promise<Sent> {
  try {
    return { kind: "answered", status: await statusOf(post, checkedUrl(post)) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof Refused ? "refused" : "failed", error: message };
  }
}

function checkedUrl({ url, allowPrivate }: Post): URL {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
    throw new Refused("Only http and https addresses are called back.");
  }
  if (parsed.username !== "" || parsed.password !== "") throw new Refused("An address with a password is not called.");
  const literal = parsed.hostname.replace(/^\[|\]$/g, "");
  const isLiteral = /^[\d.]+$/.test(literal) || literal.includes(":");
  if (isLiteral && !allowPrivate && !isPublicAddress(literal)) throw privateAddress(literal);
  return parsed;
}

function statusOf(post: Post, url: URL): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request: ClientRequest = send(
    url,
    {
      method: "POST",
      headers: { ...post.headers, "content-length": String(Buffer.byteLength(post.body)) },
      lookup: checkedLookup(post),
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

/** Gives the connection addresses that passed; one that does not pass refuses the name. */
function checkedLookup({ allowPrivate, resolve = resolveBySystem }: Post): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname)
      .then((addresses) => {
        const inside = addresses.find((address) => !allowPrivate && !isPublicAddress(address));
        if (inside !== undefined) throw privateAddress(inside);
        const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
        if (found.length === 0) throw new Error(`${hostname} has no address`);
        if (options.all) callback(null, found);
        else callback(null, found[0]!.address, found[0]!.family);
      })
      .catch((error: Error) => callback(error, []));
  };
}

function resolveBySystem(name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    systemLookup(name, { all: true }, (error, found) => {
      if (error === null) resolve(found.map(({ address }) => address));
      else reject(error);
    });
  });
}

function privateAddress(address: string): Refused {
  return new Refused(`${address} is a private or special address; CALLBACK_ALLOW_PRIVATE=true allows such.`);
}
