import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { Principal } from "../rights";
import { mustHaveRoom } from "../rules/accountIds";
import { sameAddress } from "../rules/worker";
import {
  type Account,
  addAccountIfAbsent,
  countAccountsEver,
  findAccount,
  findAccountOfWallet,
  saveAddress,
} from "../store/accounts";
import { createNonces, signInMessage } from "./nonces";
import { isAddress, signerOf } from "./signatures";
import type { WalletTokens } from "./walletTokens";

/** Signing in by a wallet's signature (docs/market.md, Wallets). */
export interface WalletSignIn {
  /** What the wallet is to sign. @throws RequestError 400 for what is no address. */
  challenge(address: string): { nonce: string; message: string };
  /**
   * A token for a good signature. Where the caller is signed in with the key of an account that only said this address,
   * the signature proves it, and the token is that account's. @throws RequestError 401 for any other.
   */
  verify(request: { address: string; signature: string; nonce: string }, who: Principal): Promise<WalletSession>;
}

export interface WalletSession {
  token: string;
  address: string;
  accountId: string;
  role: string;
}

export interface WalletSignInOptions {
  database: SqliteDatabase;
  clock: Clock;
  tokens: WalletTokens;
}

const SHOWN_ADDRESS_DIGITS = 10;

export function createWalletSignIn({ database, clock, tokens }: WalletSignInOptions): WalletSignIn {
  const nonces = createNonces(clock.now);
  return {
    challenge(address) {
      if (!isAddress(address)) throw new RequestError(400, "Invalid Ethereum address");
      const nonce = nonces.issue(address);
      return { nonce, message: signInMessage(nonce) };
    },
    async verify({ address, signature, nonce }, who) {
      const wallet = address.toLowerCase();
      // A nonce is used up by its owner's signature alone.
      if (signerOf(signInMessage(nonce), signature) !== wallet || !nonces.redeem(wallet, nonce)) {
        throw new RequestError(401, "Invalid signature or expired nonce");
      }
      const claimed =
        "accountId" in who && who.role !== "admin" && who.wallet === undefined ? who.accountId : undefined;
      const known = claimed === undefined ? database.read((db) => findAccountOfWallet(db, wallet)) : undefined;
      const account = known ?? (await database.transact((db) => accountOfWallet(db, wallet, claimed, clock.now())));
      const { accountId, role } = account;
      const token = await tokens.sign({ address: wallet, role, accountId });
      return { token, address: wallet, accountId, role };
    },
  };
}

/**
 * The account `claimed` where that has the wallet's address, which is then proven; else the wallet's own. A new one has
 * the address' first digits in its id, or all where those are taken.
 */
function accountOfWallet(db: SqliteHandle, address: string, claimed: string | undefined, createdAt: number): Account {
  const asked = claimed === undefined ? undefined : findAccount(db, claimed);
  if (asked !== undefined && sameAddress(asked.ethAddress, address)) {
    const { accountId, ethAddress } = asked;
    if (asked.addressProof === "claimed") saveAddress(db, { accountId, ethAddress, addressProof: "signed" });
    return asked;
  }
  const known = findAccountOfWallet(db, address);
  if (known !== undefined) return known;
  mustHaveRoom(countAccountsEver(db));
  const short = `wallet-${address.slice(0, SHOWN_ADDRESS_DIGITS)}`;
  const accountId = findAccount(db, short) === undefined ? short : `wallet-${address}`;
  addAccountIfAbsent(db, { accountId, role: "provider", ethAddress: address, addressProof: "signed", createdAt });
  return findAccount(db, accountId)!;
}
