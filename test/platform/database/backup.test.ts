import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { makeBackup, openDataFolder, type RestoreOptions, restoreBackup } from "../../../src/platform/database";
import { type TarFile, writeTar } from "../../../src/platform/database/tar";
import { UsageError } from "../../../src/platform/errors";
import { notes, notesOptions, openNotes, outcomes, scratchFolder } from "./support";

setDefaultTimeout(30_000);

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

const WRITER = join(import.meta.dir, "../../chaos/databaseWriter.ts");
let next = 0;

/** A data folder with rows, a broker's database, blobs, secrets and a link; the database is closed. */
async function filledFolder(): Promise<string> {
  const path = join(scratch.path, `data-${next++}`);
  const opened = await openNotes(path);
  for (const body of ["one", "two"]) await opened.database.transact((db) => db.insert(notes).values({ body }).run());
  await opened[Symbol.asyncDispose]();
  const broker = new Database(join(path, "mqtt.db"));
  broker.run("CREATE TABLE retained (topic TEXT) STRICT");
  broker.run("INSERT INTO retained VALUES ('a/b')");
  broker.close();
  mkdirSync(join(path, "blobs", "ab"), { recursive: true });
  writeFileSync(join(path, "blobs", "ab", "large"), Buffer.alloc(3_000_000, "large "));
  writeFileSync(join(path, "empty"), "");
  writeFileSync(join(path, "latest_simulation.json"), '{"day":1}');
  writeFileSync(join(path, "secrets.env"), "SECRET_KEY=x", { mode: 0o600 });
  writeFileSync(join(path, "odd.db"), "not a database at all, but named like one; it is long enough to have a header");
  symlinkSync("/etc/passwd", join(path, "link"));
  return path;
}

const KEPT = [
  "blobs/ab/large",
  "empty",
  "foresight.db",
  "latest_simulation.json",
  "mqtt.db",
  "odd.db",
  "samples.db",
  "secrets.env",
];

function backup(dataDir: string, to = join(scratch.path, `backup-${next++}.tar.gz`)) {
  return makeBackup({ dataDir, to, version: "0.1.0", nowMs: 1_700_000_000_000 });
}

function restore(options: RestoreOptions) {
  return restoreBackup({ revisions: notesOptions.revisions.main, ...options });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** All but the locks. */
function keptIn(folder: string): string[] {
  return filesOf(folder).filter((name) => !name.endsWith(".lock"));
}

function bodiesIn(folder: string, name = "foresight.db"): unknown[] {
  const database = new Database(join(folder, name), { readonly: true });
  const bodies = database.query("SELECT body FROM notes ORDER BY id").values().flat();
  database.close();
  return bodies;
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const [error] = await outcomes([promise]);
  expect(error).toBeInstanceOf(UsageError);
  return String(error);
}

describe("backup and restore", () => {
  test("bring back everything that was kept, with its permissions", async () => {
    const data = await filledFolder();
    const report = await backup(data);
    expect(report).toMatchObject({ files: KEPT.length, leftOut: ["link"] });
    expect(statSync(report.file).mode & 0o777).toBe(0o600);
    expect(report.sizeBytes).toBeLessThan(100_000);
    const restored = join(scratch.path, "restored");
    const { files, about } = await restore({ from: report.file, dataDir: restored, present: "refuse" });
    expect(files).toBe(KEPT.length);
    expect(about).toEqual({
      format: 1,
      version: "0.1.0",
      createdAt: "2023-11-14T22:13:20.000Z",
      database: "foresight.db",
    });
    expect(keptIn(restored)).toEqual(KEPT);
    for (const file of KEPT.filter((name) => !/^(foresight|mqtt|samples)\.db$/.test(name))) {
      expect(readFileSync(join(restored, file)).equals(readFileSync(join(data, file)))).toBe(true);
    }
    expect(statSync(join(restored, "secrets.env")).mode & 0o777).toBe(0o600);
    const again = await openNotes(restored);
    expect(again.database.read((db) => db.select({ body: notes.body }).from(notes).all())).toEqual([
      { body: "one" },
      { body: "two" },
    ]);
    await again[Symbol.asyncDispose]();
    expect(readdirSync(scratch.path).filter((name) => name.startsWith(".backup-"))).toEqual([]);
  });

  test("work with the ordinary tools too", async () => {
    const { file } = await backup(await filledFolder());
    const plain = join(scratch.path, "plain");
    mkdirSync(plain);
    expect(Bun.spawnSync(["tar", "-xzf", file], { cwd: plain }).exitCode).toBe(0);
    const check = Bun.spawnSync(["sha256sum", "-c", "SHA256SUMS"], { cwd: plain });
    expect(check.stdout.toString().trim().split("\n")).toHaveLength(KEPT.length);
    expect(check.exitCode).toBe(0);
  });

  test("a backup made while a server writes is whole, and holds all that was acknowledged before", async () => {
    const data = join(scratch.path, "busy");
    const writer = Bun.spawn([process.execPath, WRITER, data, "8"], { stdout: "pipe", stderr: "inherit" });
    const reader = writer.stdout.getReader();
    let said = "";
    while (said.split("\n").length < 200) said += new TextDecoder().decode((await reader.read()).value);
    const acknowledged = said.split("\n").slice(0, -1).map(Number);
    const { file } = await backup(data);
    writer.kill("SIGKILL");
    await writer.exited;
    const restored = join(scratch.path, "busy-restored");
    await restore({ from: file, dataDir: restored, present: "refuse" });
    const bodies = new Set(bodiesIn(restored));
    for (const number of acknowledged) {
      expect(bodies.has(`debit ${number}`) && bodies.has(`credit ${number}`)).toBe(true);
    }
    expect(bodies.size % 2).toBe(0);
  });

  test("a backup is refused where it cannot be made", async () => {
    const data = await filledFolder();
    const { file } = await backup(data);
    expect(await refusal(backup(data, file))).toContain(`${file} exists`);
    expect(await refusal(backup(data, join(data, "inside.tar.gz")))).toContain("would lie in the data folder");
    expect(await refusal(backup(join(scratch.path, "none")))).toContain("There is no data folder");
    expect(await refusal(backup(data, join(scratch.path, "none", "x")))).toContain("There is no folder");
    expect(existsSync(join(data, "inside.tar.gz"))).toBe(false);
  });

  test("a restore refuses a folder in use always, and one that holds something unless it may replace it", async () => {
    const { file: from } = await backup(await filledFolder());
    const dataDir = join(scratch.path, "full");
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "old"), "old");
    const held = openDataFolder(dataDir);
    for (const present of ["refuse", "replace"] as const) {
      expect(await refusal(restore({ from, dataDir, present }))).toContain("is in use by process");
    }
    held.release();
    expect(await refusal(restore({ from, dataDir, present: "refuse" }))).toContain(
      `The data folder ${dataDir} is not empty; --force`,
    );
    expect(keptIn(dataDir)).toEqual(["old"]);
    await restore({ from, dataDir, present: "replace" });
    expect(keptIn(dataDir)).toEqual(KEPT);
  });

  test("a restore leaves the folder as it was when the backup is cut off, altered, foreign or newer", async () => {
    const { file } = await backup(await filledFolder());
    const bytes = readFileSync(file);
    const tar = gunzipSync(bytes);
    const altered = Buffer.from(tar);
    const place = altered.indexOf("large large");
    altered[place] = altered[place]! ^ 1;
    const wrong: [string, Uint8Array, RegExp][] = [
      ["cut", bytes.subarray(0, bytes.length >> 1), /is not a whole backup/],
      ["cut between files", gzipSync(tar.subarray(0, tar.indexOf("SHA256SUMS"))), /cut off/],
      [
        "ended early",
        gzipSync(Buffer.concat([tar.subarray(0, tar.indexOf("SHA256SUMS")), Buffer.alloc(1024)])),
        /has no SHA256SUMS/,
      ],
      ["altered", gzipSync(altered), /blobs\/ab\/large is missing or differs from its checksum/],
      ["text", Buffer.from("hello"), /is not a whole backup/],
      ["empty", Buffer.alloc(0), /is not a whole backup/],
      ["hostile path", await archiveOf({ "../outside": "x" }), /holds "..\/outside", which no backup does/],
      ["absolute path", await archiveOf({ "/tmp/outside": "x" }), /holds "\/tmp\/outside"/],
      ["lock file", await archiveOf({ "foresight.lock": "x" }), /holds "foresight.lock"/],
      ["twice", await archiveOf({ a: "x" }, { a: "y" }), /holds a twice/],
      [
        "other format",
        await archiveOf({ "backup.json": '{"format":2}', SHA256SUMS: "" }),
        /says format 2; this version reads 1/,
      ],
      ["newer", await archiveOfNewer(), /revision 9999_future, which this version does not know/],
    ];
    const dataDir = join(scratch.path, "untouched");
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "old"), "old");
    for (const [name, content, sentence] of wrong) {
      const from = join(scratch.path, `${name}.tar.gz`);
      writeFileSync(from, content);
      expect(await refusal(restore({ from, dataDir, present: "replace" }))).toMatch(sentence);
      expect(keptIn(dataDir)).toEqual(["old"]);
    }
    expect(existsSync(join(scratch.path, "outside"))).toBe(false);
    expect(await refusal(restore({ from: "/none", dataDir, present: "replace" }))).toContain("There is no file /none");
  });

  test("a restore that was cut off is carried on, or forgotten, when the folder is next opened", async () => {
    const layouts: [string, string[], string[]][] = [
      [".restoring", ["old", "both"], ["both", "old"]],
      [".restored", ["old", "both"], ["both", "new"]],
      [".restored", [], ["both", "new"]],
      [".arriving", [], ["both", "new"]],
    ];
    for (const [stage, present, expected] of layouts) {
      const path = join(scratch.path, `stage-${next++}`);
      mkdirSync(join(path, stage), { recursive: true });
      mkdirSync(join(path, ".replaced"));
      for (const name of present) writeFileSync(join(path, name), "old");
      for (const name of ["new", "both"]) writeFileSync(join(path, stage, name), "new");
      openDataFolder(path).release();
      expect(keptIn(path)).toEqual(expected);
      expect(readdirSync(path).filter((name) => name.startsWith("."))).toEqual([]);
      expect(readFileSync(join(path, "both"), "utf8")).toBe(stage === ".restoring" ? "old" : "new");
    }
  });

  test("a backup can be moved and restored elsewhere", async () => {
    const { file } = await backup(await filledFolder());
    const moved = join(scratch.path, "moved.tar.gz");
    renameSync(file, moved);
    const dataDir = join(scratch.path, "elsewhere", "deep");
    await restore({ from: moved, dataDir, present: "refuse" });
    expect(bodiesIn(dataDir)).toEqual(["one", "two"]);
  });
});

async function archiveOf(...groups: Record<string, string>[]): Promise<Uint8Array> {
  async function* files(): AsyncGenerator<TarFile> {
    for (const [path, text] of groups.flatMap((group) => Object.entries(group))) {
      const bytes = Buffer.from(text);
      yield { path, sizeBytes: bytes.length, mode: 0o600, modifiedAtMs: 0, content: new Blob([bytes]).stream() };
    }
  }
  const parts: Uint8Array[] = [];
  for await (const part of writeTar(files())) parts.push(part);
  return gzipSync(Buffer.concat(parts));
}

async function archiveOfNewer(): Promise<Uint8Array> {
  const data = await filledFolder();
  const database = new Database(join(data, "foresight.db"));
  database.run("DELETE FROM migrations WHERE name = '9001_notes'");
  database.run("INSERT INTO migrations VALUES ('9999_future', 0)");
  database.close();
  return readFileSync((await backup(data)).file);
}
