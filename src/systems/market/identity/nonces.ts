/** Nonces that wallets sign once. */
export interface Nonces {
  /** A fresh nonce for an address; an earlier one of the same address is dropped. */
  issue(address: string): string;
  /** Whether `nonce` is the live nonce of the address; each is good once. */
  redeem(address: string, nonce: string): boolean;
}

export const NONCE_LIFE_MS = 300_000;
/** Beyond this the oldest go, expired or not, so that strangers cannot fill the memory. */
export const MAX_NONCES = 100_000;
const NONCE_BYTES = 16;

/** One nonce of 32 hex digits per address, in memory: a restart asks wallets to sign again. */
export function createNonces(now: () => number): Nonces {
  /** By lower-case address, oldest first. */
  const held = new Map<string, { nonce: string; expiresAtMs: number }>();

  function dropOld(): void {
    for (const [address, { expiresAtMs }] of held) {
      if (held.size <= MAX_NONCES && expiresAtMs > now()) return;
      held.delete(address);
    }
  }

  return {
    issue(address) {
      const key = address.toLowerCase();
      const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))).toString("hex");
      held.delete(key);
      held.set(key, { nonce, expiresAtMs: now() + NONCE_LIFE_MS });
      dropOld();
      return nonce;
    },
    redeem(address, nonce) {
      const key = address.toLowerCase();
      const found = held.get(key);
      if (found === undefined || found.nonce !== nonce) return false;
      held.delete(key);
      return found.expiresAtMs > now();
    },
  };
}

/** The text that a wallet is asked to sign. */
export function signInMessage(nonce: string): string {
  return `Sign this message to authenticate with XenBlocks.\n\nNonce: ${nonce}`;
}
