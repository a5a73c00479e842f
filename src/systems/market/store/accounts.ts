import { and, asc, count, eq, max, ne, sql } from "drizzle-orm";
import { insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { type AccountRow, tables } from "../tables";

const { accounts, apiKeys } = tables;
const placeholder = sql.placeholder;

export type Account = AccountRow & { role: "provider" | "consumer" };

const isInside = ne(accounts.role, "outside");

const byId = statement((db: SqliteHandle) =>
  db
    .select()
    .from(accounts)
    .where(and(eq(accounts.accountId, placeholder("accountId")), isInside))
    .prepare(),
);
const ofWallet = statement((db: SqliteHandle) =>
  db
    .select()
    .from(accounts)
    .where(and(eq(accounts.ethAddress, placeholder("address")), ne(accounts.addressProof, "claimed"), isInside))
    .orderBy(asc(sql`${accounts.addressProof} <> 'signed'`), asc(accounts.seq))
    .limit(1)
    .prepare(),
);
const byKeyHash = statement((db: SqliteHandle) =>
  db
    .select({ account: accounts })
    .from(apiKeys)
    .innerJoin(accounts, eq(accounts.accountId, apiKeys.accountId))
    .where(eq(apiKeys.keyHash, placeholder("keyHash")))
    .prepare(),
);
const everyAccount = statement((db: SqliteHandle) =>
  db.select().from(accounts).where(isInside).orderBy(asc(accounts.seq)).prepare(),
);
const roleCounts = statement((db: SqliteHandle) =>
  db.select({ role: accounts.role, count: count() }).from(accounts).where(isInside).groupBy(accounts.role).prepare(),
);

export function findAccount(db: SqliteHandle, accountId: string): Account | undefined {
  return byId(db).get({ accountId }) as Account | undefined;
}

/**
 * The account that a wallet's signature leads to: the first that was signed for with this address in any case, else the
 * first whose worker's miner registered it. An address that somebody only said leads nowhere.
 */
export function findAccountOfWallet(db: SqliteHandle, address: string): Account | undefined {
  return ofWallet(db).get({ address }) as Account | undefined;
}

export function findAccountByKey(db: SqliteHandle, keyHash: string): Account | undefined {
  return byKeyHash(db).get({ keyHash })?.account as Account | undefined;
}

/** Every account in the order of creation. */
export function listAccounts(db: SqliteHandle): Account[] {
  return everyAccount(db).all() as Account[];
}

export function countAccountsByRole(db: SqliteHandle): { provider: number; consumer: number } {
  const counts = { provider: 0, consumer: 0 };
  for (const { role, count: rows } of roleCounts(db).all()) if (role !== "outside") counts[role] = rows;
  return counts;
}

const newAccount = statement((db: SqliteHandle) =>
  insertOf(db, accounts, { balance: 0n, keyVersion: 0 }).onConflictDoNothing().prepare(),
);
const newAddress = statement((db: SqliteHandle) =>
  db
    .update(accounts)
    .set({
      ethAddress: sql`${placeholder("ethAddress")}`,
      addressProof: sql`${placeholder("addressProof")}`,
    })
    .where(eq(accounts.accountId, placeholder("accountId")))
    .prepare(),
);

const newestSeq = statement((db: SqliteHandle) =>
  db
    .select({ seq: max(accounts.seq) })
    .from(accounts)
    .prepare(),
);

/** How many accounts were ever made; none is ever removed. */
export function countAccountsEver(db: SqliteHandle): number {
  return newestSeq(db).get()?.seq ?? 0;
}

export interface NewAccount {
  accountId: string;
  role: "provider" | "consumer" | "outside";
  ethAddress: string;
  /** How the address is known; only said where nothing is given. */
  addressProof?: AddressProof;
  createdAt: number;
}

export type AddressProof = AccountRow["addressProof"];

/** Creates an account with nothing in it, unless there is one of this id. */
export function addAccountIfAbsent(db: SqliteHandle, account: NewAccount): void {
  newAccount(db).run({ addressProof: "claimed", ...account });
}

/** Gives an account another address, or says how the one that it has is known. */
export function saveAddress(
  db: SqliteHandle,
  address: { accountId: string; ethAddress: string; addressProof: AddressProof },
): void {
  newAddress(db).run(address);
}

const newKey = statement((db: SqliteHandle) => insertOf(db, apiKeys).onConflictDoNothing().prepare());
const deadKeys = statement((db: SqliteHandle) =>
  db
    .delete(apiKeys)
    .where(eq(apiKeys.accountId, placeholder("accountId")))
    .prepare(),
);
const keyVersion = statement((db: SqliteHandle) =>
  db
    .update(accounts)
    .set({ keyVersion: sql`${placeholder("keyVersion")}` })
    .where(eq(accounts.accountId, placeholder("accountId")))
    .prepare(),
);

/** Lets a key in; keys that the account had before stay good. */
export function addApiKey(db: SqliteHandle, accountId: string, version: number, keyHash: string): void {
  keyVersion(db).run({ accountId, keyVersion: version });
  newKey(db).run({ accountId, keyHash });
}

/** Shuts out every key of an account. */
export function removeApiKeys(db: SqliteHandle, accountId: string): void {
  deadKeys(db).run({ accountId });
}
