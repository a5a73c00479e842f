import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { excludedOf, insertOf, type SqliteHandle, statement } from "../../../src/platform/database";
import { notes, type OpenedNotes, openNotes, scratchFolder } from "./support";

const insertNote = statement((db: SqliteHandle) => insertOf(db, notes).returning({ id: notes.id }).prepare());
const insertDone = statement((db: SqliteHandle) =>
  insertOf(db, notes, { done: true, units: 7n })
    .onConflictDoUpdate({ target: notes.body, set: excludedOf(notes, ["share", "done"]) })
    .prepare(),
);

const scratch = scratchFolder();
let opened: OpenedNotes;

beforeAll(async () => {
  opened = await openNotes(scratch.path);
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

const row = { units: 2n ** 62n, count: 3, share: 0.5, done: false, extra: { a: [1] }, bytes: new Uint8Array([7]) };
const nothing = { units: null, count: null, share: null, done: null, extra: null, bytes: null };

const note = (body: string) =>
  opened.database.read((db) => db.select().from(notes).where(eq(notes.body, body)).all())[0]!;

describe("insertOf", () => {
  test("writes every column but the counted key, each by its own encoder", async () => {
    const id = await opened.database.transact((db) => insertNote(db).get({ body: "whole", ...row }).id);
    expect(note("whole")).toEqual({ id, body: "whole", ...row });
  });

  test("takes null where a column does", async () => {
    await opened.database.transact((db) => insertNote(db).get({ body: "empty", ...nothing }));
    expect(note("empty")).toMatchObject(nothing);
  });

  test("refuses a row in which a column is missing, or one that its column refuses", async () => {
    const add = (values: object) => opened.database.transact((db) => insertNote(db).get({ body: "bad", ...values }));
    expect(await add({ ...row, count: 0.5 }).catch(String)).toContain("whole numbers");
    const { count: _count, ...short } = row;
    expect(await add(short).catch(String)).toContain('"count"');
  });

  test("with fixed values writes these in every row, and excludedOf updates the named columns alone", async () => {
    const { units: _units, done: _done, ...given } = row;
    const write = (values: object) =>
      opened.database.transact((db) => void insertDone(db).run({ body: "twice", ...given, ...values }));
    await write({});
    expect(note("twice")).toMatchObject({ done: true, units: 7n, share: 0.5, count: 3 });
    await write({ share: 0.25, count: 99 });
    expect(note("twice")).toMatchObject({ share: 0.25, count: 3 });
  });
});
