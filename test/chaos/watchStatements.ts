import { Database, type Statement } from "bun:sqlite";

type Seen = (sql: string, values: readonly unknown[]) => void;

/** Tells of every statement that this process runs on any database from now on, before and after it. */
export function watchStatements(before: Seen, after: Seen): void {
  const watched = new WeakSet<Statement>();
  function watch(statement: Statement, sql: string): Statement {
    if (watched.has(statement)) return statement;
    watched.add(statement);
    const { run } = statement;
    statement.run = (...values) => {
      before(sql, values);
      const result = run.apply(statement, values);
      after(sql, values);
      return result;
    };
    return statement;
  }
  for (const name of ["prepare", "query"] as const) {
    const original = Database.prototype[name] as (sql: string) => Statement;
    Database.prototype[name] = function (this: Database, sql: string) {
      return watch(original.call(this, sql), sql);
    } as never;
  }
}
