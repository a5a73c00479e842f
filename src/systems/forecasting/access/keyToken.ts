import { createHmac, timingSafeEqual } from "node:crypto";

/** What a key may do, as its token says. */
export interface KeyGrant {
  /** The name of the key. */
  name: string;
  /** Seconds since 1970 after which it opens nothing. */
  expiresAtS: number;
  /** Requests in a minute and in a month; the settings decide where absent. */
  perMinute?: number;
  perMonth?: number;
}

const MAX_CHARACTERS = 2048;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const HEADER = { alg: "HS256", typ: "JWT" };

/** Whether a key may have that name. */
export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/** The token of a key: a JWT signed with HS256 (RFC 7519). @param key derived for this purpose alone */
export function writeKeyToken({ name, expiresAtS, perMinute, perMonth }: KeyGrant, key: Uint8Array): string {
  const claims = { sub: name, exp: expiresAtS, per_minute: perMinute, per_month: perMonth };
  const head = [HEADER, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${head}.${signature(head, key).toString("base64url")}`;
}

/** What a token grants; undefined for anything that is not ours and still good, whatever is wrong with it. */
export function readKeyToken(token: string, key: Uint8Array, nowMs: number): KeyGrant | undefined {
  const parts = token.split(".");
  if (token.length > MAX_CHARACTERS || parts.length !== 3) return undefined;
  const given = Buffer.from(parts[2]!, "base64url");
  const expected = signature(`${parts[0]}.${parts[1]}`, key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  // What is signed was written here, with this one algorithm.
  const { alg } = jsonOf(parts[0]!);
  const { sub, exp, per_minute, per_month } = jsonOf(parts[1]!);
  if (alg !== HEADER.alg || typeof sub !== "string" || typeof exp !== "number" || exp * 1000 <= nowMs) return undefined;
  return {
    name: sub,
    expiresAtS: exp,
    ...(typeof per_minute === "number" && { perMinute: per_minute }),
    ...(typeof per_month === "number" && { perMonth: per_month }),
  };
}

function signature(head: string, key: Uint8Array): Buffer {
  return createHmac("sha256", key).update(head).digest();
}

function jsonOf(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
}
