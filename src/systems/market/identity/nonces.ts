import { createHmac, timingSafeEqual } from "node:crypto";

/** Nonces that wallets sign once. */
export interface Nonces {
  /** A fresh nonce for an address. Earlier ones stay good, so that nobody can void what an owner is about to sign. */
  issue(address: string): string;
  /** Whether `nonce` was issued for the address, has not ended and was not used; it is used then. */
  redeem(address: string, nonce: string): boolean;
}

export const NONCE_LIFE_MS = 300_000;
const SHAPE = /^[0-9a-f]{32}$/;
const TIME_DIGITS = 8;
const RANDOM_DIGITS = 8;
const KEY_BYTES = 32;

/**
 * Nonces of 32 hex digits that carry their own proof: the second in which each ends, 32 random bits, and the first 64
 * bits of an HMAC-SHA256 of both and the lower-case address. So asking for many fills no memory; only those that were
 * used are remembered, which takes an owner's signature. A restart asks wallets to sign again.
 */
export function createNonces(now: () => number): Nonces {
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  /** When each used nonce ends, in the order of use. */
  const used = new Map<string, number>();

  function proven(address: string, start: string): string {
    const mac = createHmac("sha256", key).update(`${start}\0${address.toLowerCase()}`).digest("hex");
    return start + mac.slice(0, 32 - TIME_DIGITS - RANDOM_DIGITS);
  }

  function forgetEnded(nowMs: number): void {
    for (const [nonce, endsAtMs] of used) if (endsAtMs <= nowMs) used.delete(nonce);
  }

  return {
    issue(address) {
      const endsAtS = Math.ceil((now() + NONCE_LIFE_MS) / 1000);
      const random = Buffer.from(crypto.getRandomValues(new Uint8Array(RANDOM_DIGITS / 2))).toString("hex");
      return proven(address, endsAtS.toString(16).padStart(TIME_DIGITS, "0") + random);
    },
    redeem(address, nonce) {
      if (!SHAPE.test(nonce)) return false;
      const expected = proven(address, nonce.slice(0, TIME_DIGITS + RANDOM_DIGITS));
      if (!timingSafeEqual(Buffer.from(nonce), Buffer.from(expected))) return false;
      const [nowMs, endsAtMs] = [now(), Number.parseInt(nonce.slice(0, TIME_DIGITS), 16) * 1000];
      forgetEnded(nowMs);
      if (endsAtMs <= nowMs || used.has(nonce)) return false;
      used.set(nonce, endsAtMs);
      return true;
    },
  };
}

/** The text that a wallet is asked to sign. */
export function signInMessage(nonce: string): string {
  return `Sign this message to authenticate with XenBlocks.\n\nNonce: ${nonce}`;
}
