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

/** What is asked of a request before any route. */
export interface OriginRules {
  /** Names beside those of the machine itself by which the server may be asked; undefined lets in any name. */
  allowedHosts: readonly string[] | undefined;
  /** Origins of other sites that are let in all the same. */
  mayCall?: ((origin: string) => boolean) | undefined;
}

/** Why a request must not reach a route, or undefined where it may. No Origin is a program. */
export function originRefusal(request: Request, { allowedHosts, mayCall }: OriginRules): RequestError | undefined {
  if (allowedHosts !== undefined && !isAllowedHost(request, allowedHosts)) return new RequestError(421, NOT_THIS_NAME);
  const origin = request.headers.get("origin");
  if (origin === null || !changesState(request)) return undefined;
  if (isSameSite(origin, request) || mayCall?.(origin) === true) return undefined;
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

/** No page must reach the server by a name of its own that was made to lead here. */
function isAllowedHost(request: Request, allowed: readonly string[]): boolean {
  const host = hostOf(request);
  if (host === undefined || isLoopbackName(host)) return true;
  return allowed.some((name) => name === "*" || name.toLowerCase() === host);
}

/** The name by which the server was asked, in lower case, without a port; undefined where none was said. */
function hostOf({ headers }: Request): string | undefined {
  const host = headers.get("host");
  return host === null || host === "" ? undefined : URL.parse(`http://${host}`)?.hostname;
}
