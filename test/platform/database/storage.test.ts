import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { count, eq, max, placeholder, sql, sum } from "drizzle-orm";
import { postgresRevisions } from "../../../drizzle/revisions";
import { systemClock } from "../../../src/platform/clock";
import {
  exact,
  isUniqueViolation,
  openPostgres,
  type Storage,
  type StorageHandle,
  statement,
} from "../../../src/platform/database";
import { lacksPostgres, type PostgresServer, startPostgres } from "./postgresServer";
import { noteTables, openNotes, openNotesInMemory, outcomes, postgresNotesRevision, scratchFolder } from "./support";

setDefaultTimeout(30_000);

interface Opened {
  storage: Storage;
  close(): Promise<void>;
}

const scratch = scratchFolder();
let server: PostgresServer | undefined;
afterAll(async () => {
  await server?.stop();
  scratch[Symbol.dispose]();
});

/** One table of cases for every database that a store may run on. */
const databases: [string, () => Promise<Opened>][] = [
  [
    "SQLite on disk",
    async () => {
      const opened = await openNotes(scratch.path);
      return { storage: opened.database.storage, close: () => opened[Symbol.asyncDispose]() };
    },
  ],
  ["SQLite in memory", () => openNotesInMemory()],
  [
    "Postgres",
    async () => {
      server ??= await startPostgres();
      return openPostgres({
        url: await server.database(),
        connections: 4,
        waitMs: 5000,
        pending: "migrate",
        version: "0.0.0-test",
        clock: systemClock,
        revisions: [...postgresRevisions, postgresNotesRevision],
      });
    },
  ],
];

for (const [name, open] of databases) {
  describe.skipIf(name === "Postgres" && lacksPostgres)(`a store on ${name}`, () => {
    let opened: Opened;
    let storage: Storage;
    beforeAll(async () => {
      opened = await open();
      storage = opened.storage;
    }, 60_000);
    afterAll(() => opened.close());

    const notesOf = () => storage.tables(noteTables).notes;
    const add = (body: string) =>
      storage.transact(async (db) => (await db.insert(notesOf()).values({ body }).returning())[0]!);
    const bodies = async (prefix: string) => {
      const notes = notesOf();
      const rows = await storage.read((db) =>
        db
          .select({ body: notes.body })
          .from(notes)
          .where(sql`${notes.body} like ${`${prefix}%`}`)
          .orderBy(notes.id),
      );
      return rows.map(({ body }) => body);
    };

    test("keeps each kind of value as it came", async () => {
      const notes = notesOf();
      const values = [
        { body: "kinds 1", units: 2n ** 63n - 1n, count: 2 ** 53 - 1, share: 0.1, done: true, extra: { a: [1, null] } },
        { body: "kinds 2", units: -(2n ** 63n), count: -1, share: -1e300, done: false, extra: ["a", 1, [2]] },
        { body: "kinds 3 \u{1F600} ' \\ \"", units: 0n, count: 0, share: 5e-324, done: null, extra: "a word" },
        { body: "kinds 4", units: null, count: null, share: null, done: null, extra: 5 },
        { body: "kinds 5", extra: true },
        { body: "kinds 6", extra: '{"looks":"like JSON"}' },
        { body: "kinds 7", extra: null },
        { body: "kinds 8", extra: [] },
      ];
      for (const value of values) {
        const [row] = await storage.transact((db) => db.insert(notes).values(value).returning());
        expect(row).toMatchObject(value);
        const [read] = await storage.read((db) => db.select().from(notes).where(eq(notes.id, row!.id)));
        expect(read).toEqual(row!);
      }
      const bytes = new Uint8Array([0, 255, 10, 92]);
      const [row] = await storage.transact((db) => db.insert(notes).values({ body: "bytes", bytes }).returning());
      expect(new Uint8Array(row!.bytes!)).toEqual(bytes);
    });

    test("refuses integers that it could only round", async () => {
      const notes = notesOf();
      for (const count of [2 ** 53, 0.5]) {
        const refused = storage.transact((db) => db.insert(notes).values({ body: `count ${count}`, count }));
        expect(String((await outcomes([refused]))[0])).toContain(`within +-(2^53 - 1), got ${count}`);
      }
    });

    test("gives the result after the commit, and undoes what throws with all it did", async () => {
      const fault = new Error("thought better of it");
      const failing = storage.transact(async (db) => {
        await db.insert(notesOf()).values({ body: "undone" });
        throw fault;
      });
      expect(await outcomes([failing, add("kept")])).toMatchObject([fault, { body: "kept" }]);
      expect(await bodies("undone")).toEqual([]);
      expect(await bodies("kept")).toEqual(["kept"]);
    });

    test("knows a broken unique key, and tells the server's sentence without the values", async () => {
      await add("only-once");
      const [error] = await outcomes([add("only-once")]);
      expect(isUniqueViolation(error)).toBe(true);
      expect(String(error)).toMatch(/unique/i);
      expect(String(error)).not.toContain("only-once");
      expect(
        isUniqueViolation((await outcomes([storage.read((db) => db.select({ n: sql`nonsense` }).from(notesOf()))]))[0]),
      ).toBe(false);
    });

    test("updates, upserts, deletes, counts and pages alike", async () => {
      const notes = notesOf();
      for (let i = 0; i < 5; i++) await add(`page ${i}`);
      const own = sql`${notes.body} like 'page %'`;
      await storage.transact((db) =>
        db
          .insert(notes)
          .values({ body: "page 0", count: 7 })
          .onConflictDoUpdate({ target: notes.body, set: { count: sql`excluded.count` } }),
      );
      const updated = await storage.transact((db) =>
        db
          .update(notes)
          .set({ units: 2n ** 60n + 1n })
          .where(own)
          .returning({ id: notes.id }),
      );
      expect(updated).toHaveLength(5);
      await storage.transact((db) => db.delete(notes).where(eq(notes.body, "page 4")));
      const [totals] = await storage.read((db) =>
        db
          .select({ rows: count(), sum: exact(sum(notes.units)), max: exact(max(notes.units)) })
          .from(notes)
          .where(own),
      );
      expect(totals).toEqual({ rows: 4, sum: 2n ** 62n + 4n, max: 2n ** 60n + 1n });
      const page = await storage.read((db) =>
        db
          .select({ body: notes.body, count: notes.count })
          .from(notes)
          .where(own)
          .orderBy(notes.body)
          .limit(2)
          .offset(0),
      );
      expect(page).toEqual([
        { body: "page 0", count: 7 },
        { body: "page 1", count: null },
      ]);
    });

    test("prepares a statement once for each connection", async () => {
      let built = 0;
      const find = statement((db: StorageHandle) => {
        built += 1;
        const notes = notesOf();
        return db
          .select({ body: notes.body })
          .from(notes)
          .where(eq(notes.body, placeholder("body")))
          .prepare("");
      });
      await add("prepared");
      for (let i = 0; i < 3; i++) {
        expect(await storage.read((db) => find(db).execute({ body: "prepared" }))).toEqual([{ body: "prepared" }]);
      }
      expect(built).toBe(1);
      expect(await storage.transact((db) => find(db).execute({ body: "prepared" }))).toEqual([{ body: "prepared" }]);
    });

    test("runs transactions as if one after another: no update is lost", async () => {
      const notes = notesOf();
      const { id } = await add("counter");
      const raise = () =>
        storage.transact(async (db) => {
          const [row] = await db.select({ count: notes.count }).from(notes).where(eq(notes.id, id));
          await db
            .update(notes)
            .set({ count: (row!.count ?? 0) + 1 })
            .where(eq(notes.id, id));
        });
      await Promise.all(Array.from({ length: 12 }, raise));
      const [row] = await storage.read((db) => db.select({ count: notes.count }).from(notes).where(eq(notes.id, id)));
      expect(row).toEqual({ count: 12 });
    });
  });
}
