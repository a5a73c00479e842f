import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { sql } from "drizzle-orm";
import type { Clock } from "../../../src/platform/clock";
import { type SqliteHandle, statement } from "../../../src/platform/database";
import { notes, openNotes, scratchFolder } from "./support";

const scratch = scratchFolder();
afterAll(() => scratch[Symbol.dispose]());

const insertNote = statement((db: SqliteHandle) =>
  db
    .insert(notes)
    .values({ body: sql.placeholder("body"), count: sql.placeholder("count") })
    .prepare(),
);

/** A clock whose timers run when they are told to. */
function handClock(): Clock & { pass(): void; delaysMs: number[] } {
  let pending: (() => void)[] = [];
  const delaysMs: number[] = [];
  return {
    now: () => 0,
    monotonic: () => 0,
    after(delayMs, action) {
      delaysMs.push(delayMs);
      pending.push(action);
      return () => {
        pending = pending.filter((one) => one !== action);
      };
    },
    pass() {
      for (const action of pending.splice(0)) action();
    },
    delaysMs,
  };
}

let errors: unknown[] = [];
let nextFolder = 0;
beforeEach(() => {
  errors = [];
});

async function opened() {
  const clock = handClock();
  const path = `${scratch.path}/${nextFolder++}`;
  const notesDatabase = await openNotes(path, { clock, onSamplesError: (error) => errors.push(error) });
  const { samples } = notesDatabase.database;
  return {
    ...notesDatabase,
    clock,
    samples,
    path,
    bodies: () => samples.read((db) => db.select({ body: notes.body, count: notes.count }).from(notes).all()),
  };
}

describe("samples", () => {
  test("wait in memory for a second, then are written together", async () => {
    const { samples, clock, bodies, ...rest } = await opened();
    for (let i = 0; i < 3; i++) samples.record((db) => insertNote(db).run({ body: `sample ${i}`, count: i }));
    expect(bodies()).toEqual([]);
    expect(samples.stats()).toEqual({ written: 0, dropped: 0, waiting: 3 });
    expect(clock.delaysMs).toEqual([1000]);
    clock.pass();
    await samples.flush();
    expect(bodies().map(({ body }) => body)).toEqual(["sample 0", "sample 1", "sample 2"]);
    expect(samples.stats()).toEqual({ written: 3, dropped: 0, waiting: 0 });
    await rest[Symbol.asyncDispose]();
  });

  test("of one key only the newest is written", async () => {
    const { samples, bodies, ...rest } = await opened();
    for (let i = 0; i < 5; i++) samples.record((db) => insertNote(db).run({ body: `beat ${i}`, count: i }), "worker-1");
    samples.record((db) => insertNote(db).run({ body: "other", count: 0 }), "worker-2");
    await samples.flush();
    expect(bodies().map(({ body }) => body)).toEqual(["beat 4", "other"]);
    await rest[Symbol.asyncDispose]();
  });

  test("one that cannot be written is told, and costs the others nothing", async () => {
    const { samples, bodies, ...rest } = await opened();
    for (const body of ["a", "a", "b"]) samples.record((db) => insertNote(db).run({ body, count: 0 }));
    await samples.flush();
    expect(bodies().map(({ body }) => body)).toEqual(["a", "b"]);
    expect(samples.stats()).toEqual({ written: 2, dropped: 1, waiting: 0 });
    expect(errors.map(String)).toEqual([expect.stringContaining("UNIQUE constraint failed")]);
    await rest[Symbol.asyncDispose]();
  });

  test("many are written in slices, so that the event loop is not held", async () => {
    const { samples, bodies, ...rest } = await opened();
    for (let i = 0; i < 1600; i++) samples.record((db) => insertNote(db).run({ body: `many ${i}`, count: i }));
    let turns = 0;
    const flushed = samples.flush();
    const turn = () => {
      turns += 1;
      if (samples.stats().waiting > 0) setImmediate(turn);
    };
    setImmediate(turn);
    await flushed;
    expect(bodies()).toHaveLength(1600);
    expect(turns).toBeGreaterThanOrEqual(3);
    await rest[Symbol.asyncDispose]();
  });

  test("beyond the room for them the oldest are dropped and counted", async () => {
    const { samples, bodies, ...rest } = await opened();
    const nothing = () => undefined;
    samples.record((db) => insertNote(db).run({ body: "oldest", count: 0 }));
    for (let i = 0; i < 100_000; i++) samples.record(nothing);
    expect(samples.stats()).toEqual({ written: 0, dropped: 1, waiting: 100_000 });
    await samples.flush();
    expect(bodies()).toEqual([]);
    await rest[Symbol.asyncDispose]();
  });

  test("that a file of the former name holds are still there, also those of its write-ahead log", async () => {
    const { samples, path, database, folder } = await opened();
    samples.record((db) => insertNote(db).run({ body: "old", count: 1 }));
    await samples.flush();
    // As a process leaves them that is killed: the row is in the log alone.
    const older = `${path}-older`;
    mkdirSync(older);
    for (const part of ["", "-wal", "-shm"]) copyFileSync(`${path}/samples.db${part}`, `${older}/figures.db${part}`);
    await database.close();
    folder.release();
    const again = await openNotes(older);
    expect(again.database.samples.read((db) => db.select({ body: notes.body }).from(notes).all())).toEqual([
      { body: "old" },
    ]);
    await again[Symbol.asyncDispose]();
    expect(readdirSync(older).filter((name) => name.startsWith("figures"))).toEqual([]);
  });

  test("are written when the database is closed", async () => {
    const { samples, path, database, folder } = await opened();
    samples.record((db) => insertNote(db).run({ body: "last", count: 1 }));
    await database.close();
    folder.release();
    const again = await openNotes(path);
    expect(again.database.samples.read((db) => db.select({ body: notes.body }).from(notes).all())).toEqual([
      { body: "last" },
    ]);
    await again[Symbol.asyncDispose]();
  });
});
