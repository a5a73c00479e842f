import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { SqliteDatabase } from "../../../src/platform/database";
import { RequestError } from "../../../src/platform/errors";
import { lacks } from "../../support/lacks";
import { notes, openNotes, openNotesInMemory, outcomes, scratchFolder } from "./support";

setDefaultTimeout(30_000);

const ROW_BYTES = 20_000;

/** Adds large rows, eight transactions at a time, until one is refused; gives the outcome by body. */
async function fill(database: SqliteDatabase, prefix: string): Promise<{ kept: string[]; errors: unknown[] }> {
  const kept: string[] = [];
  for (let round = 0; round < 10_000; round++) {
    const bodies = Array.from({ length: 8 }, (_, i) => `${prefix}-${round}-${i}`);
    const results = await outcomes(
      bodies.map((body) =>
        database.transact((db) => {
          db.insert(notes)
            .values({ body, bytes: new Uint8Array(ROW_BYTES) })
            .run();
          return body;
        }),
      ),
    );
    kept.push(...bodies.filter((body) => results.includes(body)));
    const errors = results.filter((result) => result instanceof Error);
    if (errors.length > 0) return { kept, errors };
  }
  throw new Error("The disk never became full.");
}

function expectToldAsFull(errors: unknown[]): void {
  for (const error of errors) {
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ status: 503, retryAfterS: 30 });
    expect(String(error)).toContain("The disk of the data folder is full; nothing was changed.");
  }
}

function bodiesOf(database: SqliteDatabase): string[] {
  return database
    .read((db) => db.select({ body: notes.body }).from(notes).all())
    .map(({ body }) => body)
    .sort();
}

test("a full database refuses what does not fit, keeps all it acknowledged, and goes on when there is room", async () => {
  using scratch = scratchFolder();
  const opened = await openNotes(scratch.path);
  const { database } = opened;
  await database.transact((db) => db.get(sql`PRAGMA max_page_count = 200`));
  const { kept, errors } = await fill(database, "a");
  expect(kept.length).toBeGreaterThan(10);
  expectToldAsFull(errors);
  expect(bodiesOf(database)).toEqual(kept.sort());
  await database.transact((db) => db.get(sql`PRAGMA max_page_count = 2000`));
  const more = await fill(database, "b");
  expect(bodiesOf(database)).toEqual([...kept, ...more.kept].sort());
  await opened[Symbol.asyncDispose]();
  const again = await openNotes(scratch.path);
  expect(bodiesOf(again.database)).toEqual([...kept, ...more.kept].sort());
  await again[Symbol.asyncDispose]();
});

test("a full database in memory does so too", async () => {
  const database = await openNotesInMemory();
  await database.transact((db) => db.get(sql`PRAGMA max_page_count = 200`));
  const { kept, errors } = await fill(database, "a");
  expectToldAsFull(errors);
  expect(bodiesOf(database)).toEqual(kept.sort());
  await database.close();
});

function mountSmallDisk(path: string): boolean {
  mkdirSync(path);
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path], { stderr: "ignore" });
  return mounted.exitCode === 0;
}

function unmount(path: string): void {
  Bun.spawnSync(["umount", "-l", path], { stderr: "ignore" });
}

const canMount = (() => {
  using scratch = scratchFolder();
  const path = join(scratch.path, "probe");
  const mounted = mountSmallDisk(path);
  if (mounted) unmount(path);
  return mounted;
})();

test.skipIf(lacks("the right to mount a tmpfs, for a full disk", canMount))(
  "a really full disk loses nothing either",
  async () => {
    using scratch = scratchFolder();
    const disk = join(scratch.path, "disk");
    mountSmallDisk(disk);
    try {
      const opened = await openNotes(disk);
      const { kept, errors } = await fill(opened.database, "a");
      expect(kept.length).toBeGreaterThan(10);
      expectToldAsFull(errors);
      expect(bodiesOf(opened.database)).toEqual(kept.sort());
      const [removed] = kept.splice(0, 1);
      Bun.spawnSync(["mount", "-o", "remount,size=6m", disk]);
      await opened.database.transact((db) => db.delete(notes).where(sql`${notes.body} = ${removed!}`).run());
      await opened[Symbol.asyncDispose]();
      const again = await openNotes(disk);
      expect(bodiesOf(again.database)).toEqual(kept);
      await again[Symbol.asyncDispose]();
    } finally {
      unmount(disk);
    }
  },
);
