import { timingSafeEqual } from "node:crypto";
import type { SqliteDatabase } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import { admin, anonymous, type Principal } from "../rights";
import { sameAddress } from "../rules/worker";
import { type Account, findAccount, findAccountByKey } from "../store/accounts";
import { hashApiKey } from "./apiKeys";
import type { WalletTokens } from "./walletTokens";

/** Who is calling, by the headers of a request. */
export interface Credentials {
  /**
   * A valid wallet token of an account that exists wins over an API key; a credential that leads to nobody counts as
   * none (docs/market.md, Credentials).
   */
  whoIs(headers: Headers): Promise<Principal>;
  /** Whether the caller is this account, or the wallet whose address that account is known to have. */
  owns(who: Principal, accountId: string): boolean;
  /** The wallet that a token belongs to. @throws RequestError 401 without one. */
  walletOf(headers: Headers): Promise<{ address: string }>;
}

export interface CredentialsOptions {
  database: SqliteDatabase;
  tokens: WalletTokens;
  adminKey: string;
}

const BEARER = /^bearer +(\S+) *$/i;
const MAX_KEY_LENGTH = 256;

export function createCredentials({ database, tokens, adminKey }: CredentialsOptions): Credentials {
  async function walletPrincipal(headers: Headers): Promise<Principal | undefined> {
    const token = bearerOf(headers);
    const claims = token === undefined ? undefined : await tokens.verify(token);
    if (claims === undefined) return undefined;
    const account = database.read((db) => findAccount(db, claims.accountId));
    return account === undefined ? undefined : { ...principalOf(account), wallet: claims.address };
  }

  function keyPrincipal(key: string | null): Principal {
    if (key === null || key === "" || key.length > MAX_KEY_LENGTH) return anonymous;
    if (sameText(key, adminKey)) return admin;
    const account = database.read((db) => findAccountByKey(db, hashApiKey(key)));
    return account === undefined ? anonymous : principalOf(account);
  }

  return {
    whoIs: async (headers) => (await walletPrincipal(headers)) ?? keyPrincipal(headers.get("x-api-key")),
    owns(who, accountId) {
      if (who.role === "anonymous") return false;
      if (who.accountId === accountId) return true;
      const wallet = who.role === "admin" ? undefined : who.wallet;
      if (wallet === undefined) return false;
      const account = database.read((db) => findAccount(db, accountId));
      return account !== undefined && account.addressProof !== "claimed" && sameAddress(account.ethAddress, wallet);
    },
    async walletOf(headers) {
      const token = bearerOf(headers);
      if (token === undefined) throw new RequestError(401, "Wallet authentication required");
      const claims = await tokens.verify(token);
      if (claims === undefined) throw new RequestError(401, "Invalid or expired token");
      return { address: claims.address };
    },
  };
}

function bearerOf(headers: Headers): string | undefined {
  return BEARER.exec(headers.get("authorization") ?? "")?.[1];
}

function principalOf({ role, accountId, ethAddress }: Account): Exclude<Principal, { role: "anonymous" | "admin" }> {
  return { role, accountId, ethAddress };
}

/** Compares in a time that does not tell how much was right. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashApiKey(a)), Buffer.from(hashApiKey(b)));
}
