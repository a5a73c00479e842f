import { createHmac, timingSafeEqual } from "node:crypto";
import { RequestError } from "../errors";

/** What a signed link says, all of it under the signature. */
export interface SignedLink {
  op: "put" | "get";
  key: string;
  /** Seconds since the epoch. */
  expiresAtS: number;
  download?: { filename: string; contentType: string };
}

/** The path and query of a link to `/blobs`: op, key, expiry and, for downloads, name and type, signed by HMAC-SHA256. */
export function signedPath(signingKey: Uint8Array, link: SignedLink): string {
  const query = new URLSearchParams({ op: link.op, exp: String(link.expiresAtS) });
  if (link.download !== undefined) {
    query.set("name", link.download.filename);
    query.set("type", link.download.contentType);
  }
  query.set("sig", signatureOf(signingKey, link).toString("base64url"));
  return `/blobs/${link.key.split("/").map(encodeURIComponent).join("/")}?${query}`;
}

/**
 * The link that a request carries, when its signature is ours and its time has not passed.
 * @throws RequestError 403 that says which of both it is.
 */
export function verifiedLink(
  signingKey: Uint8Array,
  op: SignedLink["op"],
  key: string,
  query: Readonly<Record<string, string | undefined>>,
  nowMs: number,
): SignedLink {
  const { exp = "", sig = "", name, type } = query;
  const link: SignedLink = { op, key, expiresAtS: /^\d{1,12}$/.test(exp) ? Number(exp) : 0 };
  if (name !== undefined && type !== undefined) link.download = { filename: name, contentType: type };
  const given = Buffer.from(sig, "base64url");
  const expected = signatureOf(signingKey, link);
  const isOurs = query["op"] === op && given.length === expected.length && timingSafeEqual(given, expected);
  if (!isOurs) throw new RequestError(403, "The signature of this link does not match. Ask for a new link.");
  if (link.expiresAtS * 1000 < nowMs) throw new RequestError(403, "This link has expired. Ask for a new one.");
  return link;
}

/** Of the members joined by line feeds, which no member can hold: keys have none, the rest is encoded. */
function signatureOf(signingKey: Uint8Array, { op, key, expiresAtS, download }: SignedLink): Buffer {
  const members = [op, key, String(expiresAtS)];
  if (download !== undefined) members.push(...[download.filename, download.contentType].map(encodeURIComponent));
  return createHmac("sha256", signingKey).update(members.join("\n")).digest();
}
