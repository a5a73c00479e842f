/**
 * Makes the golden database of this version, which every later one must upgrade: run it at a release.
 *
 *     bun test/platform/database/makeGolden.ts [REVISION]
 *
 * A revision, such as 0001, stops there; without one it is the newest.
 */
import { Database } from "bun:sqlite";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { sqliteRevisions } from "../../../drizzle/revisions";
import { migrateUp } from "../../../src/platform/database";
import { sqliteMigrations } from "../../../src/platform/database/sqliteMigrations";
import { VERSION } from "../../../src/platform/version";

const RELEASED_AT_MS = Date.UTC(2026, 0, 1);
const file = join(import.meta.dir, "../../golden/database", `${VERSION}.sqlite`);

rmSync(file, { force: true });
const database = new Database(file, { create: true, readwrite: true });
await migrateUp(
  sqliteMigrations(database, sqliteRevisions, () => RELEASED_AT_MS),
  process.argv[2] ?? "head",
);
database.run("INSERT INTO installation (id, created_at, version) VALUES (?, ?, ?)", [
  `golden-${VERSION}`,
  RELEASED_AT_MS,
  VERSION,
]);
database.run("VACUUM");
database.close();
