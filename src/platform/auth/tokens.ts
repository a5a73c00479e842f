import { jwtVerify, SignJWT } from "jose";
import type { Clock } from "../clock";

/** Bearer tokens of accounts: JWT signed with HS256 and no other algorithm (docs/jobs.md, "Accounts"). */
export interface Tokens {
  /** A token of the user, good for the set time. */
  issue(userId: string): Promise<string>;
  /** The user's id of a token that is ours and still good; undefined for anything else, whatever is wrong with it. */
  userIdOf(token: string): Promise<string | undefined>;
}

export interface TokenOptions {
  /** Derived for this purpose alone. */
  key: Uint8Array;
  lifetimeS: number;
  clock: Clock;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_TOKEN_CHARACTERS = 2048;
/** Checked tokens that are remembered: a caller uses the same one again and again. */
const MAX_REMEMBERED = 5000;

export function createTokens({ key, lifetimeS, clock }: TokenOptions): Tokens {
  const remembered = new Map<string, { userId: string; expiresAtS: number }>();

  async function check(token: string): Promise<{ userId: string; expiresAtS: number } | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ["HS256"],
        requiredClaims: ["sub", "exp"],
        currentDate: new Date(clock.now()),
      });
      const { sub, exp } = payload;
      return typeof sub === "string" && UUID.test(sub) && exp !== undefined
        ? { userId: sub, expiresAtS: exp }
        : undefined;
    } catch {
      // Whoever tries tokens is not told what is wrong with them.
      return undefined;
    }
  }

  return {
    issue(userId) {
      const nowS = Math.floor(clock.now() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(userId)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + lifetimeS)
        .sign(key);
    },
    async userIdOf(token) {
      if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
      const known = remembered.get(token) ?? (await check(token));
      if (known === undefined) return undefined;
      if (known.expiresAtS * 1000 <= clock.now()) {
        remembered.delete(token);
        return undefined;
      }
      if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
      remembered.set(token, known);
      return known.userId;
    },
  };
}
