import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sqliteRevisions } from "../../../drizzle/revisions";
import { openDataFolder } from "../../../src/platform/database";
import { scratchFolder } from "./support";

setDefaultTimeout(30_000);

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

const MAIN = join(import.meta.dir, "../../../src/main.ts");
const names = sqliteRevisions.map(({ name }) => name);
const [oldest, newest] = [names[0]!, names.at(-1)!];

/** Runs the program in the scratch folder, without this process's settings. */
async function foresight(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn([process.execPath, MAIN, ...args], {
    cwd: scratch.path,
    env: { PATH: process.env["PATH"] },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

describe("the commands of storage", () => {
  test("migrate goes up, back, down to nothing and up again, and says what it did", async () => {
    const data = ["--data-dir", "moved"];
    const up = await foresight("migrate", "up", ...data);
    expect(up).toMatchObject({ code: 0, err: "" });
    expect(up.out.split("\n").slice(0, names.length)).toEqual(names.map((name) => `up    ${name}`));
    expect((await foresight("migrate", "current", ...data)).out).toBe(`${newest} (head)\n`);
    expect((await foresight("migrate", "down", "-1", ...data)).out).toStartWith(`down  ${newest}\n`);
    const history = (await foresight("migrate", "history", ...data)).out.trimEnd().split("\n");
    expect(history.map((line) => line.split("  ")[0])).toEqual(names);
    expect(history.at(-1)).toBe(`${newest}  pending`);
    expect(history[0]).toMatch(/ {2}\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await foresight("migrate", "down", "base", ...data);
    expect((await foresight("migrate", "current", ...data)).out).toBe("(none)\n");
    await foresight("migrate", "up", "+1", ...data);
    expect((await foresight("migrate", "current", ...data)).out).toStartWith(oldest);
    expect((await foresight("migrate", "up", oldest, ...data)).out).toBe("Nothing to do.\n");
  });

  test("migrate reset deletes every row, and only when told so", async () => {
    await foresight("migrate", "up", "--data-dir", "reset");
    const file = join(scratch.path, "reset", "foresight.db");
    const count = () => {
      const database = new Database(file);
      const rows = database.query("SELECT count(*) FROM installation").values();
      database.close();
      return rows;
    };
    const database = new Database(file);
    database.run("INSERT INTO installation (id, created_at, version) VALUES ('x', 0, '1')");
    database.close();
    const refused = await foresight("migrate", "reset", "--data-dir", "reset");
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("deletes every row of the database; say --yes");
    expect(count()).toEqual([[1]]);
    expect((await foresight("migrate", "reset", "--yes", "--data-dir", "reset")).code).toBe(0);
    expect(count()).toEqual([[0]]);
  });

  test("backup and restore carry a folder over", async () => {
    await foresight("migrate", "up", "--data-dir", "from");
    const backup = await foresight("backup", "--data-dir", "from", "--to", "kept.tar.gz");
    expect(backup.out).toMatch(/kept\.tar\.gz: 1 files, \d+ bytes\n$/);
    const restored = await foresight("restore", "--from", "kept.tar.gz", "--data-dir", "to");
    expect(restored).toMatchObject({ code: 0, err: "" });
    expect(restored.out).toMatch(/to: 1 files from the backup made .* by version \d+\.\d+\.\d+\n$/);
    expect((await foresight("migrate", "current", "--data-dir", "to")).out).toBe(`${newest} (head)\n`);
    expect(await foresight("restore", "--from", "kept.tar.gz", "--data-dir", "to")).toMatchObject({ code: 2, out: "" });
    expect((await foresight("restore", "--from", "kept.tar.gz", "--data-dir", "to", "--force")).code).toBe(0);
  });

  const wrong: [string, string[], string][] = [
    ["a revision that is none", ["migrate", "up", "nowhere", "--data-dir", "wrong"], "Unknown revision nowhere."],
    ["a database that is not there", ["migrate", "current", "--data-dir", "none"], "There is no database"],
    [
      "a database deeper in its folder",
      ["migrate", "up", "--data-dir", "wrong", "--db-path", "wrong/deeper/x.db"],
      "lies deeper in the data folder",
    ],
    ["a backup without a file", ["backup", "--data-dir", "wrong"], "--to"],
    ["a backup of nothing", ["backup", "--data-dir", "none", "--to", "x"], "There is no data folder"],
    ["a restore of nothing", ["restore", "--from", "none", "--data-dir", "none"], "There is no file"],
  ];
  test.each(wrong)("%s is one sentence and exit 2", async (_, args, sentence) => {
    const { code, out, err } = await foresight(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(join(scratch.path, "none"))).toBe(false);
  });

  test("a folder in use can be looked at and backed up, and not moved or replaced", async () => {
    await foresight("migrate", "up", "--data-dir", "busy");
    const held = openDataFolder(join(scratch.path, "busy"));
    for (const args of [
      ["migrate", "up"],
      ["migrate", "reset", "--yes"],
      ["restore", "--from", MAIN, "--force"],
    ]) {
      const { code, err } = await foresight(...args, "--data-dir", "busy");
      expect(code).toBe(2);
      expect(err).toContain(`busy is in use by process ${process.pid}.`);
    }
    expect((await foresight("migrate", "current", "--data-dir", "busy")).code).toBe(0);
    expect((await foresight("backup", "--data-dir", "busy", "--to", "busy.tar.gz")).code).toBe(0);
    held.release();
  });

  test("a database that is named alone is moved, backed up and restored where it is", async () => {
    const [one, two] = [join("alone", "one.db"), join("alone", "two.db")];
    expect((await foresight("migrate", "up", "--db-path", one)).out).toEndWith(`${join(scratch.path, one)}\n`);
    expect((await foresight("migrate", "current", "--db-path", one)).out).toBe(`${newest} (head)\n`);
    expect((await foresight("backup", "--db-path", one, "--to", "alone.tar.gz")).code).toBe(0);
    const restored = await foresight("restore", "--from", "alone.tar.gz", "--db-path", two);
    expect(restored.out).toStartWith(`${join(scratch.path, two)}-data: 1 files`);
    expect((await foresight("migrate", "current", "--db-path", two)).out).toBe(`${newest} (head)\n`);
    const names = readdirSync(join(scratch.path, "alone")).filter((name) => !/\.lock$|-(wal|shm)$/.test(name));
    expect(names.sort()).toEqual(["one.db", "one.db-data", "two.db", "two.db-data"]);
  });

  test("a path to the file in its folder names it too", async () => {
    mkdirSync(join(scratch.path, "named"));
    const args = ["--data-dir", "named", "--db-path"];
    expect((await foresight("migrate", "up", ...args, "market.db")).code).toBe(0);
    expect((await foresight("migrate", "current", ...args, "named/market.db")).out).toBe(`${newest} (head)\n`);
  });
});
