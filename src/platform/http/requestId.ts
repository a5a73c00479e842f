const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/;
const process36 = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
let counter = 0;
const ids = new WeakMap<Request, string>();

/** The id of a request: what its caller sent in `x-request-id` if well-formed, else one of our own, the same each time. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = request.headers.get("x-request-id");
  const id = sent !== null && WELL_FORMED.test(sent) ? sent : `${process36}-${(++counter).toString(36)}`;
  ids.set(request, id);
  return id;
}
