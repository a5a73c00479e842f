import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sqliteRevisions } from "../../../drizzle/revisions";
import { systemClock } from "../../../src/platform/clock";
import { migrateUp, openDatabase, openDataFolder } from "../../../src/platform/database";
import { sqliteMigrations } from "../../../src/platform/database/sqliteMigrations";
import { scratchFolder } from "./support";

const GOLDEN = join(import.meta.dir, "../../golden/database");
const releases = readdirSync(GOLDEN).filter((name) => name.endsWith(".sqlite"));

function schemaOf(database: Database): unknown[] {
  return database
    .query("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .values();
}

test("there is a golden database for each release", () => {
  expect(releases).toContain("0.1.0.sqlite");
});

test.each(releases)("the database of %s is upgraded to this version's schema, with its rows", async (release) => {
  using scratch = scratchFolder();
  copyFileSync(join(GOLDEN, release), join(scratch.path, "foresight.db"));
  const folder = openDataFolder(scratch.path);
  const opened = await openDatabase({
    folder,
    version: "99.0.0",
    clock: systemClock,
    onSamplesError: (error) => {
      throw error;
    },
  });
  const released = release.replace(".sqlite", "");
  const createdAt = Date.UTC(2026, 0, 1);
  expect(opened.installation).toEqual({ id: `golden-${released}`, createdAt, version: "99.0.0" });
  await opened.close();
  folder.release();

  const upgraded = new Database(join(scratch.path, "foresight.db"));
  const fresh = new Database(":memory:");
  await migrateUp(sqliteMigrations(fresh, sqliteRevisions, Date.now));
  expect(schemaOf(upgraded)).toEqual(schemaOf(fresh));
  expect(upgraded.query("PRAGMA integrity_check").values()).toEqual([["ok"]]);
  expect(upgraded.query("PRAGMA foreign_key_check").values()).toEqual([]);
  upgraded.close();
});
