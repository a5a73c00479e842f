import { access, constants, exists, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SQL } from "bun";
import type { Config } from "../../config/settings";
import { databasePath, measureFsyncMs, openToInspect } from "../database";
import { messageOf } from "../errors";
import { bytesText, type Finding } from "./check";

const FEW_BYTES = 2e9;
const TOO_FEW_BYTES = 100e6;

/** An fsync that takes longer makes commits the slowest part of the program. */
const SLOW_FSYNC_MS = 20;

/** Whether the database answers. The first start makes a database that is not there yet. */
export function checkDatabase(config: Config): Promise<Finding> {
  return config.DATABASE_URL === undefined ? checkSqlite(config) : checkPostgres(config.DATABASE_URL);
}

async function checkSqlite(config: Config): Promise<Finding> {
  const folder = resolve(config.DATA_DIR);
  await access(await nearestFolder(folder), constants.W_OK | constants.X_OK);
  const file = databasePath(folder, config.DATABASE_FILE);
  await access(await nearestFolder(dirname(file)), constants.W_OK | constants.X_OK);
  if (!(await exists(file))) {
    const found = `SQLite; ${file} will be made at the first start`;
    return { outcome: "works", found, advice: null, figures: { revision: null, sizeBytes: 0 } };
  }
  await using opened = await openToInspect({ dataDir: folder, databaseFile: config.DATABASE_FILE, now: Date.now });
  const { target } = opened;
  const newest = (await target.applied()).at(-1)?.name ?? null;
  const sizeBytes = (await stat(file)).size;
  const known = newest === null || target.revisions.some(({ name }) => name === newest);
  return {
    outcome: known ? "works" : "fails",
    found: `SQLite; ${file}, revision ${newest ?? "none"}, ${bytesText(sizeBytes)}`,
    advice: known ? null : "A newer version wrote this database; start that one, or choose another --data-dir.",
    figures: { revision: newest, sizeBytes },
  };
}

async function checkPostgres(url: string): Promise<Finding> {
  const sql = new SQL(url, { max: 1, connectionTimeout: 5 });
  const began = performance.now();
  try {
    const [row] = (await sql`SELECT current_setting('server_version') AS version`) as [{ version: string }];
    const elapsedMs = performance.now() - began;
    const found = `Postgres ${row.version} answers in ${elapsedMs.toFixed(1)} ms`;
    return { outcome: "works", found, advice: null, figures: { serverVersion: row.version, elapsedMs } };
  } catch (error) {
    const advice = "Check DATABASE_URL, and that the server runs and lets this machine in.";
    return { outcome: "fails", found: `Postgres does not answer: ${messageOf(error)}`, advice, figures: {} };
  } finally {
    await sql.close();
  }
}

/** How long the disk of the database takes to make a write last: the floor of every commit. */
export async function checkFsync(config: Config): Promise<Finding> {
  const folder = await nearestFolder(databaseFolder(config));
  const fsyncMs = await measureFsyncMs(folder);
  const slow = fsyncMs > SLOW_FSYNC_MS;
  return {
    outcome: slow ? "limited" : "works",
    found: `a write of 4 KiB lasts after ${fsyncMs.toFixed(2)} ms (median) in ${folder}`,
    advice: slow ? "Commits wait for this disk; a local SSD takes under 5 ms." : null,
    figures: { fsyncMs },
  };
}

/** How much room there is for what is kept; of two disks the one with less is told. */
export async function checkDisk(config: Config): Promise<Finding> {
  const rooms = [await roomIn(config.DATA_DIR), await roomIn(databaseFolder(config))];
  const { freeBytes, sizeBytes } = rooms.reduce((least, room) => (room.freeBytes < least.freeBytes ? room : least));
  const outcome = freeBytes < TOO_FEW_BYTES ? "fails" : freeBytes < FEW_BYTES ? "limited" : "works";
  return {
    outcome,
    found: `${bytesText(freeBytes)} free of ${bytesText(sizeBytes)}`,
    advice: outcome === "works" ? null : "Free some space or choose another --data-dir.",
    figures: { freeBytes, sizeBytes },
  };
}

function databaseFolder(config: Config): string {
  return dirname(databasePath(config.DATA_DIR, config.DATABASE_FILE));
}

async function roomIn(folder: string): Promise<{ freeBytes: number; sizeBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(await nearestFolder(resolve(folder)));
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  let candidate = folder;
  while (!(await exists(candidate)) && candidate !== dirname(candidate)) candidate = dirname(candidate);
  return candidate;
}
