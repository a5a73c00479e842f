import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { makeBackup, openDataFolder, restoreBackup } from "../../../src/platform/database";
import { notes, notesOptions, openNotes, outcomes, scratchFolder } from "./support";

// A database file that was named alone: the file somewhere, all else in a folder beside it.

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

let next = 0;
const freshPlace = () => place(join(scratch.path, String(next++), "x.db"));
const place = (databaseFile: string) => ({ databaseFile, dataDir: `${databaseFile}-data` });
type Place = ReturnType<typeof place>;

/** A database outside its folder with one row, and a file in the folder; nothing has it open. */
async function filled(body: string): Promise<Place> {
  const made = freshPlace();
  const opened = await openNotes(made.dataDir, made);
  await opened.database.transact((db) => db.insert(notes).values({ body }).run());
  await opened[Symbol.asyncDispose]();
  writeFileSync(join(made.dataDir, "secrets.env"), body);
  return made;
}

async function backupOf(from: Place): Promise<string> {
  const to = join(scratch.path, `${next++}.tar.gz`);
  return (await makeBackup({ ...from, to, version: "0.1.0", nowMs: 0 })).file;
}

function restore(from: string, to: Partial<Place> & { dataDir: string }, present: "refuse" | "replace" = "refuse") {
  return restoreBackup({ from, ...to, present, revisions: notesOptions.revisions.main });
}

function bodiesIn(file: string): unknown[] {
  const database = new Database(file, { readonly: true });
  const bodies = database.query("SELECT body FROM notes ORDER BY id").values().flat();
  database.close();
  return bodies;
}

/** Sorted, without the locks. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
  return names.sort();
}

test("the file is where it was named, with its parents, and all else beside it", async () => {
  const { databaseFile, dataDir } = await filled("one");
  expect(filesIn(dirname(databaseFile))).toEqual(["x.db", "x.db-data"]);
  expect(filesIn(dataDir)).toEqual(["samples.db", "secrets.env"]);
  expect(bodiesIn(databaseFile)).toEqual(["one"]);
});

test("a backup holds it and is restored to any other place: beside a file, or into a folder", async () => {
  const from = await backupOf(await filled("one"));
  const elsewhere = freshPlace();
  await restore(from, elsewhere);
  expect(bodiesIn(elsewhere.databaseFile)).toEqual(["one"]);
  expect(filesIn(dirname(elsewhere.databaseFile))).toEqual(["x.db", "x.db-data"]);
  expect(filesIn(elsewhere.dataDir)).toEqual(["samples.db", "secrets.env"]);
  const again = await openNotes(elsewhere.dataDir, elsewhere);
  expect(again.database.read((db) => db.select().from(notes).all())).toHaveLength(1);
  await again[Symbol.asyncDispose]();

  const dataDir = join(scratch.path, "folder");
  await restore(from, { dataDir, databaseFile: "own" });
  expect(filesIn(dataDir)).toEqual(["own", "samples.db", "secrets.env"]);
  expect(bodiesIn(join(dataDir, "own"))).toEqual(["one"]);

  // And from a folder, whose database has no ending, back to a file outside.
  const back = freshPlace();
  await restore(await backupOf({ dataDir, databaseFile: "own" }), back);
  expect(bodiesIn(back.databaseFile)).toEqual(["one"]);
});

test("a database that has the name of another file in the folder keeps both", async () => {
  const { databaseFile, dataDir } = await filled("one");
  writeFileSync(join(dataDir, "foresight.db"), "an older one that nobody opens, left there, long enough for a header");
  const to = freshPlace();
  await restore(await backupOf({ databaseFile, dataDir }), to);
  expect(bodiesIn(to.databaseFile)).toEqual(["one"]);
  expect(readFileSync(join(to.dataDir, "foresight.db"), "utf8")).toContain("an older one");
});

test("a backup made while the database is open holds what was acknowledged", async () => {
  const to = await filled("one");
  const opened = await openNotes(to.dataDir, to);
  await opened.database.transact((db) => db.insert(notes).values({ body: "two" }).run());
  const from = await backupOf(to);
  await opened[Symbol.asyncDispose]();
  const restored = freshPlace();
  await restore(from, restored);
  expect(bodiesIn(restored.databaseFile)).toEqual(["one", "two"]);
});

test("a restore replaces a file outside only when it may, and no log of the old one with it", async () => {
  const from = await backupOf(await filled("new"));
  const to = await filled("old");
  rmSync(to.dataDir, { recursive: true });
  expect(String(await outcomes([restore(from, to)]))).toContain(
    `There is a database ${to.databaseFile} already; --force`,
  );
  expect(bodiesIn(to.databaseFile)).toEqual(["old"]);
  writeFileSync(`${to.databaseFile}-wal`, "the log of the old one");
  await restore(from, to, "replace");
  expect(bodiesIn(to.databaseFile)).toEqual(["new"]);
  expect(filesIn(dirname(to.databaseFile))).toEqual(["x.db", "x.db-data"]);
});

test("a restore into a file that another folder has open is refused, and changes nothing", async () => {
  const from = await backupOf(await filled("new"));
  const to = await filled("old");
  const held = openDataFolder(join(scratch.path, "holder"), to.databaseFile);
  const [error] = await outcomes([restore(from, to, "replace")]);
  expect(String(error)).toContain("is in use by another process");
  held.release();
  expect(bodiesIn(to.databaseFile)).toEqual(["old"]);
});

test("a restore that was cut off is forgotten before its point of no return, and carried on after it", async () => {
  for (const stage of [".restoring", ".restored", ".arriving", "settled"]) {
    const [old, fresh] = [await filled("old"), await filled("new")];
    const folder = stage === "settled" ? old.dataDir : join(old.dataDir, stage);
    mkdirSync(folder, { recursive: true });
    // What stands there when the process ends at this point.
    renameSync(fresh.databaseFile, `${old.databaseFile}.restoring`);
    writeFileSync(join(folder, ".database"), old.databaseFile);
    writeFileSync(join(folder, "secrets.env"), "new");
    if (stage === ".restoring") rmSync(join(folder, ".database"));
    openDataFolder(old.dataDir, old.databaseFile).release();
    const expected = stage === ".restoring" ? "old" : "new";
    expect(filesIn(dirname(old.databaseFile))).toEqual(["x.db", "x.db-data"]);
    expect([stage, bodiesIn(old.databaseFile)]).toEqual([stage, [expected]]);
    expect(readFileSync(join(old.dataDir, "secrets.env"), "utf8")).toBe(expected);
    expect(readdirSync(old.dataDir).filter((name) => name.startsWith("."))).toEqual([]);
  }
});

test("a folder with half a restore is not opened with another database", async () => {
  const { databaseFile, dataDir } = await filled("old");
  writeFileSync(join(dataDir, ".database"), databaseFile);
  expect(() => openDataFolder(dataDir, join(scratch.path, "other.db"))).toThrow(`--db-path ${databaseFile}`);
  expect(existsSync(join(dataDir, ".database"))).toBe(true);
});

test.each(["../../outside.db", "/etc/passwd", "secrets.env/../x", "none.db"])(
  "a backup that calls %p its database is taken as one that does not say",
  async (database) => {
    const file = await backupOf(await filled("one"));
    const tar = gunzipSync(readFileSync(file));
    const said = '"database": "foresight.db"';
    const at = tar.indexOf(said);
    // As long as what it replaces, so that the tar's lengths stay true.
    const hostile = `"database": ${JSON.stringify(database)}`;
    const about = tar.subarray(512, at).toString() + hostile;
    const body = Buffer.from(`${about}\n}\n`);
    const header = tar.subarray(0, 512);
    header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
    header.fill(" ", 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    const bodyEnd = 512 + Math.ceil(Buffer.byteLength(tar.subarray(512, tar.indexOf("}\n", 512) + 2)) / 512) * 512;
    const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
    const from = join(scratch.path, `hostile-${next++}.tar.gz`);
    writeFileSync(from, gzipSync(Buffer.concat([header, body, padding, tar.subarray(bodyEnd)])));
    const to = freshPlace();
    await restore(from, to);
    expect(bodiesIn(to.databaseFile)).toEqual(["one"]);
  },
);
