import { expect, test } from "bun:test";
import { sql } from "drizzle-orm";
import { notes, openNotesInMemory, outcomes } from "./support";

test("a database in memory behaves like one on disk and shares nothing with the next", async () => {
  const first = await openNotesInMemory();
  const second = await openNotesInMemory();
  await first.transact((db) =>
    db
      .insert(notes)
      .values({ body: "kept", units: 2n ** 60n })
      .run(),
  );
  first.samples.record((db) => db.insert(notes).values({ body: "figure" }).run());
  await first.samples.flush();
  expect(first.read((db) => db.select({ units: notes.units }).from(notes).all())).toEqual([{ units: 2n ** 60n }]);
  expect(first.samples.read((db) => db.select({ body: notes.body }).from(notes).all())).toEqual([{ body: "figure" }]);
  expect(second.read((db) => db.select().from(notes).all())).toEqual([]);
  expect(() => first.read((db) => db.delete(notes).run())).toThrow("readonly");
  const [error] = await outcomes([first.transact((db) => db.insert(notes).values({ body: "kept" }).run())]);
  expect(String(error)).toContain("UNIQUE constraint failed");
  await first.close();
  await second.close();
});

test("a database in memory answers readers while an asynchronous transaction is open", async () => {
  const database = await openNotesInMemory();
  let seen = -1;
  await database.storage.transact(async (db) => {
    await db.insert(notes as never).values({ body: "open" } as never);
    seen = database.read((reader) => reader.get<[number]>(sql`SELECT count(*) FROM notes`)?.[0] ?? -1);
  });
  expect(seen).toBeGreaterThanOrEqual(0);
  await database.close();
});
