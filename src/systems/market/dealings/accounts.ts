import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import { deriveApiKey, hashApiKey } from "../identity/apiKeys";
import { mustHaveRoom, OUTSIDE_ID, RESERVED_IDS, TREASURY_ID } from "../rules/accountIds";
import { MAX_AMOUNT_XNM, MAX_BALANCE, type Nano, nanoOf, xnmOf } from "../rules/money";
import {
  type Account,
  addAccountIfAbsent,
  addApiKey,
  countAccountsEver,
  findAccount,
  removeApiKeys,
} from "../store/accounts";
import { activeLeasesOf } from "../store/leases";
import { balanceOf, type EntryKind, post } from "../store/ledger";
import { type OnceKey, once } from "./once";

/** The accounts that every market begins with; the demo, the dashboard and old tests use these names. */
const FIRST_ACCOUNTS: readonly { accountId: string; xnm: number; ethAddress: string; withKey: boolean }[] = [
  { accountId: "consumer-1", xnm: 1000, ethAddress: "0xaabbccddee1234567890abcdef1234567890abcd", withKey: true },
  { accountId: "consumer-2", xnm: 500, ethAddress: "0x1111111111222222222233333333334444444444", withKey: true },
  { accountId: TREASURY_ID, xnm: 0, ethAddress: "", withKey: false },
];

export interface NewAccountRequest {
  accountId: string;
  role: string;
  ethAddress: string;
  /** Opening balance in XNM. */
  balance: number;
}

export interface Accounts {
  /** Creates the treasury, and in open mode the consumers that tests expect. */
  start(): Promise<void>;
  /** @throws RequestError 400 for a bad role, id or balance, and for an id that is taken. */
  register(request: NewAccountRequest): Promise<{ account: Account; apiKey: string }>;
  /** The account's key, made when there is none; `regenerate` makes a new one and shuts the old ones out. */
  login(accountId: string, options: { regenerate: boolean }): Promise<{ account: Account; apiKey: string }>;
  /** Each gives the new balance. @throws RequestError 404 for an unknown account, 400 for what cannot be posted. */
  deposit(accountId: string, xnm: number, key?: OnceKey): Promise<Nano>;
  withdraw(accountId: string, xnm: number, key?: OnceKey): Promise<Nano>;
  transfer(fromId: string, toId: string, xnm: number): Promise<Nano>;
}

export interface AccountsOptions {
  database: SqliteDatabase;
  clock: Clock;
  /** What API keys are derived from. */
  secret: string;
  /** Whether the consumers that tests expect are created. */
  withTestAccounts: boolean;
}

/** Accounts, their keys and their money; every change is one transaction (docs/market.md, Accounts and Money). */
export function createAccounts(options: AccountsOptions): Accounts {
  const { database, clock, secret, withTestAccounts } = options;

  return {
    start: () =>
      database.transact((db) => {
        addAccountIfAbsent(db, { accountId: OUTSIDE_ID, role: "outside", ethAddress: "", createdAt: clock.now() });
        for (const { accountId, xnm, ethAddress, withKey } of FIRST_ACCOUNTS) {
          if (withKey && !withTestAccounts) continue;
          const known = findAccount(db, accountId);
          const account =
            known ?? newAccount(db, { accountId, role: "consumer", ethAddress, balance: xnm }, clock.now());
          if (withKey && account.keyVersion === 0) ensureKey(db, secret, account);
        }
      }),

    async register(request) {
      checkNewAccount(request);
      return database.transact((db) => {
        if (findAccount(db, request.accountId) !== undefined) {
          throw new RequestError(400, `Account '${request.accountId}' already exists`);
        }
        mustHaveRoom(countAccountsEver(db));
        const account = newAccount(db, request, clock.now());
        return { account, apiKey: ensureKey(db, secret, account) };
      });
    },

    login: (accountId, { regenerate }) =>
      database.transact((db) => {
        const account = findAccount(db, accountId);
        if (account === undefined) throw new RequestError(404, `Account '${accountId}' not found`);
        if (!regenerate) return { account, apiKey: ensureKey(db, secret, account) };
        removeApiKeys(db, accountId);
        return { account, apiKey: ensureKey(db, secret, { ...account, keyVersion: account.keyVersion + 1 }) };
      }),

    async deposit(accountId, xnm, key) {
      const amount = positive(xnm, "Deposit");
      return database.transact((db) =>
        balanceAfter(db, key, clock.now(), () => deposit(db, mustFind(db, accountId).accountId, amount, clock.now())),
      );
    },

    async withdraw(accountId, xnm, key) {
      const amount = positive(xnm, "Withdraw");
      return database.transact((db) =>
        balanceAfter(db, key, clock.now(), () => {
          const free = uncommitted(db, mustFind(db, accountId));
          const taken = amountWithin(free, xnm, amount);
          return move(db, [accountId, OUTSIDE_ID], taken, ["withdraw", "withdraw"], clock.now());
        }),
      );
    },

    async transfer(fromId, toId, xnm) {
      if (fromId === toId) throw new RequestError(400, "An account cannot transfer to itself");
      const amount = positive(xnm, "Transfer");
      return database.transact((db) => {
        mustFind(db, toId);
        mustHave(uncommitted(db, mustFind(db, fromId)), amount);
        return move(db, [fromId, toId], amount, ["transfer_out", "transfer_in"], clock.now());
      });
    },
  };
}

/** The balance that a change leaves, or the one that the same request left when it came first. */
function balanceAfter(db: SqliteHandle, key: OnceKey | undefined, nowMs: number, change: () => Nano): Nano {
  const result = once(db, key, nowMs, change, String);
  return "before" in result ? BigInt(result.before) : result.done;
}

function ensureKey(db: SqliteHandle, secret: string, { accountId, keyVersion }: Account): string {
  const version = Math.max(keyVersion, 1);
  const key = deriveApiKey(secret, accountId, version);
  addApiKey(db, accountId, version, hashApiKey(key));
  return key;
}

function newAccount(db: SqliteHandle, request: NewAccountRequest, createdAt: number): Account {
  const { accountId, role, ethAddress, balance } = request;
  addAccountIfAbsent(db, { accountId, role: role as Account["role"], ethAddress, createdAt });
  deposit(db, accountId, nanoOf(balance), createdAt);
  return mustFind(db, accountId);
}

function deposit(db: SqliteHandle, accountId: string, amount: Nano, nowMs: number): Nano {
  if (balanceOf(db, OUTSIDE_ID) - amount < -MAX_BALANCE) {
    throw new RequestError(400, `The market holds at most ${xnmOf(MAX_BALANCE)} XNM in all`);
  }
  return move(db, [OUTSIDE_ID, accountId], amount, ["deposit", "deposit"], nowMs);
}

/** Moves money between two accounts; gives what the first holds then, or the second where the first is outside. */
function move(
  db: SqliteHandle,
  [fromId, toId]: readonly [from: string, to: string],
  amount: Nano,
  kinds: readonly [from: EntryKind, to: EntryKind],
  nowMs: number,
): Nano {
  const lines = [
    { accountId: fromId, kind: kinds[0], amount: -amount },
    { accountId: toId, kind: kinds[1], amount },
  ];
  post(db, lines, "", nowMs);
  return balanceOf(db, fromId === OUTSIDE_ID ? toId : fromId);
}

/** @throws RequestError 404 when there is no such account. */
export function mustFind(db: SqliteHandle, accountId: string): Account {
  const account = findAccount(db, accountId);
  if (account === undefined) throw new RequestError(404, "Account not found");
  return account;
}

/** What is left of a balance beside what is set aside for leases that run: that can be neither withdrawn nor given away. */
export function uncommitted(db: SqliteHandle, { accountId, balance }: Account): Nano {
  const rest = activeLeasesOf(db, accountId).reduce((left, { reserved }) => left - reserved, balance);
  return rest > 0n ? rest : 0n;
}

/** @throws RequestError 400 when there is less than `amount`. */
export function mustHave(balance: Nano, amount: Nano): void {
  if (balance >= amount) return;
  const have = xnmOf(balance).toFixed(4);
  throw new RequestError(400, `Insufficient balance: have ${have}, need ${xnmOf(amount).toFixed(4)}`);
}

/**
 * The amount, or all there is where that was told as this very number: a double does not hold every amount.
 * @throws RequestError 400 when there is less.
 */
function amountWithin(free: Nano, xnm: number, amount: Nano): Nano {
  if (xnmOf(free) === xnm) return free;
  mustHave(free, amount);
  return amount;
}

function positive(xnm: number, what: string): Nano {
  const amount = nanoOf(xnm);
  if (amount <= 0n) throw new RequestError(400, `${what} amount must be positive`);
  return amount;
}

function checkNewAccount({ accountId, role, balance }: NewAccountRequest): void {
  if (role !== "provider" && role !== "consumer") {
    throw new RequestError(400, "Role must be 'provider' or 'consumer'");
  }
  if (accountId.trim() === "") throw new RequestError(400, "account_id must not be empty");
  if (RESERVED_IDS.includes(accountId)) throw new RequestError(400, `Account id '${accountId}' is reserved`);
  if (balance < 0) throw new RequestError(400, "balance must not be negative");
  if (balance > MAX_AMOUNT_XNM) throw new RequestError(400, `balance must be at most ${MAX_AMOUNT_XNM}`);
}
