import { RequestError } from "../../platform/errors";

import { MAX_DIFFICULTY } from "./rules";

/**
 * The proof of work in full (docs/chain.md, Strict mode): an encoded Argon2id string whose digest holds the marker,
 * over the key as text, salted with the account's address.
 */
export interface Proof {
  key: string;
  account: string;
  hash: string;
}

const ENCODED = /^\$argon2id\$v=19\$m=(\d{1,6}),t=1,p=1\$([A-Za-z0-9+/]{27})\$([A-Za-z0-9+/]{86})$/;
const XUNI = /XUNI[0-9]/;
const MAX_RUNNING = 2;
const MAX_WAITING = 64;
const RETRY_AFTER_S = 2;

/** The digest of an encoded Argon2id string, in base64: the part in which miners look for markers and capitals. */
export function digestOf(hash: string): string {
  return hash.slice(hash.lastIndexOf("$") + 1);
}

/** What can be seen to be wrong without computing anything, or undefined. `least` is the difficulty that counts now. */
export function proofFault(proof: Proof, marker: string, least: number): string | undefined {
  const match = ENCODED.exec(proof.hash);
  if (match === null) return "Hash is not an encoded Argon2id string with v=19, t=1, p=1, a 20-byte salt, 64 bytes";
  const [, memory, salt, digest] = match as unknown as [string, string, string, string];
  if (Number(memory) < least) return `Hash has m=${memory}, the difficulty is ${least}`;
  if (Number(memory) > MAX_DIFFICULTY) return `Hash has m=${memory}, more than ${MAX_DIFFICULTY}`;
  const address = Buffer.from(salt, "base64").toString("hex");
  if (`0x${address}` !== proof.account.toLowerCase()) return "Salt is not the account's address";
  if (!digest.includes(marker) && !XUNI.test(digest)) return "The marker is not in the digest";
  return undefined;
}

/** Computes proofs on the runtime's own threads, a few at a time since each takes `difficulty` KiB of memory. */
export interface ProofChecker {
  /** Whether key and account really give this hash. @throws RequestError 503 when too many wait. */
  isGenuine(proof: Proof): Promise<boolean>;
}

export function createProofChecker(): ProofChecker {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function turn(): Promise<void> {
    if (running < MAX_RUNNING) {
      running++;
      return;
    }
    if (waiting.length >= MAX_WAITING) {
      throw new RequestError(503, `More than ${MAX_WAITING} proofs wait to be checked; try again.`, {
        retryAfterS: RETRY_AFTER_S,
      });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }

  return {
    async isGenuine({ key, hash }) {
      await turn();
      try {
        return await Bun.password.verify(key, hash);
      } catch {
        // The library refuses parameters that Argon2 does not allow; such a hash proves nothing.
        return false;
      } finally {
        leave();
      }
    },
  };
}
