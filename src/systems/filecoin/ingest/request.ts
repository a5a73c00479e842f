import type { Clock } from "../../../platform/clock";
import { SpacescopeFault } from "./fault";

export interface RequestOptions {
  authorization: string;
  clock: Clock;
  /** From sending the request to the last byte of the answer. */
  timeoutMs: number;
  /** The largest body, after decompression. */
  maxBytes: number;
  signal: AbortSignal;
}

const MAX_TOLD_CHARACTERS = 200;

/**
 * Asks once and gives the rows of the answer, not yet looked at.
 * @throws SpacescopeFault, or the signal's reason when that is aborted.
 */
export async function requestRows(url: string, options: RequestOptions): Promise<unknown[]> {
  const place = `GET ${url}`;
  const { status, retryAfter, body } = await exchange(url, place, options);
  const told = status === 200 ? undefined : statusFault(place, status, () => toldBy(body, options.authorization));
  if (told !== undefined) throw new SpacescopeFault(told.kind, told.sentence, retryAfterMs(retryAfter, options.clock));
  return rowsIn(body, place, options.authorization);
}

interface Exchange {
  status: number;
  retryAfter: string | null;
  body: string;
}

async function exchange(url: string, place: string, options: RequestOptions): Promise<Exchange> {
  const { authorization, clock, timeoutMs, maxBytes, signal } = options;
  const late = new AbortController();
  const callOff = clock.after(timeoutMs, () => late.abort());
  try {
    const response = await fetch(url, {
      headers: { authorization },
      // The token is meant for this address alone, so that no other may be followed to.
      redirect: "manual",
      signal: AbortSignal.any([signal, late.signal]),
    });
    const body = await boundedText(response, maxBytes, place);
    return { status: response.status, retryAfter: response.headers.get("retry-after"), body };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof SpacescopeFault) throw error;
    if (late.signal.aborted) {
      throw new SpacescopeFault("transient", `${place} was not answered within ${timeoutMs / 1000} s.`);
    }
    // The message of a network error may quote what was sent; its code does not.
    const { code } = error as { code?: string };
    throw new SpacescopeFault(
      "transient",
      `${place} failed: the connection broke or was refused (${code ?? "no code"}).`,
    );
  } finally {
    callOff();
  }
}

async function boundedText(response: Response, maxBytes: number, place: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new SpacescopeFault("final", `${place} sent more than the ${maxBytes} bytes allowed.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

interface StatusFault {
  kind: SpacescopeFault["kind"];
  sentence: string;
}

function statusFault(place: string, status: number, told: () => string): StatusFault {
  if (status === 401 || status === 403) {
    const advice = "Check SPACESCOPE_TOKEN; it is sent as it stands, so it must begin with Bearer.";
    return { kind: "final", sentence: `${place} refused the token with ${status}. ${advice}` };
  }
  if (status === 429) return { kind: "transient", sentence: `${place} answered 429: too many requests.` };
  if (status === 408 || status === 425 || status >= 500) {
    return { kind: "transient", sentence: `${place} answered ${status}${told()}.` };
  }
  if (status >= 300 && status < 400) {
    const advice = "The token is not sent on; set SPACESCOPE_URL to the right address.";
    return { kind: "final", sentence: `${place} answered ${status}, pointing to another address. ${advice}` };
  }
  return { kind: "data", sentence: `${place} answered ${status}${told()}.` };
}

function rowsIn(body: string, place: string, authorization: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    const what = `JSON that breaks off or is malformed, after ${body.length} characters`;
    throw new SpacescopeFault("transient", `${place} sent ${what}.`);
  }
  const data = (parsed as { data?: unknown } | null)?.data;
  if (Array.isArray(data)) return data;
  const got = data === undefined ? "no data member" : "a data member that is no list";
  throw new SpacescopeFault("data", `${place} sent ${got}${toldBy(body, authorization)}.`);
}

/** What the service says for itself, in brief and without the token, should it echo that. */
function toldBy(body: string, authorization: string): string {
  const message = messageIn(body);
  if (message === undefined) return "";
  const secrets = [authorization, authorization.replace(/^Bearer\s+/i, "")];
  const safe = secrets.reduce((text, secret) => text.replaceAll(secret, "(token)"), message);
  return `, saying ${JSON.stringify(safe.slice(0, MAX_TOLD_CHARACTERS))}`;
}

function messageIn(body: string): string | undefined {
  try {
    const { message, error, detail } = JSON.parse(body) as Record<string, unknown>;
    return [message, error, detail].find((text) => typeof text === "string" && text !== "") as string | undefined;
  } catch {
    return undefined;
  }
}

/** Retry-After as seconds or as a date. */
function retryAfterMs(header: string | null, clock: Clock): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
  if (seconds !== undefined) return seconds * 1000;
  const timeMs = Date.parse(header);
  return Number.isNaN(timeMs) ? undefined : Math.max(0, timeMs - clock.now());
}
