import { systemClock } from "../../src/platform/clock";
import { openDatabase, openDataFolder } from "../../src/platform/database";
import { createLog } from "../../src/platform/log";
import { convertOriginal } from "../../src/systems/market/original/convert";
import { die } from "./die";
import { watchStatements } from "./watchStatements";

/**
 * Takes a file of the original over and is killed at a statement of it: `bun marketConverter.fixture.ts FOLDER NUMBER`. With a
 * number beyond the last it says `done` and the number of statements.
 */
const [folder, number] = process.argv.slice(2) as [string, string];
let statements = 0;
const database = await openDatabase({
  folder: openDataFolder(folder, "marketplace.db"),
  version: "test",
  clock: systemClock,
  onSamplesError: (error) => process.stdout.write(`fault ${error}\n`),
});
watchStatements(
  () => undefined,
  () => {
    if (++statements === Number(number)) die();
  },
);
await convertOriginal(database, systemClock, createLog({ level: "error", clock: systemClock, sink: () => undefined }));
process.stdout.write(`done ${statements}\n`);
await database.close();
