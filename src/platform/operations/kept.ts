import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { SECRETS_FILE } from "../../config/secrets";
import type { Clock } from "../clock";
import { ownCommand } from "../compute/childProcess";
import { HOLDER_FILE, LOCK_FILE, measureFsyncMs, SAMPLES_FILE } from "../database";
import { RequestError } from "../errors";
import type { KeptFile } from "../system";

/** What lies in the data folder, the room on its disk, and the backups that were made while running. */
export interface KeptReport {
  dataDir: string;
  freeBytes: number;
  /** Median time of one write that reaches the disk. */
  fsyncMs: number;
  files: { name: string; bytes: number; meaning: string }[];
  backups: BackupFile[];
}

export interface BackupFile {
  name: string;
  bytes: number;
  /** ISO 8601, UTC. */
  time: string;
}

export interface Keeping {
  dataDir: string;
  /** Absolute path of the database's file. */
  database: string;
  backupDir: string;
  clock: Clock;
  /** What the systems keep there; the house's own files are known. */
  files: readonly KeptFile[];
}

/** Backups made from the page beyond this many replace the oldest. */
const BACKUPS_KEPT = 10;
/** Backups hold secrets. */
const OWNER_ONLY = 0o700;
const DATABASE_MEANING = "the database: what must last";
const BACKUP_NAME = /^foresight-.*\.tar\.gz$/;

/** What the program itself keeps, but for the database, whose name is a setting. */
export const HOUSE_FILES: readonly KeptFile[] = [
  { name: SAMPLES_FILE, meaning: "samples that may be lost: heartbeats, hash rates" },
  { name: SECRETS_FILE, meaning: "secrets, readable by the owner alone" },
  { name: LOCK_FILE, meaning: "the lock of the folder" },
  { name: HOLDER_FILE, meaning: "the process that holds the lock" },
];

export async function keptReport({ dataDir, database, backupDir, files }: Keeping): Promise<KeptReport> {
  const disk = await statfs(dirname(database));
  const known = [{ name: basename(database), meaning: DATABASE_MEANING }, ...HOUSE_FILES, ...files];
  return {
    dataDir,
    freeBytes: disk.bavail * disk.bsize,
    fsyncMs: await measureFsyncMs(dirname(database)),
    files: [
      ...(await databaseElsewhere(dataDir, database)),
      ...(await filesIn(dataDir)).map(({ name, bytes }) => ({ name, bytes, meaning: meaningOf(name, known) })),
    ],
    backups: await backupsIn(backupDir),
  };
}

/** The parts of a database outside the data folder, by their whole paths; none of one inside. */
async function databaseElsewhere(dataDir: string, database: string): Promise<KeptReport["files"]> {
  const folder = dirname(database);
  if (folder === resolve(dataDir)) return [];
  const own = [{ name: basename(database), meaning: DATABASE_MEANING }];
  const parts = (await filesIn(folder)).filter(({ name }) => meaningOf(name, own) !== "");
  return parts.map(({ name, bytes }) => ({ name: join(folder, name), bytes, meaning: DATABASE_MEANING }));
}

/**
 * Makes a backup named for its moment and forgets the oldest beyond those kept.
 * @throws RequestError 422 where backups would lie in what they are a copy of: a restore would remove them.
 */
export async function backUpNow({ dataDir, database, backupDir, clock }: Keeping): Promise<BackupFile> {
  if (isInside(dataDir, backupDir)) {
    throw new RequestError(
      422,
      `BACKUP_DIR (${backupDir}) lies in the data folder ${dataDir}, which a restore replaces. Set it to a folder elsewhere.`,
    );
  }
  const nowMs = clock.now();
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
  const to = join(backupDir, `foresight-${stamp}.tar.gz`);
  await mkdir(backupDir, { recursive: true, mode: OWNER_ONLY });
  await backUpInChild(dataDir, database, to);
  const surplus = (await backupsIn(backupDir)).slice(BACKUPS_KEPT);
  for (const { name } of surplus) await rm(join(backupDir, name));
  return { name: basename(to), bytes: (await stat(to)).size, time: new Date(nowMs).toISOString() };
}

function isInside(folder: string, other: string): boolean {
  const path = relative(resolve(folder), resolve(other));
  return path.split(sep)[0] !== ".." && !isAbsolute(path);
}

/** A snapshot of a large database takes seconds of its thread, so that another process makes it. */
async function backUpInChild(dataDir: string, database: string, to: string): Promise<void> {
  const command = [...ownCommand(), "backup", "--data-dir", dataDir, "--db-path", database, "--to", to];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const [told, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`the backup ended with ${code}: ${told.trim()}`);
}

/** The newest first. */
async function backupsIn(folder: string): Promise<BackupFile[]> {
  const files = await filesIn(folder);
  return files
    .filter(({ name }) => BACKUP_NAME.test(name))
    .map(({ name, bytes, modifiedMs }) => ({ name, bytes, time: new Date(modifiedMs).toISOString() }))
    .sort((a, b) => b.time.localeCompare(a.time));
}

async function filesIn(folder: string): Promise<{ name: string; bytes: number; modifiedMs: number }[]> {
  const entries = await readdir(resolve(folder), { withFileTypes: true }).catch((error: { code?: string }) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile());
  const found = files.map(async ({ name }) => {
    // A write-ahead log may be gone again by now.
    const state = await stat(join(folder, name)).catch(() => undefined);
    return state === undefined ? [] : [{ name, bytes: state.size, modifiedMs: state.mtimeMs }];
  });
  return (await Promise.all(found)).flat();
}

/** The meaning of the file with that name, or of the one that it is a part of; empty where nobody knows it. */
function meaningOf(name: string, known: readonly KeptFile[]): string {
  const owner = known.find((file) => name === file.name || (name.startsWith(file.name) && isApart(name, file.name)));
  return owner?.meaning ?? "";
}

/** Whether what follows the file's name begins another word: `mqtt.db-wal` is a part of `mqtt.db`, `mqtt.dbx` is none. */
function isApart(name: string, fileName: string): boolean {
  return !/[a-z0-9]/i.test(name.charAt(fileName.length));
}
