import { mkdir, rm, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Clock } from "../clock";
import { ownCommand } from "../compute/childProcess";
import { RequestError } from "../errors";
import { filesIn } from "./filesIn";
import type { BackupFile } from "./schema";

export interface BackupPlaces {
  dataDir: string;
  /** Absolute path of the database's file. */
  database: string;
  backupDir: string;
  clock: Clock;
}

/** Backups made from the page beyond this many replace the oldest. */
const BACKUPS_KEPT = 10;
/** Backups hold secrets. */
const OWNER_ONLY = 0o700;
const BACKUP_NAME = /^foresight-.*\.tar\.gz$/;

/**
 * Makes a backup named for its moment and forgets the oldest beyond those kept.
 * @throws RequestError 422 where backups would lie in what they are a copy of: a restore would remove them.
 */
export async function backUpNow({ dataDir, database, backupDir, clock }: BackupPlaces): Promise<BackupFile> {
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

/** The backups in a folder, the newest first. */
export async function backupsIn(folder: string): Promise<BackupFile[]> {
  const files = await filesIn(folder);
  return files
    .filter(({ name }) => BACKUP_NAME.test(name))
    .map(({ name, bytes, modifiedMs }) => ({ name, bytes, time: new Date(modifiedMs).toISOString() }))
    .sort((a, b) => b.time.localeCompare(a.time));
}
