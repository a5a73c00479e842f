const MIN_GZIP_BYTES = 1000;
/** The fastest: answers are made for one caller. */
const LEVEL = 1;

/** A JSON answer, packed where it is large and the caller takes that. */
export function jsonAnswer(request: Request, value: unknown): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const headers = { "content-type": "application/json", vary: "Origin, Accept-Encoding" };
  const takes = /\bgzip\b/i.test(request.headers.get("accept-encoding") ?? "");
  if (!takes || bytes.length < MIN_GZIP_BYTES) return new Response(bytes, { headers });
  return new Response(Bun.gzipSync(bytes, { level: LEVEL }), { headers: { ...headers, "content-encoding": "gzip" } });
}
