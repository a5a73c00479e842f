import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/platform/clock";
import { openDatabase, openDataFolder } from "../../src/platform/database";
import { sqliteRevisions } from "../../src/platform/database/revisions";
import { type Random, seededRandom } from "../../src/platform/random";
import { scratchFolder } from "../platform/database/support";
import { seeds } from "../support/seeds";

const WRITER = join(import.meta.dir, "databaseWriter.ts");
const MIGRATOR = join(import.meta.dir, "databaseMigrator.ts");
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
    const options = { version: "1", clock: systemClock, onFiguresError: fail };
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
});

const DEADLINE_MS = 10_000;

async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error("The migration did not begin to write.");
    await Bun.sleep(1);
  }
}

function fail(error: unknown): never {
  throw error;
}
