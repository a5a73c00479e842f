import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sqliteRevisions } from "../../drizzle/revisions";
import { systemClock } from "../../src/platform/clock";
import { makeBackup, openDatabase, openDataFolder } from "../../src/platform/database";
import { type Random, seededRandom } from "../../src/platform/random";
import { scratchFolder } from "../platform/database/support";
import { seeds } from "../support/seeds";

setDefaultTimeout(30_000);

const WRITER = join(import.meta.dir, "databaseWriter.ts");
const MIGRATOR = join(import.meta.dir, "databaseMigrator.ts");
const MAIN = join(import.meta.dir, "../../src/main.ts");
const KILLS_PER_SEED = 3;

/** Starts a writer, kills it in the middle of its work, and gives every number that it acknowledged. */
async function writeUntilKilled(folder: string, random: Random): Promise<number[]> {
  const parallel = 1 + random.below(100);
  const child = Bun.spawn([process.execPath, WRITER, folder, String(parallel)], { stdout: "pipe", stderr: "inherit" });
  const killAfter = 1 + random.below(3000);
  let said = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk);
    if (said.split("\n").length > killAfter) child.kill("SIGKILL");
  }
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
  // What follows the last line feed is a line that was cut off by the kill.
  return said.split("\n").slice(0, -1).map(Number);
}

describe("kill -9", () => {
  test.each(seeds(3, 60))("loses no acknowledged transaction and halves none (seed %d)", async (seed) => {
    using scratch = scratchFolder();
    const random = seededRandom(seed);
    const acknowledged: number[] = [];
    for (let kill = 0; kill < KILLS_PER_SEED; kill++) {
      acknowledged.push(...(await writeUntilKilled(scratch.path, random)));
      const file = new Database(join(scratch.path, "foresight.db"));
      expect(file.query("PRAGMA integrity_check").values()).toEqual([["ok"]]);
      expect(file.query("SELECT coalesce(sum(units), 0) FROM notes").values()).toEqual([[0]]);
      const kept = new Set(file.query("SELECT body FROM notes").values().flat());
      expect(kept.size).toBeGreaterThanOrEqual(2 * acknowledged.length);
      const missing = acknowledged.filter((number) => !kept.has(`debit ${number}`) || !kept.has(`credit ${number}`));
      expect(missing).toEqual([]);
      file.close();
    }
    expect(acknowledged.length).toBeGreaterThan(KILLS_PER_SEED);
  });

  test.each(seeds(2, 30))("in the middle of a migration leaves the old state (seed %d)", async (seed) => {
    using scratch = scratchFolder();
    const options = { version: "1", clock: systemClock, onSamplesError: fail };
    const folder = openDataFolder(scratch.path);
    const before = await openDatabase({ ...options, folder });
    const { id } = before.installation;
    await before.close();
    folder.release();
    const child = Bun.spawn([process.execPath, MIGRATOR, scratch.path], { stdout: "pipe", stderr: "inherit" });
    const reader = child.stdout.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("migrating");
    const wal = join(scratch.path, "foresight.db-wal");
    const enoughBytes = seededRandom(seed).below(16 * 1024 * 1024);
    await until(() => (statSync(wal, { throwIfNoEntry: false })?.size ?? 0) > enoughBytes);
    child.kill("SIGKILL");
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
    const again = openDataFolder(scratch.path);
    const after = await openDatabase({ ...options, folder: again });
    expect(after.installation.id).toBe(id);
    await after.close();
    const file = new Database(join(scratch.path, "foresight.db"));
    expect(file.query("SELECT name FROM sqlite_schema WHERE name IN ('heap', 'moved')").values()).toEqual([]);
    const applied = file.query("SELECT name FROM migrations ORDER BY name").values().flat();
    expect(applied).toEqual(sqliteRevisions.map(({ name }) => name));
    file.close();
    again.release();
  });

  test.each(seeds(3, 60))(
    "in the middle of a restore leaves all of the old or all of the new, its database outside (seed %d)",
    async (seed) => {
      using scratch = scratchFolder();
      const [source, target] = [join(scratch.path, "source"), join(scratch.path, "target")];
      for (const [folder, text] of [
        [source, "new"],
        [target, "old"],
      ] as const) {
        openDataFolder(folder).release();
        writeWord(`${folder}.db`, text);
        for (let i = 0; i < FILES; i++) writeFileSync(join(folder, `${text}-${i}`), text.repeat(1000));
        writeFileSync(join(folder, "both"), text);
      }
      const from = join(scratch.path, "backup.tar.gz");
      await makeBackup({ dataDir: source, databaseFile: `${source}.db`, to: from, version: "1", nowMs: 0 });
      const place = ["--data-dir", target, "--db-path", `${target}.db`];
      const arguments_ = ["restore", "--from", from, ...place, "--force"];
      const child = Bun.spawn([process.execPath, MAIN, ...arguments_], { stdout: "ignore", stderr: "inherit" });
      const enough = 1 + seededRandom(seed).below(FILES + 20);
      await until(() => progressOf(target) >= enough || child.exitCode !== null);
      child.kill("SIGKILL");
      await child.exited;
      openDataFolder(target, `${target}.db`).release();
      const kept = readdirSync(target).filter((name) => !name.endsWith(".lock"));
      const text = readFileSync(join(target, "both"), "utf8");
      // The database, which is outside the folder, goes with it.
      expect(wordIn(`${target}.db`)).toBe(text);
      expect(kept.sort()).toEqual(["both", ...Array.from({ length: FILES }, (_, i) => `${text}-${i}`)].sort());
    },
  );
});

/** Makes a database that holds nothing but a word. */
function writeWord(path: string, word: string): void {
  const database = new Database(path, { create: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run("CREATE TABLE words (word TEXT) STRICT");
  database.run("INSERT INTO words VALUES (?)", [word]);
  database.close();
}

function wordIn(path: string): unknown {
  const database = new Database(path);
  const [[word] = []] = database.query("SELECT word FROM words").values();
  database.close();
  return word;
}

const FILES = 150;

/** How many files a restore has unpacked, or twice as many as there are when it is past that. */
function progressOf(folder: string): number {
  const names = readdirSync(folder);
  if (names.includes(".restored") || names.includes(".arriving")) return 2 * FILES;
  return names.includes(".restoring") ? unpackedIn(join(folder, ".restoring")) : 0;
}

function unpackedIn(staging: string): number {
  try {
    return readdirSync(staging).length;
  } catch (error) {
    // It was renamed between the two looks.
    if ((error as { code?: string }).code === "ENOENT") return 2 * FILES;
    throw error;
  }
}

const DEADLINE_MS = 10_000;

async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error("The process did not get so far.");
    await Bun.sleep(1);
  }
}

function fail(error: unknown): never {
  throw error;
}
