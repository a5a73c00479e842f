import { messageOf, UsageError } from "../../../../platform/errors";

/** The hub that models are pulled from. */
export interface Hub {
  /** Its base address, such as `https://huggingface.co`. */
  endpoint: string;
  /** Proves who asks; sent to the endpoint's own origin alone. */
  token?: string | undefined;
  signal?: AbortSignal | undefined;
}

const MAX_REDIRECTS = 5;
/** For the head of an answer; a body may take as long as it keeps coming. */
const HEAD_TIMEOUT_MS = 30_000;

/** The hub was not reached, or broke off: another try may do. */
export class HubUnreachable extends Error {
  override readonly name = "HubUnreachable";
}

/**
 * Asks a hub. Redirects are followed by hand: the token goes to the endpoint's own origin alone, and what began with https
 * stays with https.
 * @throws UsageError for an answer that another try would not change; HubUnreachable otherwise.
 */
export async function requestFrom(hub: Hub, url: string, headers: Record<string, string>): Promise<Response> {
  const home = new URL(hub.endpoint);
  let target = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const isHome = target.origin === home.origin;
    const withToken =
      isHome && hub.token !== undefined ? { ...headers, authorization: `Bearer ${hub.token}` } : headers;
    const response = await fetched(hub, target, withToken);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return refuseFailed(response, hub, url);
    await response.body?.cancel();
    target = redirectTarget(target, location, home);
  }
  throw new UsageError(`${url} redirects more than ${MAX_REDIRECTS} times.`);
}

function redirectTarget(from: URL, location: string, home: URL): URL {
  const target = new URL(location, from);
  const allowed = home.protocol === "https:" ? ["https:"] : ["https:", "http:"];
  if (allowed.includes(target.protocol)) return target;
  throw new UsageError(`${from.host} redirects to ${target.protocol}//${target.host}, which is not followed.`);
}

async function fetched(hub: Hub, target: URL, headers: Record<string, string>): Promise<Response> {
  const head = new AbortController();
  const timer = setTimeout(
    () => head.abort(new Error(`no answer within ${HEAD_TIMEOUT_MS / 1000} s`)),
    HEAD_TIMEOUT_MS,
  );
  const signals = hub.signal === undefined ? [head.signal] : [head.signal, hub.signal];
  try {
    // Not compressed: sizes, ranges and digests are those of the file.
    const plain = { "accept-encoding": "identity", "user-agent": "foresight", ...headers };
    return await fetch(target, { redirect: "manual", headers: plain, signal: AbortSignal.any(signals) });
  } catch (error) {
    hub.signal?.throwIfAborted();
    throw new HubUnreachable(`${target.host} cannot be reached: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

async function refuseFailed(response: Response, hub: Hub, url: string): Promise<Response> {
  if (response.ok || response.status === 416) return response;
  await response.body?.cancel();
  const { status } = response;
  if (status === 429 || status >= 500) throw new HubUnreachable(`${url} answered ${status}`);
  throw new UsageError(`${url} answered ${status}: ${adviceOn(status, hub)}`);
}

function adviceOn(status: number, { token }: Hub): string {
  if (status === 404)
    return "the hub has no such model, or not for you. Look at the id; a private model needs HF_TOKEN.";
  if (status !== 401 && status !== 403) return "it was not understood. Look at the id and at HF_ENDPOINT.";
  return token === undefined
    ? "this model asks who you are. Accept its terms on the hub, and set HF_TOKEN."
    : "HF_TOKEN does not open this model. Accept its terms on the hub, or use another token.";
}
