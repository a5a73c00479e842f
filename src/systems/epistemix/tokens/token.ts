import { createHmac, timingSafeEqual } from "node:crypto";
import { RequestError } from "../../../platform/errors";

/** Who calls, as the token says. */
export interface TokenHolder {
  userId: number;
  scopesHash: unknown;
}

const PREFIX = /^Bearer\s+/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Reads `Bearer <base64 of {"user_id", "scopes_hash"}>` (docs/epistemix.md, "Tokens"). Standard and URL-safe base64 are
 * taken, with padding or without. With `secret`, `scopes_hash` must be the HMAC of the user id.
 * @throws RequestError 400 that says what is wrong; 403 where the hash does not fit the secret.
 */
export function readToken(header: string, secret: string | undefined): TokenHolder {
  if (!PREFIX.test(header)) throw refused("Invalid bearer token format. Expected 'Bearer <token>'");
  const members = membersOf(header.replace(PREFIX, "").trim());
  if (!("user_id" in members)) throw refused("Token missing required 'user_id' field");
  if (!("scopes_hash" in members)) throw refused("Token missing required 'scopes_hash' field");
  const userId = userIdOf(members["user_id"]);
  const scopesHash = members["scopes_hash"];
  if (secret !== undefined && !isSigned(userId, scopesHash, secret)) {
    throw new RequestError(403, "The token's scopes_hash does not fit its user_id. Ask for a token of this server.");
  }
  return { userId, scopesHash };
}

/** The token of a user, as the client's settings take it; in the header `Bearer ` stands before it. */
export function writeToken(userId: number, scopesHash: string): string {
  const text = JSON.stringify({ user_id: userId, scopes_hash: scopesHash });
  return Buffer.from(text).toString("base64");
}

/** What `scopes_hash` must be where tokens are signed: HMAC-SHA256 of the decimal user id, in hex. */
export function signedScopes(userId: number, secret: string): string {
  return createHmac("sha256", secret).update(String(userId)).digest("hex");
}

function membersOf(encoded: string): Record<string, unknown> {
  const bytes = BASE64.test(encoded) ? Buffer.from(encoded, "base64") : undefined;
  if (bytes === undefined || bytes.length === 0) throw refused("Failed to decode base64 token: it is no base64");
  const text = utf8(bytes);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    throw refused("Failed to parse token JSON: it is no JSON");
  }
  throw refused("Failed to parse token JSON: expected an object");
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused("Failed to decode base64 token: it is no UTF-8");
  }
}

function userIdOf(written: unknown): number {
  const isDigits = typeof written === "string" && /^\s*[+-]?\d+\s*$/.test(written);
  const userId = isDigits ? Number(written) : written;
  if (typeof userId !== "number" || !Number.isSafeInteger(userId)) {
    throw refused("Token contains invalid user_id or scopes_hash values");
  }
  if (userId < 1) throw refused("User ID must be positive");
  return userId;
}

function isSigned(userId: number, scopesHash: unknown, secret: string): boolean {
  const given = Buffer.from(String(scopesHash));
  const expected = Buffer.from(signedScopes(userId, secret));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function refused(sentence: string): RequestError {
  return new RequestError(400, sentence);
}
