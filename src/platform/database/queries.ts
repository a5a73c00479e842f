import { type AnyColumn, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { parameter } from "./insertOf";
import { statement } from "./statement";
import type { Storage, StorageHandle } from "./storage";

/**
 * A 64-bit integer that a query computes (`exact(sum(accounts.balance))`), whole: SQLite would round it on the way.
 * Null where the expression is, such as a sum over no rows.
 */
export function exact(expression: AnyColumn | SQL): SQL<bigint | null> {
  return sql`cast(${expression} as text)`.mapWith(BigInt) as SQL<bigint | null>;
}

/**
 * The rows of a select, held until the end of the transaction; rows that another transaction holds are passed over, so
 * that of many who take from one queue each gets rows of its own. SQLite runs one transaction at a time anyway.
 */
export function lockedRows<Select extends { for?: unknown }>(
  storage: Pick<Storage, "dialect">,
  select: Select,
): Select {
  if (storage.dialect === "sqlite") return select;
  const lockable = select as unknown as { for(strength: "update", config: { skipLocked: true }): Select };
  return lockable.for("update", { skipLocked: true });
}

/** Inserts whole rows by a statement that is prepared once: `insertRows(users, "insert_user")(db, row)`. */
export function insertRows<Table extends PgTable>(table: Table, name: string) {
  const insert = statement((db: StorageHandle) => {
    const values = Object.fromEntries(
      Object.entries(getTableColumns(table)).map(([name, column]) => [name, parameter(name, column)]),
    );
    return db
      .insert(table)
      .values(values as Table["$inferInsert"])
      .prepare(name);
  });
  return async (db: StorageHandle, row: Table["$inferSelect"]): Promise<void> => {
    await insert(db).execute(row as Record<string, unknown>);
  };
}

const UNIQUE_SQLITE = new Set(["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"]);
const UNIQUE_POSTGRES = "23505";

/** Whether a rejected write met a row with the same unique key. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, errno, cause } = (error ?? {}) as { code?: string; errno?: string | number; cause?: unknown };
  if (UNIQUE_SQLITE.has(code ?? "") || errno === UNIQUE_POSTGRES) return true;
  return cause !== undefined && isUniqueViolation(cause);
}
