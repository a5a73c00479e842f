import { and, count, desc, eq, lte, sql } from "drizzle-orm";
import { exact, insertOf, type SqliteHandle, statement } from "../../../platform/database";
import type { Nano } from "../rules/money";
import { type JournalRow, tables } from "../tables";

const { accounts, journal } = tables;
const placeholder = sql.placeholder;

export type EntryKind =
  | "deposit"
  | "withdraw"
  | "lease_charge"
  | "provider_payout"
  | "platform_fee"
  | "transfer_in"
  | "transfer_out";

/** One line of a change: what an account gains, or loses when negative. */
export interface Entry {
  accountId: string;
  kind: EntryKind;
  amount: Nano;
}

const balanceRow = statement((db: SqliteHandle) =>
  db
    .select({ balance: accounts.balance })
    .from(accounts)
    .where(eq(accounts.accountId, placeholder("accountId")))
    .prepare(),
);
const changedBalance = statement((db: SqliteHandle) =>
  db
    .update(accounts)
    .set({ balance: sql`${accounts.balance} + ${placeholder("amount")}` })
    .where(eq(accounts.accountId, placeholder("accountId")))
    .prepare(),
);
const newEntry = statement((db: SqliteHandle) => insertOf(db, journal).prepare());

/** What an account holds. @throws Error when there is no such account. */
export function balanceOf(db: SqliteHandle, accountId: string): Nano {
  const row = balanceRow(db).get({ accountId });
  if (row === undefined) throw new Error(`there is no account ${JSON.stringify(accountId)} in the ledger`);
  return row.balance;
}

/**
 * Posts one change of money: balances and journal together. Lines of nothing are left out.
 * @throws Error when the lines do not sum to zero, or an account is missing or would owe.
 */
export function post(db: SqliteHandle, entries: readonly Entry[], referenceId: string, createdAt: number): void {
  const sum = entries.reduce((total, { amount }) => total + amount, 0n);
  if (sum !== 0n) throw new Error(`the lines of a change sum to ${sum}, expected 0`);
  for (const { accountId, kind, amount } of entries) {
    if (amount === 0n) continue;
    changedBalance(db).run({ accountId, amount });
    newEntry(db).run({ accountId, kind, amount, referenceId, createdAt });
  }
}

const linePage = statement((db: SqliteHandle) =>
  db
    .select()
    .from(journal)
    .where(eq(journal.accountId, placeholder("accountId")))
    .orderBy(desc(journal.seq))
    .limit(placeholder("limit"))
    .offset(placeholder("offset"))
    .prepare(),
);
const lineCount = statement((db: SqliteHandle) =>
  db
    .select({ total: count() })
    .from(journal)
    .where(eq(journal.accountId, placeholder("accountId")))
    .prepare(),
);

/** What moved an account's money, newest first. */
export function linesOf(db: SqliteHandle, accountId: string, limit: number, offset: number): JournalRow[] {
  return linePage(db).all({ accountId, limit, offset });
}

export function countLinesOf(db: SqliteHandle, accountId: string): number {
  return lineCount(db).get({ accountId })?.total ?? 0;
}

/** What an account held just after a line. */
export function balanceAfterLine(db: SqliteHandle, accountId: string, seq: number): Nano {
  const wanted = and(eq(journal.accountId, accountId), lte(journal.seq, seq));
  const total = exact(sql`coalesce(sum(${journal.amount}), 0)`);
  return db.select({ total }).from(journal).where(wanted).all()[0]?.total ?? 0n;
}

/** What the ledger says of itself; all three are zero as long as money is neither made nor lost. */
export interface Audit {
  /** Sum over the journal. */
  journalSum: Nano;
  /** Sum over all balances, the outside included. */
  balanceSum: Nano;
  /** Accounts whose balance is not the sum of their lines. */
  wrongAccounts: number;
}

/** Adds up the whole ledger: reads every line, so it is for checks and not for requests. */
export function audit(db: SqliteHandle): Audit {
  const total = (column: typeof journal.amount | typeof accounts.balance) => exact(sql`coalesce(sum(${column}), 0)`);
  const lines = sql`(select coalesce(sum(${journal.amount}), 0) from ${journal} where ${journal.accountId} = ${accounts.accountId})`;
  const [journalRow] = db
    .select({ sum: total(journal.amount) })
    .from(journal)
    .all();
  const [balanceRows] = db
    .select({ sum: total(accounts.balance) })
    .from(accounts)
    .all();
  const wrong = db
    .select({ id: accounts.accountId })
    .from(accounts)
    .where(and(sql`${accounts.balance} <> ${lines}`))
    .all();
  return { journalSum: journalRow?.sum ?? 0n, balanceSum: balanceRows?.sum ?? 0n, wrongAccounts: wrong.length };
}
