import { createHash, createHmac } from "node:crypto";

const KEY_BYTES = 16;

/**
 * The API key of an account, 32 hex digits: derived from the server's secret, the account and a version, so that it
 * can be told again while only its hash is kept, and dies when the version is raised.
 */
export function deriveApiKey(secret: string, accountId: string, version: number): string {
  const mac = createHmac("sha256", secret).update(`market api key\0${version}\0${accountId}`).digest();
  return mac.subarray(0, KEY_BYTES).toString("hex");
}

/** What is kept of a key. The key has 128 random bits, so that a plain hash cannot be searched. */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
