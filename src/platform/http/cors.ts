const ALLOWED_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
/** What scripts of another origin may read beside the few headers that they always may. */
const EXPOSED_HEADERS = "Content-Disposition, ETag, Retry-After, X-Request-Id, X-Total-Count";
const PREFLIGHT_AGE_S = "600";

/** What a browser of another origin may see. An empty list lets no other origin in; `*` lets all in. */
export interface CorsPolicy {
  /** False where no other origin is let in: a preflight is then as wrong as any method that a path does not know. */
  letsAnyIn: boolean;
  allows(origin: string): boolean;
  /** Headers for an answer to this origin; none where it is not allowed. */
  headersFor(origin: string): Record<string, string>;
  /** The answer to a preflight: 200 `OK`, or 400 for an origin that is not allowed. */
  preflight(request: Request, origin: string): Response;
}

export function corsPolicy(origins: readonly string[]): CorsPolicy {
  const allowed = (origin: string) => origins.includes("*") || origins.includes(origin);
  function headersFor(origin: string): Record<string, string> {
    if (!allowed(origin)) return {};
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": EXPOSED_HEADERS,
      vary: "Origin",
    };
  }
  function preflight(request: Request, origin: string): Response {
    if (!allowed(origin)) return new Response("Disallowed CORS origin", { status: 400 });
    const wanted = request.headers.get("access-control-request-headers");
    return new Response("OK", {
      headers: {
        ...headersFor(origin),
        "access-control-allow-methods": ALLOWED_METHODS,
        "access-control-max-age": PREFLIGHT_AGE_S,
        ...(wanted === null ? {} : { "access-control-allow-headers": wanted }),
      },
    });
  }
  return { letsAnyIn: origins.length > 0, allows: allowed, headersFor, preflight };
}
