/** Where a market is killed: before or after a statement, or instead of sending a message. */
export interface KillPoint {
  before?: StatementTest;
  after?: StatementTest;
  message?: (payload: string) => boolean;
}

type StatementTest = (sql: string, values: readonly unknown[]) => boolean;

/** A statement that begins so, and one of whose values is `value` where one is given. */
function is(start: string, value?: string): StatementTest {
  return (sql, values) => sql.startsWith(start) && (value === undefined || values.includes(value));
}

export const KILL_POINTS: Readonly<Record<string, KillPoint>> = {
  "after the debit, before the credit": { after: is('insert into "market_journal"', "lease_charge") },
  "before the debit": { before: is('update "market_accounts" set "balance"') },
  "after the settlement, before its money": { after: is('insert into "market_settlements"') },
  "after the lease, before its task": { after: is('insert into "market_leases"') },
  "before the commit": { before: is("COMMIT") },
  "after the commit, before the answer": { after: is("COMMIT") },
  "between settlement and release": { message: (payload) => payload.includes("release") },
  "between lease and task": { message: (payload) => payload.includes("assign_task") },
  "before a sent message is forgotten": { before: is('delete from "market_outbox"') },
};
