import type { z } from "zod";
import type { SqliteDatabase } from "../../../platform/database";
import { mustFind } from "../dealings/accounts";
import { xnmOf } from "../rules/money";
import type { statement } from "../schema/accounts";
import { balanceAfterLine, countLinesOf, linesOf } from "../store/ledger";
import { type OffsetQuery, offsetPage } from "./pages";

/** The journal of an account as its owner reads it (docs/market.md, Statements). */
export interface Statements {
  /** Newest first. @throws RequestError 404 */
  page(accountId: string, query: OffsetQuery): z.infer<typeof statement>;
  /** The same as CSV. @throws RequestError 404 */
  csv(accountId: string, query: OffsetQuery): string;
}

const COLUMNS = ["time", "kind", "amount", "balance", "reference"] as const;

export function createStatements(database: SqliteDatabase): Statements {
  function page(accountId: string, query: OffsetQuery): z.infer<typeof statement> {
    return database.read((db) => {
      mustFind(db, accountId);
      const lines = linesOf(db, accountId, query.limit, query.offset);
      let balance = lines[0] === undefined ? 0n : balanceAfterLine(db, accountId, lines[0].seq);
      const items = lines.map(({ createdAt, kind, amount, referenceId }) => {
        const item = {
          time: createdAt / 1000,
          kind,
          amount: xnmOf(amount),
          balance: xnmOf(balance),
          reference: referenceId,
        };
        balance -= amount;
        return item;
      });
      return offsetPage(items, countLinesOf(db, accountId), query);
    });
  }
  return {
    page,
    csv(accountId, query) {
      const rows = page(accountId, query).items.map((item) => COLUMNS.map((column) => cell(item[column])).join(","));
      return `${[COLUMNS.join(","), ...rows].join("\n")}\n`;
    },
  };
}

/** References are ids of our own, or of an older file: what a table would take for a formula is escaped. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
