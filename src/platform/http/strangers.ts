import type { Server } from "bun";
import { RequestError } from "../errors";

/** Open lets in whoever reaches the server, which is then loopback or a network that is trusted; closed asks who it is. */
export type AccessMode = "open" | "closed";

/**
 * Lets pass what this server's own pages, and programs, ask for while it is open, and refuses the rest: a page of
 * another origin must not work through somebody's browser, nor a stranger through the network.
 * @throws RequestError 403 with `sentence`, which says what is for whom.
 */
export function refuseStrangers(mode: AccessMode, request: Request, sentence: string): void {
  if (mode === "open" && !isFromElsewhere(request)) return;
  throw new RequestError(403, sentence);
}

/** Whether a browser says that a page of another origin is behind the request. Programs say nothing. */
export function isFromElsewhere({ headers }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin" && site !== "none";
  // Browsers leave that header out where the server is reached by plain HTTP over a network.
  const origin = headers.get("origin");
  return origin !== null && URL.parse(origin)?.host !== headers.get("host");
}

/** Headers by which a proxy says that somebody else is behind it. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip"];

/**
 * What tells of the inside of the program is for everybody while it is open; while it is closed, for callers on the
 * machine itself, through no proxy.
 * @throws RequestError 403 that says so.
 */
export function refuseOtherMachines(mode: AccessMode, request: Request, server: Server<unknown> | null): void {
  if (mode === "open" || isFromThisMachine(request, server)) return;
  throw new RequestError(403, "While the service is closed, this is told to callers on its own machine alone.");
}

/** Whether the caller is on the machine itself, and no proxy says that somebody else is behind it. */
export function isFromThisMachine(request: Request, server: Server<unknown> | null): boolean {
  const address = server?.requestIP(request)?.address ?? "";
  const local = /^(127\.|::1$|::ffff:127\.)/.test(address);
  return local && !FORWARDED.some((name) => request.headers.has(name));
}
