import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import { mustHaveRoom } from "../rules/accountIds";
import {
  type Account,
  addAccountIfAbsent,
  countAccountsEver,
  findAccount,
  findAccountByAddress,
} from "../store/accounts";
import { createNonces, signInMessage } from "./nonces";
import { isAddress, signerOf } from "./signatures";
import type { WalletTokens } from "./walletTokens";

/** Signing in by a wallet's signature (docs/market.md, Wallets). */
export interface WalletSignIn {
  /** What the wallet is to sign. @throws RequestError 400 for what is no address. */
  challenge(address: string): { nonce: string; message: string };
  /** A token for a good signature. @throws RequestError 401 for any other. */
  verify(request: { address: string; signature: string; nonce: string }): Promise<WalletSession>;
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
    async verify({ address, signature, nonce }) {
      const wallet = address.toLowerCase();
      if (!nonces.redeem(wallet, nonce) || signerOf(signInMessage(nonce), signature) !== wallet) {
        throw new RequestError(401, "Invalid signature or expired nonce");
      }
      const known = database.read((db) => findAccountByAddress(db, wallet));
      const account = known ?? (await database.transact((db) => accountOfWallet(db, wallet, clock.now())));
      const { accountId, role } = account;
      const token = await tokens.sign({ address: wallet, role, accountId });
      return { token, address: wallet, accountId, role };
    },
  };
}

/** The wallet's account; a new one has the address' first digits in its id, or all where those are taken. */
function accountOfWallet(db: SqliteHandle, address: string, createdAt: number): Account {
  const known = findAccountByAddress(db, address);
  if (known !== undefined) return known;
  mustHaveRoom(countAccountsEver(db));
  const short = `wallet-${address.slice(0, SHOWN_ADDRESS_DIGITS)}`;
  const accountId = findAccount(db, short) === undefined ? short : `wallet-${address}`;
  addAccountIfAbsent(db, { accountId, role: "provider", ethAddress: address, createdAt });
  return findAccount(db, accountId)!;
}
