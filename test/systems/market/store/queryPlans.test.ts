import { Database } from "bun:sqlite";
import { expect, spyOn, test } from "bun:test";
import { systemClock } from "../../../../src/platform/clock";
import type { SqliteHandle } from "../../../../src/platform/database";
import { countBlocksOf, pageOfSelfMined } from "../../../../src/systems/market/store/blocks";
import { chargedTo, countLeasesOf, paidFor, paidSince } from "../../../../src/systems/market/store/totals";
import { testDatabase } from "../marketBench";

/** The steps in which SQLite would answer what `read` asks. */
async function plansOf(read: (db: SqliteHandle) => unknown): Promise<string[]> {
  const database = await testDatabase(systemClock);
  const asked: [Database, string][] = [];
  const { prepare } = Database.prototype;
  const spy = spyOn(Database.prototype, "prepare").mockImplementation(function (this: Database, sql: string) {
    asked.push([this, sql]);
    return prepare.call(this, sql);
  } as typeof prepare);
  database.read(read);
  spy.mockRestore();
  const plans = asked.flatMap(([file, sql]) =>
    file
      .query<{ detail: string }, []>(`explain query plan ${sql}`)
      .all()
      .map(({ detail }) => detail),
  );
  await database.close();
  return plans;
}

// What one account or worker has done may be a hundred thousand rows: to visit each in its table would take a tenth of a
// second, in which nobody else is served.
test.each<[string, (db: SqliteHandle) => unknown]>([
  ["leases of a consumer by state", (db) => countLeasesOf(db, "c")],
  ["what a consumer was charged", (db) => chargedTo(db, "c")],
  ["what workers have earned", (db) => paidFor(db, ["w", "x"])],
  ["what they have earned since a time", (db) => paidSince(db, ["w", "x"], 1)],
  ["how many blocks they have found", (db) => countBlocksOf(db, ["w", "x"], 1)],
])("an index alone tells %s", async (_, read) => {
  const plans = await plansOf(read);
  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter((step) => /^(SCAN|SEARCH)/.test(step) && !step.includes("USING COVERING INDEX"))).toEqual([]);
});

test("a worker's self-mined blocks are found by an index of such blocks, in their order", async () => {
  const plans = await plansOf((db) => pageOfSelfMined(db, { workerId: "w", limit: 10, offset: 0 }));
  expect(plans.filter((step) => !step.includes("market_blocks_self_mined"))).toEqual([]);
  expect(plans.length).toBe(2);
});
