import { type AnyElysia, Elysia } from "elysia";
import { messageOf, RequestError, UsageError } from "../errors";
import type { Log } from "../log";
import type { Metrics } from "../metrics";
import { corsPolicy } from "./cors";
import { answerTo, type ErrorShape } from "./errorShape";
import { createHostCheck, originRefusal, unknownHost } from "./origins";
import { requestIdOf } from "./requestId";
import { matchesRoute } from "./routeMatch";

export interface HttpOptions {
  hostname: string;
  /** 0 takes a free port. */
  port: number;
  /** Named in the message when the port is taken. */
  portSetting: string;
  /** Origins that may call a path from a browser; `*` for any. */
  corsOrigins: (path: string) => readonly string[];
  /** Names beside those of the machine itself by which the server may be asked; undefined lets in any name. */
  allowedHosts?: readonly string[] | undefined;
  maxBodyBytes: number;
  /** The largest WebSocket frame that any system takes. */
  maxFrameBytes?: number;
  /** The largest body that any one route takes: it counts for itself, and no other body may be larger. */
  largestBodyBytes?: number;
  idleTimeoutS: number;
  /** The shape of 404, 405 and whatever is thrown before a route is found. */
  shape: ErrorShape;
  log: Log;
  metrics: Metrics;
}

export interface HttpServer {
  port: number;
  url: string;
  /** Takes no new requests; ends when the running ones have ended, or cuts them off after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** Of WebSocket frames, where no system says how large they may be. */
const SMALLEST_FRAME_BYTES = 64 * 1024;

/** Room above the stated limit, so that a body that is somewhat too large still gets a sentence and not a bare 413. */
const BODY_HEADROOM = 4;

/**
 * Listens with the given routes.
 * @throws UsageError when the port is taken or closed to this user.
 */
export function listenHttp(routes: readonly AnyElysia[], options: HttpOptions): HttpServer {
  const { hostname, port } = options;
  const app = new Elysia({
    // Frames are kept whole before any handler sees them: 16 MiB of each peer, if nothing is said.
    websocket: { maxPayloadLength: options.maxFrameBytes ?? SMALLEST_FRAME_BYTES },
    // Elysia shares ports unless told not to: two servers would each get half of the callers.
    serve: {
      maxRequestBodySize: Math.max(options.maxBodyBytes, options.largestBodyBytes ?? 0) * BODY_HEADROOM,
      idleTimeout: options.idleTimeoutS,
      reusePort: false,
    },
  });
  addEdges(app, options);
  for (const group of routes) app.use(group);
  try {
    app.listen({ hostname, port });
  } catch (error) {
    throw new UsageError(
      `Port ${port} of ${hostname} cannot be listened on (${messageOf(error)}). Stop what holds it or set ${options.portSetting}.`,
    );
  }
  const server = app.server;
  if (server === null) throw new Error("the HTTP server did not start");
  const actualPort = server.port ?? port;
  const reachedHost = hostname === "0.0.0.0" || hostname === "::" ? "127.0.0.1" : hostname;
  const shownHost = reachedHost.includes(":") ? `[${reachedHost}]` : reachedHost;
  async function stop(timeoutMs: number): Promise<void> {
    const drained = server?.stop(false);
    const timer = setTimeout(() => void server?.stop(true), timeoutMs);
    await drained;
    clearTimeout(timer);
  }
  return { port: actualPort, url: `http://${shownHost}:${actualPort}`, stop };
}

/** The route of a request that none matches: counted by its path, guesses would fill the memory. */
const UNMATCHED = "unmatched";

/** What holds for every route: request ids, CORS, security headers, metrics, 404 and 405. */
function addEdges(app: Elysia, { corsOrigins, allowedHosts, shape, log, metrics }: HttpOptions): void {
  const started = new WeakMap<Request, number>();
  const isKnownHost = createHostCheck(allowedHosts);
  const refuse = (refusal: RequestError) => Response.json(shape.refused(refusal), { status: refusal.status });
  app
    .onRequest(({ request, set }) => {
      started.set(request, performance.now());
      set.headers["x-request-id"] = requestIdOf(request);
      set.headers["x-content-type-options"] = "nosniff";
      if (!isKnownHost(request)) return refuse(unknownHost());
      const origin = request.headers.get("origin");
      if (origin === null) return undefined;
      const cors = corsPolicy(corsOrigins(pathOf(request)));
      const refusal = originRefusal(request, origin, cors.allows);
      if (refusal !== undefined) return refuse(refusal);
      if (!cors.letsAnyIn) return undefined;
      if (request.method === "OPTIONS" && request.headers.has("access-control-request-method")) {
        return cors.preflight(request, origin);
      }
      Object.assign(set.headers, cors.headersFor(origin));
      return undefined;
    })
    .onError(({ code, error, request, set, path }) => {
      if (code !== "NOT_FOUND") return undefined;
      const allowed = methodsOf(app, path);
      if (allowed.length > 0) set.headers["allow"] = allowed.join(", ");
      const refusal =
        allowed.length > 0 ? new RequestError(405, "Method Not Allowed") : new RequestError(404, "Not Found");
      const answer = answerTo(error instanceof RequestError ? error : refusal, shape, log, request);
      set.status = answer.status;
      return answer.body;
    })
    .onAfterResponse(({ request, route: matched, set, responseValue }) => {
      const { method } = request;
      const route = matched ?? UNMATCHED;
      const startedMs = started.get(request);
      const status = responseValue instanceof Response ? responseValue.status : Number(set.status ?? 200);
      metrics.requests.inc({ method, route, status: String(status) });
      if (startedMs !== undefined) metrics.requestSeconds.observe({ route }, (performance.now() - startedMs) / 1000);
      if (status < 400 || status >= 500) return;
      log.write("debug", "a request was refused", { requestId: requestIdOf(request), method, route, status });
    });
}

function methodsOf(app: Elysia, path: string): string[] {
  const known = app.routes.filter(({ path: pattern }) => matchesRoute(pattern, path));
  return [...new Set(known.map(({ method }) => method))];
}

/** The path of a request without its query, as routes are written. */
function pathOf({ url }: Request): string {
  return new URL(url).pathname;
}
