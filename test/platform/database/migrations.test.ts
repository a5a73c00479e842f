import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Revision } from "../../../drizzle/revisions";
import { postgresRevisions, samplesRevisions, sqliteRevisions } from "../../../drizzle/revisions";
import { systemClock } from "../../../src/platform/clock";
import {
  currentRevision,
  migrateDown,
  migrateUp,
  migrationHistory,
  openDatabase,
  openDataFolder,
  resetDatabase,
} from "../../../src/platform/database";
import { planMigration } from "../../../src/platform/database/migrationPlan";
import { sqliteMigrations } from "../../../src/platform/database/sqliteMigrations";
import { UsageError } from "../../../src/platform/errors";
import { outcomes, scratchFolder } from "./support";

const three: Revision[] = [
  { name: "0001_one", up: "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT", down: "DROP TABLE one" },
  {
    name: "0002_two",
    up: "CREATE TABLE two (id INTEGER REFERENCES one(id)) STRICT; INSERT INTO one VALUES (2); INSERT INTO two VALUES (2)",
    down: "DROP TABLE two; DELETE FROM one WHERE id = 2",
  },
  { name: "0003_three", up: "CREATE TABLE three (id INTEGER) STRICT", down: "DROP TABLE three" },
];
const broken: Revision = {
  name: "0004_broken",
  up: "CREATE TABLE four (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1)",
  down: "",
};

function memory(revisions: readonly Revision[] = three, database = new Database(":memory:")) {
  database.run("PRAGMA foreign_keys = ON");
  return { database, target: sqliteMigrations(database, revisions, () => 1_700_000_000_000) };
}

function tablesOf(database: Database): unknown[] {
  return database.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").values().flat();
}

const applied = (...names: string[]) => names.map((name) => ({ name, appliedAt: 0 }));
const [one, two, three3] = ["0001_one", "0002_two", "0003_three"] as [string, string, string];

describe("the plan of a migration", () => {
  const cases: [string[], "up" | "down", string, string[]][] = [
    [[], "up", "head", [one, two, three3]],
    [[one], "up", "head", [two, three3]],
    [[one, two, three3], "up", "head", []],
    [[], "up", "+1", [one]],
    [[one], "up", "+2", [two, three3]],
    [[], "up", "+9", [one, two, three3]],
    [[], "up", "0002_two", [one, two]],
    [[], "up", "0002", [one, two]],
    [[one, two], "up", "0001", []],
    // A revision of another branch that came with a lower number is caught up with.
    [[one, three3], "up", "head", [two]],
    [[one, two, three3], "down", "-1", [three3]],
    [[one, two, three3], "down", "-2", [three3, two]],
    [[one, two, three3], "down", "0001", [three3, two]],
    [[one, two, three3], "down", "base", [three3, two, one]],
    [[], "down", "base", []],
  ];
  test.each(cases)("from %j %s to %s is %j", (done, direction, to, expected) => {
    expect(planMigration(three, applied(...done), direction, to).map(({ name }) => name)).toEqual(expected);
  });

  test.each([
    ["up", "-1"],
    ["up", "base"],
    ["up", "0009"],
    ["up", "+0"],
    ["up", ""],
    ["down", "+1"],
    ["down", "head"],
    ["down", "nonsense"],
  ] as const)("%s to %j is refused", (direction, to) => {
    expect(() => planMigration(three, [], direction, to)).toThrow(UsageError);
  });

  test("a database newer than the program is refused, with both revisions in the sentence", () => {
    expect(() => planMigration(three, applied(one, "0009_later"), "up", "head")).toThrow(
      /revision 0009_later, which this version does not know \(its newest is 0003_three\)/,
    );
  });
});

describe("migrations of SQLite", () => {
  test("go up, down by one, and back, and record what they did", async () => {
    const { database, target } = memory();
    await migrateUp(target);
    expect(tablesOf(database)).toEqual(["migrations", "one", "three", "two"]);
    expect(await currentRevision(target)).toEqual({ name: "0003_three", appliedAt: 1_700_000_000_000 });
    await migrateDown(target);
    expect(tablesOf(database)).toEqual(["migrations", "one", "two"]);
    expect(await migrationHistory(target)).toEqual([
      { name: "0001_one", appliedAt: 1_700_000_000_000 },
      { name: "0002_two", appliedAt: 1_700_000_000_000 },
      { name: "0003_three", appliedAt: null },
    ]);
    expect((await migrateUp(target)).map(({ name }) => name)).toEqual(["0003_three"]);
    await resetDatabase(target);
    expect(database.query("SELECT * FROM two").values()).toEqual([[2]]);
    await migrateDown(target, "base");
    expect(tablesOf(database)).toEqual(["migrations"]);
    expect(await currentRevision(target)).toBeUndefined();
  });

  test("one that fails leaves the state before it, and the earlier ones stand", async () => {
    const { database, target } = memory([...three, broken]);
    expect(String((await outcomes([migrateUp(target)]))[0])).toContain("no such table: nowhere");
    expect(tablesOf(database)).toEqual(["migrations", "one", "three", "two"]);
    expect((await currentRevision(target))?.name).toBe("0003_three");
    expect(database.query("PRAGMA foreign_keys").values()).toEqual([[1]]);
  });

  test("may rebuild a table that others refer to, and may not leave a broken reference", async () => {
    const rebuild = "CREATE TABLE fresh (id INTEGER PRIMARY KEY) STRICT; INSERT INTO fresh SELECT id FROM one;";
    const swap = "DROP TABLE one; ALTER TABLE fresh RENAME TO one;";
    const good = { name: "0004_rebuild", up: rebuild + swap, down: "" };
    const bad = { name: "0005_lossy", up: `${rebuild} DELETE FROM fresh; ${swap}`, down: "" };
    const { database, target } = memory([...three, good, bad]);
    expect(String((await outcomes([migrateUp(target)]))[0])).toContain("0005_lossy (up) leaves a broken reference");
    expect((await currentRevision(target))?.name).toBe("0004_rebuild");
    expect(database.query("SELECT * FROM one JOIN two USING (id)").values()).toEqual([[2]]);
  });

  test("run at start, and a newer database stops the start", async () => {
    using scratch = scratchFolder();
    const options = { version: "1", clock: systemClock, onSamplesError: fail };
    const folder = openDataFolder(scratch.path);
    const first = await openDatabase({ ...options, folder });
    const { id } = first.installation;
    await first.close();
    const second = await openDatabase({ ...options, folder, version: "2" });
    expect(second.installation).toMatchObject({ id, version: "2" });
    await second.close();
    const file = new Database(join(scratch.path, "foresight.db"));
    file.run("INSERT INTO migrations VALUES ('9999_future', 0)");
    file.close();
    const [error] = await outcomes([openDatabase({ ...options, folder })]);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain("9999_future, which this version does not know");
    folder.release();
  });
});

describe("the revisions of the program", () => {
  const lists = { sqlite: sqliteRevisions, postgres: postgresRevisions, samples: samplesRevisions };
  test.each(Object.entries(lists))("of %s are all the files of their folder, in order", (dialect, revisions) => {
    const folder = join(import.meta.dir, "../../../drizzle", dialect);
    const files = revisions.length > 0 ? readdirSync(folder).sort() : [];
    const named = ({ name, adoption }: Revision) =>
      [...(adoption === undefined ? [] : ["adopt.sql"]), "down.sql", "sql"].map((kind) => `${name}.${kind}`);
    expect(revisions.flatMap(named)).toEqual(files);
    for (const { name, up, down } of revisions) {
      expect(name).toMatch(/^\d{4}_[a-z][a-z0-9_]*$/);
      expect(up).toBe(readFileSync(join(folder, `${name}.sql`), "utf8"));
      expect(down).toBe(readFileSync(join(folder, `${name}.down.sql`), "utf8"));
    }
  });

  test.each(Object.entries(lists))("of %s never end the transaction that they run in", (_, revisions) => {
    for (const { up, down } of revisions) expect(up + down).not.toMatch(/^\s*(BEGIN\s*;|COMMIT|ROLLBACK|PRAGMA)/im);
  });

  test.each(Object.entries(lists))("of %s have no constraint that only a commit checks", (_, revisions) => {
    for (const { up } of revisions) expect(up).not.toMatch(/\bDEFERRABLE\b/i);
  });

  test.each([
    ["sqlite", sqliteRevisions],
    ["samples", samplesRevisions],
  ] as const)("of %s make strict tables alone", async (_, revisions) => {
    const { database, target } = memory(revisions);
    await migrateUp(target);
    const loose = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict";
    expect(database.query(`${loose} AND name NOT LIKE 'sqlite_%'`).values()).toEqual([]);
  });

  test.each([
    ["sqlite", sqliteRevisions],
    ["samples", samplesRevisions],
  ] as const)("of %s go down to nothing and up to the same schema again", async (_, revisions) => {
    const { database, target } = memory(revisions);
    const schema = () => database.query("SELECT type, name, sql FROM sqlite_schema ORDER BY name").values();
    await migrateUp(target);
    const before = schema();
    await migrateDown(target, "base");
    expect(tablesOf(database).filter((name) => name !== "migrations" && name !== "sqlite_sequence")).toEqual([]);
    await migrateUp(target);
    expect(schema()).toEqual(before);
  });
});

function fail(error: unknown): never {
  throw error;
}
