import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { isUniqueViolation, type SqliteHandle, statement } from "../../../src/platform/database";
import { notes, type OpenedNotes, openNotes, outcomes, scratchFolder } from "./support";

const insertNote = statement((db: SqliteHandle) =>
  db
    .insert(notes)
    .values({ body: sql.placeholder("body") })
    .returning({ id: notes.id })
    .prepare(),
);
const countNotes = statement((db: SqliteHandle) => db.select({ count: sql<number>`count(*)` }).from(notes).prepare());

const scratch = scratchFolder();
let opened: OpenedNotes;

beforeAll(async () => {
  opened = await openNotes(scratch.path);
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

function bodies(prefix: string): string[] {
  return opened.database
    .read((db) =>
      db
        .select({ body: notes.body })
        .from(notes)
        .where(sql`${notes.body} like ${`${prefix}%`}`)
        .orderBy(notes.id)
        .all(),
    )
    .map(({ body }) => body);
}

function addNote(body: string): Promise<number> {
  return opened.database.transact((db) => insertNote(db).get({ body }).id);
}

/** Lets `count` transactions wait together. */
function addNotes(prefix: string, count: number): Promise<number>[] {
  return Array.from({ length: count }, (_, i) => addNote(`${prefix}${i}`));
}

describe("transact", () => {
  test("gives the result once other connections see it", async () => {
    const { database, folder } = opened;
    const waiting = addNote("seen");
    expect(bodies("seen")).toEqual([]);
    expect(await waiting).toBeGreaterThan(0);
    expect(bodies("seen")).toEqual(["seen"]);
    const other = new Database(join(folder.path, "foresight.db"), { readonly: true });
    expect(other.query("SELECT body FROM notes WHERE body = 'seen'").values()).toEqual([["seen"]]);
    other.close();
    expect(database.read((db) => countNotes(db).get()?.count)).toBeGreaterThan(0);
  });

  test("commits up to 64 waiting transactions at once, in the order of the calls", async () => {
    const before = opened.database.stats().transactions;
    const order: number[] = [];
    await Promise.all(addNotes("order-", 130).map((added, i) => added.then(() => order.push(i))));
    const { transactions, commits, waiting } = opened.database.stats().transactions;
    expect(transactions - before.transactions).toBe(130);
    // Three by the limit of 64; a batch may end early when the machine is slow.
    expect(commits - before.commits).toBeGreaterThanOrEqual(3);
    expect(commits - before.commits).toBeLessThan(20);
    expect(waiting).toBe(0);
    expect(bodies("order-")).toEqual(Array.from({ length: 130 }, (_, i) => `order-${i}`));
    expect(order).toEqual(Array.from({ length: 130 }, (_, i) => i));
  });

  test("undoes one that throws, alone, and tells what it threw", async () => {
    const fault = new Error("no funds");
    const before = addNote("alone-before");
    const failing = opened.database.transact((db) => {
      insertNote(db).get({ body: "alone-failing" });
      throw fault;
    });
    const after = addNote("alone-after");
    expect((await outcomes([before, failing, after]))[1]).toBe(fault);
    expect(bodies("alone-")).toEqual(["alone-before", "alone-after"]);
  });

  test("undoes a statement's failure in the same way, and goes on when it is caught", async () => {
    await addNote("unique");
    const [error] = await outcomes([addNote("unique")]);
    expect(String(error)).toContain("UNIQUE constraint failed: notes.body");
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(new Error("another"))).toBe(false);
    await opened.database.transact((db) => {
      expect(() => insertNote(db).get({ body: "unique" })).toThrow();
      insertNote(db).get({ body: "unique-instead" });
    });
    expect(bodies("unique")).toEqual(["unique", "unique-instead"]);
  });

  test("refuses an asynchronous function that waits for anything else, and undoes it", async () => {
    const neighbour = addNote("late-neighbour");
    const resumed = Promise.withResolvers<void>();
    const late = opened.database.storage.transact(async (db) => {
      const tables = db as unknown as SqliteHandle;
      insertNote(tables).get({ body: "late" });
      await Bun.sleep(5);
      const [error] = await outcomes([(async () => insertNote(tables).get({ body: "later" }))()]);
      resumed.reject(error);
    });
    const [, error] = await outcomes([neighbour, late]);
    expect(String(error)).toContain("awaited something other than its own queries");
    expect(String((await outcomes([resumed.promise]))[0])).toContain("used outside the function");
    expect(bodies("late")).toEqual(["late-neighbour"]);
  });

  test("an asynchronous one that throws after an await is undone whole, and its neighbours are not", async () => {
    const { storage } = opened.database;
    const before = addNote("async-before");
    const failing = storage.transact(async (db) => {
      await db.insert(notes as never).values({ body: "async-failing" } as never);
      await null;
      throw new Error("thought better of it");
    });
    const after = addNote("async-after");
    expect(String((await outcomes([before, failing, after]))[1])).toBe("Error: thought better of it");
    expect(bodies("async-")).toEqual(["async-before", "async-after"]);
  });

  test("does not take an asynchronous function, when the types are checked", () => {
    // @ts-expect-error those are for `storage`
    const refused = () => opened.database.transact(async (db) => insertNote(db).get({ body: "typed" }));
    expect(refused).toBeFunction();
  });

  test("does not let a handle be used after its transaction", async () => {
    let leaked: SqliteHandle | undefined;
    await opened.database.transact((db) => {
      leaked = db;
      insertNote(db).get({ body: "leak-1" });
    });
    expect(() => insertNote(leaked!).get({ body: "leak-2" })).toThrow("used outside the function");
    expect(() => leaked!.delete(notes).run()).toThrow("used outside the function");
    expect(bodies("leak-")).toEqual(["leak-1"]);
  });

  test("a failed commit rejects every transaction of the batch and keeps none", async () => {
    const { database } = opened;
    // A deferred constraint is checked by COMMIT alone, which is the easiest way to make one fail.
    await database.transact((db) => {
      db.run(sql`CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT`);
      db.run(sql`CREATE TABLE children (id INTEGER REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED) STRICT`);
    });
    const before = database.stats().transactions;
    const good = addNote("commit-good");
    const bad = database.transact((db) => db.run(sql`INSERT INTO children VALUES (1)`));
    for (const error of await outcomes([good, bad])) expect(String(error)).toContain("FOREIGN KEY constraint failed");
    expect(bodies("commit-")).toEqual([]);
    expect(database.stats().transactions).toEqual({ ...before, failed: before.failed + 2 });
    await addNote("commit-later");
    expect(bodies("commit-")).toEqual(["commit-later"]);
  });

  test("checks foreign keys", async () => {
    const { database } = opened;
    await database.transact((db) => db.run(sql`CREATE TABLE refers (id INTEGER REFERENCES notes(id)) STRICT`));
    const [error] = await outcomes([database.transact((db) => db.run(sql`INSERT INTO refers VALUES (-1)`))]);
    expect(String((error as Error).cause)).toContain("FOREIGN KEY constraint failed");
  });

  test("the reading connection cannot write", () => {
    expect(() => opened.database.read((db) => db.delete(notes).run())).toThrow("readonly");
  });

  test("lets sockets be served between slow transactions", async () => {
    let turns = 0;
    const spin = () => {
      turns += 1;
      if (opened.database.stats().transactions.waiting > 0) setImmediate(spin);
    };
    const slow = Array.from({ length: 10 }, () =>
      opened.database.transact(() => {
        const end = performance.now() + 5;
        while (performance.now() < end);
      }),
    );
    setImmediate(spin);
    await Promise.all(slow);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  test("is durable: WAL with FULL, as the connection itself says", async () => {
    const settings = await opened.database.transact((db) => ({
      journal: db.get<{ journal_mode: string }>(sql`PRAGMA journal_mode`),
      synchronous: db.get<unknown>(sql`PRAGMA synchronous`),
      foreignKeys: db.get<unknown>(sql`PRAGMA foreign_keys`),
    }));
    expect(JSON.stringify(settings)).toBe('{"journal":["wal"],"synchronous":[2],"foreignKeys":[1]}');
  });

  test("closing commits what waits and refuses what comes later", async () => {
    const folder = scratchFolder();
    const { database, folder: data } = await openNotes(folder.path);
    const waiting = Array.from({ length: 200 }, (_, i) =>
      database.transact((db) => insertNote(db).get({ body: `closing-${i}` }).id),
    );
    const closing = database.close();
    expect(String((await outcomes([database.transact(() => 1)]))[0])).toContain("stopping");
    await closing;
    expect((await Promise.all(waiting)).length).toBe(200);
    expect(readdirSync(folder.path).sort()).toEqual([
      "foresight.db",
      "foresight.db.lock",
      "foresight.lock",
      "foresight.pid",
      "samples.db",
    ]);
    data.release();
    const again = await openNotes(folder.path);
    expect(again.database.read((db) => countNotes(db).get()?.count)).toBe(200);
    await again[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  test("a row changed by eq is found by eq", async () => {
    const id = await addNote("found");
    const found = opened.database.read((db) => db.select().from(notes).where(eq(notes.id, id)).get());
    expect(found?.body).toBe("found");
  });
});
