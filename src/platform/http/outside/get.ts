import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { checkedLookup, checkedUrl, type Reach, RefusedAddress } from "./checked";

export interface GetOptions extends Reach {
  url: string;
  /** The largest body that is taken. */
  maxBytes: number;
  /** For all of it, redirects among them. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** What an address answered with 200. */
export interface Got {
  bytes: Uint8Array;
  /** As its header says; empty where it says nothing. */
  contentType: string;
  /** Where redirects led. */
  url: string;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches what somebody named. Each address, those of redirects too, is resolved once and checked, and the connection
 * goes to the address that was checked; no credentials are sent.
 * @throws RefusedAddress; Error with a sentence when it cannot be had.
 */
export async function getOutside(options: GetOptions): Promise<Got> {
  const overtime = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? overtime : AbortSignal.any([overtime, options.signal]);
  let url = checkedUrl(options.url, options);
  for (let redirects = 0; ; redirects++) {
    const response = await answerOf(url, options, signal);
    const location = REDIRECTS.has(response.statusCode ?? 0) ? response.headers.location : undefined;
    if (location === undefined) return bodyOf(response, url, options, signal);
    response.destroy();
    if (redirects === MAX_REDIRECTS) throw new RefusedAddress(`It redirects more than ${MAX_REDIRECTS} times.`);
    url = checkedUrl(URL.parse(location, url)?.href ?? location, options);
  }
}

function answerOf(url: URL, options: GetOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request: ClientRequest = send(url, { lookup: checkedLookup(options), agent: false }, resolve);
  const abort = () => request.destroy(new Error(`no answer within ${options.timeoutMs / 1000} s`));
  signal.addEventListener("abort", abort, { once: true });
  request.on("error", reject);
  request.end();
  return promise;
}

async function bodyOf(response: IncomingMessage, url: URL, { maxBytes }: GetOptions, signal: AbortSignal) {
  const status = response.statusCode ?? 0;
  if (status !== 200) {
    response.destroy();
    throw new Error(`it answered with status ${status}`);
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    received += chunk.byteLength;
    if (received > maxBytes) {
      response.destroy();
      throw new RefusedAddress(`It is larger than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  if (signal.aborted || !response.complete) throw new Error("it ended before it was whole");
  return {
    bytes: new Uint8Array(Buffer.concat(chunks)),
    contentType: response.headers["content-type"] ?? "",
    url: url.href,
  };
}
