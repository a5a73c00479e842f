import { statfs } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SECRETS_FILE } from "../../config/secrets";
import { HOLDER_FILE, LOCK_FILE, measureFsyncMs, SAMPLES_FILE } from "../database";
import type { DataFile } from "../system";
import { backupsIn } from "./backups";
import { filesIn } from "./filesIn";
import { folderSize, MAX_COUNTED_FILES } from "./folderSize";
import type { StorageReport } from "./schema";

export interface StoragePlaces {
  dataDir: string;
  /** Absolute path of the database's file. */
  database: string;
  backupDir: string;
  /** What the systems keep there; the house's own files are known. */
  files: readonly DataFile[];
}

const DATABASE_MEANING = "the database: what must last";

/** What the program itself keeps, but for the database, whose name is a setting. */
export const HOUSE_FILES: readonly DataFile[] = [
  { name: SAMPLES_FILE, meaning: "samples that may be lost: heartbeats, hash rates" },
  { name: SECRETS_FILE, meaning: "secrets, readable by the owner alone" },
  { name: LOCK_FILE, meaning: "the lock of the folder" },
  { name: HOLDER_FILE, meaning: "the process that holds the lock" },
];

/** What lies in the data folder, the room on its disk, and the backups that were made while running. */
export async function storageReport({ dataDir, database, backupDir, files }: StoragePlaces): Promise<StorageReport> {
  const disk = await statfs(dirname(database));
  const known = [{ name: basename(database), meaning: DATABASE_MEANING }, ...HOUSE_FILES, ...files];
  return {
    dataDir,
    freeBytes: disk.bavail * disk.bsize,
    fsyncMs: await measureFsyncMs(dirname(database)),
    files: [
      ...(await databaseElsewhere(dataDir, database)),
      ...(await foldersOf(dataDir, files)),
      ...(await filesIn(dataDir)).map(({ name, bytes }) => ({ name, bytes, meaning: meaningOf(name, known) })),
    ],
    backups: await backupsIn(backupDir),
  };
}

/** The folders that systems keep there, each with all that lies in it. */
async function foldersOf(dataDir: string, files: readonly DataFile[]): Promise<StorageReport["files"]> {
  const found = files.map(async ({ name, meaning }) => {
    const size = await folderSize(join(dataDir, name));
    if (size === undefined) return [];
    const note = size.isPartial ? `; the first ${MAX_COUNTED_FILES} files are counted` : "";
    return [{ name: `${name}/`, bytes: size.bytes, meaning: meaning + note }];
  });
  return (await Promise.all(found)).flat();
}

/** The parts of a database outside the data folder, by their whole paths; none of one inside. */
async function databaseElsewhere(dataDir: string, database: string): Promise<StorageReport["files"]> {
  const folder = dirname(database);
  if (folder === resolve(dataDir)) return [];
  const own = [{ name: basename(database), meaning: DATABASE_MEANING }];
  const parts = (await filesIn(folder)).filter(({ name }) => meaningOf(name, own) !== "");
  return parts.map(({ name, bytes }) => ({ name: join(folder, name), bytes, meaning: DATABASE_MEANING }));
}

/** The meaning of the file with that name, or of the file that it is a part of; empty where nobody knows. */
function meaningOf(name: string, known: readonly DataFile[]): string {
  const owner = known.find((file) => name === file.name || (name.startsWith(file.name) && isApart(name, file.name)));
  return owner?.meaning ?? "";
}

/** Whether what follows the file's name begins another word: `mqtt.db-wal` is a part of `mqtt.db`, `mqtt.dbx` is none. */
function isApart(name: string, fileName: string): boolean {
  return !/[a-z0-9]/i.test(name.charAt(fileName.length));
}
