import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq, max, sum } from "drizzle-orm";
import { exact } from "../../../src/platform/database";
import { notes, type OpenedNotes, openNotes, outcomes, scratchFolder } from "./support";

const scratch = scratchFolder();
let opened: OpenedNotes;
beforeAll(async () => {
  opened = await openNotes(scratch.path);
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

type Note = typeof notes.$inferInsert;

function roundTrip(note: Note) {
  return opened.database.transact((db) => db.insert(notes).values(note).returning().get());
}

describe("columns of SQLite", () => {
  test("keep 64-bit integers whole, beside other integers that stay numbers", async () => {
    for (const units of [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 0n, -1n]) {
      const written = await roundTrip({ body: `units ${units}`, units, count: 7, done: true });
      expect(written).toMatchObject({ units, count: 7, done: true });
      expect(typeof written.id).toBe("number");
      const read = opened.database.read((db) => db.select().from(notes).where(eq(notes.id, written.id)).get());
      expect(read).toEqual(written);
      const found = opened.database.read((db) => db.select().from(notes).where(eq(notes.units, units)).all());
      expect(found.map(({ id }) => id)).toEqual([written.id]);
    }
  });

  test("refuse what they cannot hold, in place of rounding it", async () => {
    const refused: [Note, string][] = [
      [{ body: "too wide", units: 2n ** 63n }, "takes 64 bits, got 9223372036854775808"],
      [{ body: "unsafe", count: 2 ** 53 }, "within +-(2^53 - 1), got 9007199254740992"],
      [{ body: "a fraction", count: 0.5 }, "got 0.5"],
      [{ body: "nothing", count: Number.NaN }, "got NaN"],
    ];
    for (const [note, sentence] of refused) {
      const [error] = await outcomes([roundTrip(note)]);
      expect(String(error)).toContain(sentence);
    }
    const bodies = opened.database.read((db) => db.select({ body: notes.body }).from(notes).all());
    expect(bodies.map(({ body }) => body)).not.toContain("unsafe");
  });

  test("keep text, reals, bytes and JSON as they came", async () => {
    const values: Note[] = [
      { body: "plain", share: 0.1, bytes: new Uint8Array([0, 255]), extra: { list: [1, "two", null], "`'\"": true } },
      { body: "naïve \u{1F600} 'quoted'; --", share: -1e308, bytes: new Uint8Array(), extra: ["a", 1] },
      { body: "words", share: 5e-324, extra: "a word" },
      { body: "nothing at all", extra: null },
    ];
    for (const value of values) expect(await roundTrip(value)).toMatchObject(value);
  });

  test("count ids up by themselves", async () => {
    const first = await roundTrip({ body: "first" });
    expect((await roundTrip({ body: "second" })).id).toBe(first.id + 1);
  });

  test("a sum and an extreme of 64-bit integers are exact through `exact`", async () => {
    const own = eq(notes.count, 4242);
    await roundTrip({ body: "sum 1", count: 4242, units: 2n ** 53n });
    await roundTrip({ body: "sum 2", count: 4242, units: 1n });
    const [row] = opened.database.read((db) =>
      db
        .select({ sum: exact(sum(notes.units)), max: exact(max(notes.units)) })
        .from(notes)
        .where(own)
        .all(),
    );
    expect(row).toEqual({ sum: 9007199254740993n, max: 9007199254740992n });
    const none = opened.database.read((db) =>
      db
        .select({ sum: exact(sum(notes.units)) })
        .from(notes)
        .where(eq(notes.count, -1))
        .get(),
    );
    expect(none).toEqual({ sum: null });
  });
});
