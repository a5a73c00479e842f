import { jwtVerify, SignJWT } from "jose";

export interface WalletClaims {
  /** Lower-case address. */
  address: string;
  role: string;
  accountId: string;
}

/** Tokens that a wallet gets for its signature: HS256, good for 24 hours. */
export interface WalletTokens {
  sign(claims: WalletClaims): Promise<string>;
  /** The claims of a valid token, undefined for any other text. */
  verify(token: string): Promise<WalletClaims | undefined>;
}

export const TOKEN_LIFE_S = 86_400;
const ALGORITHM = "HS256";

export function createWalletTokens(secret: string, now: () => number): WalletTokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign({ address, role, accountId }) {
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ role, account_id: accountId })
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
        .setSubject(address)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TOKEN_LIFE_S)
        .sign(key);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], currentDate: new Date(now()) });
        const { sub, role, account_id: accountId, exp } = payload;
        if (typeof sub !== "string" || typeof accountId !== "string" || exp === undefined) return undefined;
        return { address: sub, role: String(role), accountId };
      } catch {
        // Forged, expired or no token at all: the caller counts as whoever the other credential says.
        return undefined;
      }
    },
  };
}
