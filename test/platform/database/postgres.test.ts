import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { eq, is, sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import type { Revision } from "../../../drizzle/revisions";
import { postgresRevisions } from "../../../drizzle/revisions";
import { systemClock } from "../../../src/platform/clock";
import {
  currentRevision,
  migrateDown,
  migrateUp,
  openPostgres,
  openToInspect,
  openToMigrate,
  type PostgresDatabase,
} from "../../../src/platform/database";
import { installationTables } from "../../../src/platform/database/installation";
import { connectPostgres, type PostgresOptions } from "../../../src/platform/database/postgresDatabase";
import { postgresMigrations } from "../../../src/platform/database/postgresMigrations";
import { RequestError, UsageError } from "../../../src/platform/errors";
import { lacksPostgres, type PostgresServer, startPostgres } from "./postgresServer";
import { noteTables, outcomes, postgresNotesRevision } from "./support";

setDefaultTimeout(30_000);

const revisions = [...postgresRevisions, postgresNotesRevision];
const newest = postgresNotesRevision.name;
const broken: Revision = {
  name: "9002_broken",
  up: "CREATE TABLE half (id bigint); INSERT INTO nowhere VALUES (1)",
  down: "",
};

describe.skipIf(lacksPostgres)("Postgres", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  const options = (url: string, more: Partial<PostgresOptions> = {}): PostgresOptions => ({
    url,
    connections: 2,
    waitMs: 2000,
    pending: "migrate",
    version: "1",
    clock: systemClock,
    revisions,
    ...more,
  });

  async function whileOpen<T>(opened: PostgresDatabase, use: (opened: PostgresDatabase) => Promise<T>): Promise<T> {
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  }

  test("is migrated only by command, or when the setting says so", async () => {
    const url = await server.database();
    const [error] = await outcomes([openPostgres(options(url, { pending: "refuse" }))]);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(
      `lacks ${revisions.map(({ name }) => name).join(", ")}. Run \`npx foresight migrate up\``,
    );
    const first = await whileOpen(await openPostgres(options(url)), async ({ installation }) => installation);
    const again = await openPostgres(options(url, { pending: "refuse", version: "2" }));
    expect(await whileOpen(again, async ({ installation }) => installation)).toEqual({ ...first, version: "2" });
  });

  test("the commands move its schema, and a newer one stops the start", async () => {
    const databaseUrl = await server.database();
    const place = { databaseUrl, dataDir: "/nowhere", now: Date.now };
    const head = postgresRevisions.at(-1)!.name;
    {
      await using opened = await openToMigrate(place);
      expect((await migrateUp(opened.target)).map(({ name }) => name)).toEqual(
        postgresRevisions.map(({ name }) => name),
      );
      expect(opened.where).toMatch(/^Postgres at 127\.0\.0\.1:\d+\/test_\d+$/);
    }
    {
      await using opened = await openToInspect(place);
      expect((await currentRevision(opened.target))?.name).toBe(head);
    }
    const sqlClient = connectPostgres(databaseUrl, 1);
    await sqlClient`INSERT INTO migrations VALUES ('9999_future', 0)`;
    await sqlClient.close();
    const [error] = await outcomes([openPostgres(options(databaseUrl))]);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain("9999_future, which this version does not know");
  });

  test("a revision that fails leaves no trace, and going down takes everything away", async () => {
    const client = connectPostgres(await server.database(), 1);
    const target = postgresMigrations(client, [...revisions, broken], Date.now);
    expect(String((await outcomes([migrateUp(target)]))[0])).toContain('relation "nowhere" does not exist');
    expect((await currentRevision(target))?.name).toBe(newest);
    const tables = async () =>
      (await client`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`).map(
        (row: { tablename: string }) => row.tablename,
      );
    expect(await tables()).not.toContain("half");
    await migrateDown(target, "base");
    expect(await tables()).toEqual(["migrations"]);
    await client.close();
  });

  test("many processes that migrate at once take turns, and each revision is applied once", async () => {
    const url = await server.database();
    const slow: Revision = { name: "9003_slow", up: "CREATE TABLE slow (id bigint); SELECT pg_sleep(0.05)", down: "" };
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openPostgres(options(url, { revisions: [...revisions, slow] }))),
    );
    const ids = new Set(opened.map(({ installation }) => installation.id));
    expect(ids.size).toBe(1);
    await Promise.all(opened.map((one) => one.close()));
  });

  test("that cannot be reached is a usage fault without the password in it", async () => {
    for (const url of [server.missing(), "postgres://u:a-password@127.0.0.1:1/x"]) {
      const [error] = await outcomes([openPostgres(options(url))]);
      expect(error).toBeInstanceOf(UsageError);
      expect(String(error)).toMatch(/Postgres at 127\.0\.0\.1:\d+\/\w+ cannot be used: .+ Check DATABASE_URL/);
      expect(Bun.inspect(error)).not.toContain("a-password");
    }
    for (const url of ["mysql://u:a-password@h/x", "a-password", ""]) {
      const [error] = await outcomes([openPostgres(options(url))]);
      expect(String(error)).toBe(
        "UsageError: DATABASE_URL: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, got another form.",
      );
    }
  });

  test("whoever waits too long for a connection is refused with 503", async () => {
    await whileOpen(await openPostgres(options(await server.database(), { waitMs: 50 })), async ({ storage }) => {
      const gate = Promise.withResolvers<void>();
      const holders = [1, 2].map(() => storage.transact(() => gate.promise));
      const { notes } = storage.tables(noteTables);
      const [error] = await outcomes([storage.read((db) => db.select().from(notes))]);
      expect(error).toMatchObject({ name: "RequestError", status: 503 });
      gate.resolve();
      await Promise.all(holders);
      expect(await storage.read((db) => db.select().from(notes))).toEqual([]);
    });
  });

  test("a server that ends the connection is a 503, what was open is undone, and the next query works", async () => {
    await whileOpen(await openPostgres(options(await server.database())), async ({ storage }) => {
      const { notes } = storage.tables(noteTables);
      const cut = storage.transact(async (db) => {
        await db.insert(notes).values({ body: "cut off" });
        await db.select({ done: sql`pg_terminate_backend(pg_backend_pid())` }).from(notes);
      });
      const [error] = await outcomes([cut]);
      expect(error).toBeInstanceOf(RequestError);
      expect(error).toMatchObject({ status: 503, retryAfterS: 5 });
      expect(await storage.read((db) => db.select().from(notes))).toEqual([]);
      await storage.transact((db) => db.insert(notes).values({ body: "afterwards" }));
      expect(await storage.read((db) => db.select({ body: notes.body }).from(notes))).toEqual([{ body: "afterwards" }]);
    });
  });

  test("transactions that conflict are run again until each has had its effect", async () => {
    await whileOpen(
      await openPostgres(options(await server.database(), { connections: 8, waitMs: 20_000 })),
      async ({ storage }) => {
        const { notes } = storage.tables(noteTables);
        const [row] = await storage.transact((db) => db.insert(notes).values({ body: "sum", count: 0 }).returning());
        let runs = 0;
        const add = (amount: number) =>
          storage.transact(async (db) => {
            runs += 1;
            const [found] = await db.select({ count: notes.count }).from(notes).where(eq(notes.id, row!.id));
            await db
              .update(notes)
              .set({ count: found!.count! + amount })
              .where(eq(notes.id, row!.id));
          });
        await Promise.all(Array.from({ length: 24 }, (_, i) => add(i)));
        const [end] = await storage.read((db) => db.select({ count: notes.count }).from(notes));
        expect(end).toEqual({ count: (23 * 24) / 2 });
        expect(runs).toBeGreaterThan(24);
      },
    );
  });

  test("has the tables that the code defines", async () => {
    const client = connectPostgres(await server.database(), 1);
    await migrateUp(postgresMigrations(client, revisions, Date.now));
    const tables = [...Object.values(installationTables.postgres), ...Object.values(noteTables.postgres)];
    for (const table of tables.filter((one) => is(one, PgTable))) {
      const { name, columns } = getTableConfig(table);
      const rows: { column_name: string; data_type: string }[] =
        await client`SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ${name}`;
      const types = new Map(rows.map((row) => [row.column_name, row.data_type]));
      const defined = columns.map((column) => [column.name, column.getSQLType().replace("bigserial", "bigint")]);
      expect(defined.map(([column]) => [column!, types.get(column!)])).toEqual(defined);
    }
    await client.close();
  });
});
