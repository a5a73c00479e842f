import { hkdfSync } from "node:crypto";

/** What a key is for; each purpose has its own, so that whoever learns one can sign nothing else. */
export type KeyPurpose = "jwt" | "blob" | "ticket" | "forecast";

const KEY_BYTES = 32;
const SALT = "foresight";

/** The key of one purpose, derived from the installation's secret by HKDF-SHA256 (RFC 5869) with the purpose as label. */
export function derivedKey(secretKey: string, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secretKey, SALT, purpose, KEY_BYTES));
}
