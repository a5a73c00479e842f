/**
 * Writes to the data folder named by the first argument until it is killed, so many transactions waiting at a time as
 * the second says, each of a debit and a credit. Prints the number of every one that was acknowledged.
 */
import { writeSync } from "node:fs";
import { sql } from "drizzle-orm";
import { type SqliteHandle, statement } from "../../src/platform/database";
import { notes, openNotes } from "../platform/database/support";

const [path, parallel] = process.argv.slice(2);
const { database } = await openNotes(path!);
const insertNote = statement((db: SqliteHandle) =>
  db
    .insert(notes)
    .values({ body: sql.placeholder("body"), units: sql.placeholder("units") })
    .prepare(),
);

const start = database.read((db) => db.get<[number]>(sql`SELECT count(*) FROM notes`)![0]);
let next = start;

async function write(): Promise<never> {
  for (;;) {
    const number = next++;
    await database.transact((db) => {
      insertNote(db).run({ body: `debit ${number}`, units: BigInt(-number) });
      insertNote(db).run({ body: `credit ${number}`, units: BigInt(number) });
    });
    writeSync(1, `${number}\n`);
  }
}

await Promise.all(Array.from({ length: Number(parallel) }, write));
