/** Starts a migration of the data folder named by the first argument that takes long enough to be killed in. */

import { sqliteRevisions } from "../../drizzle/revisions";
import { systemClock } from "../../src/platform/clock";
import { openDatabase, openDataFolder } from "../../src/platform/database";

const endless = {
  name: "9002_endless",
  up:
    "ALTER TABLE installation RENAME TO moved; CREATE TABLE heap (n INTEGER, body TEXT) STRICT; " +
    "INSERT INTO heap WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter LIMIT 1e9) " +
    "SELECT n, hex(randomblob(100)) FROM counter",
  down: "",
};

const folder = openDataFolder(process.argv[2]!);
process.stdout.write("migrating");
await openDatabase({
  folder,
  version: "2",
  clock: systemClock,
  onSamplesError: () => undefined,
  revisions: { main: [...sqliteRevisions, endless], samples: [] },
});
