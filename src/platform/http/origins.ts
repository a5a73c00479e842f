import { isLoopbackName } from "../../config/loopback";
import { RequestError } from "../errors";

/**
 * Which pages and names a server listens to (docs/architecture.md, "Open and closed"): open to this machine is not open
 * to every web page in its browser.
 */

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

const NOT_FROM_ELSEWHERE =
  "A page of another site must not change anything here. Name its origin in CORS_ORIGINS, or send JSON.";
const NOT_THIS_NAME = "This server is not reached by that name. Name it in ALLOWED_HOSTS.";

/**
 * Whether a page of this origin and the request have one site: the same scheme and host, on any port; the names of the
 * machine itself are alike. A page over TLS counts where a proxy may have ended TLS before this server.
 */
export function isSameSite(origin: string, request: Request): boolean {
  const page = URL.parse(origin);
  const host = hostOf(request);
  if (page === null || host === undefined || (page.protocol !== "http:" && page.protocol !== "https:")) return false;
  if (request.headers.get("x-forwarded-proto") === "https" && page.protocol === "http:") return false;
  return page.hostname === host || (isLoopbackName(page.hostname) && isLoopbackName(host));
}

/**
 * Says whether a server may be asked by a name: one of the machine itself, or one of `allowed`; any where nothing is
 * given. No page must reach the server by a name of its own that was made to lead here. Callers mostly use one name, so
 * the last good one is remembered.
 */
export function createHostCheck(allowed: readonly string[] | undefined): (request: Request) => boolean {
  let lastGood: string | null = null;
  return ({ headers }) => {
    if (allowed === undefined) return true;
    const host = headers.get("host");
    if (host === lastGood || host === null) return true;
    const name = URL.parse(`http://${host}`)?.hostname;
    const isGood =
      name === undefined || isLoopbackName(name) || allowed.some((one) => one === "*" || one.toLowerCase() === name);
    if (isGood) lastGood = host;
    return isGood;
  };
}

/** The refusal of a name that a server is not asked by. */
export function unknownHost(): RequestError {
  return new RequestError(421, NOT_THIS_NAME);
}

/**
 * Why a page of this origin must not reach a route, or undefined where it may. `mayCall` are origins of other sites that
 * are let in all the same.
 */
export function originRefusal(
  request: Request,
  origin: string,
  mayCall: (origin: string) => boolean,
): RequestError | undefined {
  if (!changesState(request) || isSameSite(origin, request) || mayCall(origin)) return undefined;
  return new RequestError(403, NOT_FROM_ELSEWHERE);
}

/**
 * Whether a page can send this unasked, and something changes by it: JSON goes nowhere else before the other site has
 * agreed to it, and a WebSocket goes anywhere.
 */
function changesState({ method, headers }: Request): boolean {
  if (headers.get("upgrade")?.toLowerCase() === "websocket") return true;
  return !SAFE_METHODS.has(method) && !JSON_TYPE.test(headers.get("content-type") ?? "");
}

/** The name by which the server was asked, in lower case, without a port; undefined where none was said. */
function hostOf({ headers }: Request): string | undefined {
  const host = headers.get("host");
  return host === null || host === "" ? undefined : URL.parse(`http://${host}`)?.hostname;
}
