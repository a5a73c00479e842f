import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDataFolder } from "../../../src/platform/database";
import { UsageError } from "../../../src/platform/errors";
import { lacks } from "../../support/lacks";
import { scratchFolder } from "./support";

setDefaultTimeout(30_000);

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

const HOLDER = join(import.meta.dir, "holdFolder.ts");

/** A process that holds a folder until it is killed; ready when it has said so. */
async function holder(path: string, database = "foresight.db") {
  const child = Bun.spawn([process.execPath, HOLDER, path, database], { stdout: "pipe", stderr: "inherit" });
  const reader = child.stdout.getReader();
  const said = new TextDecoder().decode((await reader.read()).value);
  return { child, said };
}

describe("the data folder", () => {
  test("is made on demand, for its owner alone, and released without a trace of the holder", () => {
    const path = join(scratch.path, "a", "b");
    const folder = openDataFolder(path);
    expect(folder.path).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    folder.release();
    expect(readdirSync(path).sort()).toEqual(["foresight.db.lock", "foresight.lock"]);
  });

  test("cannot be opened twice, and opening it again does not free it", async () => {
    const path = join(scratch.path, "twice");
    const folder = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(`in use by process ${process.pid}`);
    const { said, child } = await holder(path);
    expect(said).toContain("UsageError");
    expect(said).toContain(`${path} is in use by process ${process.pid}`);
    expect(await child.exited).toBe(2);
    folder.release();
    openDataFolder(path).release();
  });

  test("names the process that holds it, and is free once that process is killed", async () => {
    const path = join(scratch.path, "killed");
    const { said, child } = await holder(path);
    expect(said).toBe("held");
    expect(() => openDataFolder(path)).toThrow(UsageError);
    expect(() => openDataFolder(path)).toThrow(`in use by process ${child.pid}. Stop it`);
    child.kill("SIGKILL");
    await child.exited;
    expect(existsSync(join(path, "foresight.pid"))).toBe(true);
    openDataFolder(path).release();
  });

  test("of many that start at once exactly one gets it", async () => {
    const path = join(scratch.path, "race");
    const holders = await Promise.all(Array.from({ length: 6 }, () => holder(path)));
    for (const { child } of holders) child.kill("SIGKILL");
    await Promise.all(holders.map(({ child }) => child.exited));
    expect(holders.filter(({ said }) => said === "held")).toHaveLength(1);
  });

  test("that cannot be made or written is a usage fault that says so", () => {
    const file = join(scratch.path, "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below"), "/proc/foresight"]) {
      expect(() => openDataFolder(path)).toThrow(UsageError);
      expect(() => openDataFolder(path)).toThrow(`The data folder ${path} cannot be written`);
    }
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(lacks("root, to be somebody else", isRoot))("of somebody else cannot be locked", async () => {
    const path = join(scratch.path, "foreign");
    mkdirSync(path);
    const child = Bun.spawn(["setpriv", "--reuid=65534", "--clear-groups", process.execPath, HOLDER, path], {
      stdout: "pipe",
      stderr: "pipe",
    });
    expect(await new Response(child.stdout).text()).toMatch(/UsageError: The data folder .* cannot be written/);
    expect(await child.exited).toBe(2);
  });

  test("lets no two folders have one database, under whatever name, and frees it with the folder", async () => {
    const database = join(scratch.path, "shared", "x.db");
    const [one, two] = ["one", "two"].map((name) => join(scratch.path, name));
    const held = openDataFolder(one!, database);
    expect(held.database).toBe(database);
    const sentence = `The database file ${database} is in use by another process.`;
    expect(() => openDataFolder(two!, database)).toThrow(sentence);
    expect((await holder(two!, database)).said).toContain(sentence);
    // A folder whose own database it would be.
    expect(() => openDataFolder(join(scratch.path, "shared"), "x.db")).toThrow(sentence);
    writeFileSync(database, "");
    symlinkSync(database, join(scratch.path, "link.db"));
    expect(() => openDataFolder(two!, join(scratch.path, "link.db"))).toThrow("link.db is in use by another process");
    openDataFolder(two!, join(scratch.path, "other.db")).release();
    held.release();
    openDataFolder(two!, database).release();
  });

  test("takes no folder for a database, none deeper in it, and none that cannot be made", () => {
    const path = join(scratch.path, "refusing");
    mkdirSync(join(path, "below"), { recursive: true });
    expect(() => openDataFolder(path, "below")).toThrow(`The database file ${join(path, "below")} is a folder`);
    expect(() => openDataFolder(path, join(path, "below", "x.db"))).toThrow("lies deeper in the data folder");
    expect(() => openDataFolder(path, "/proc/foresight/x.db")).toThrow("--db-path");
    openDataFolder(path).release();
  });
});
