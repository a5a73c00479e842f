import { Database } from "bun:sqlite";
import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { type FileHandle, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { UsageError } from "../errors";
import { ABOUT_FILE, BACKUP_FORMAT, type BackupAbout, formatSums, SUMS_FILE } from "./backupFormat";
import { DATABASE_FILE, databasePath, isDirectlyIn } from "./databasePath";
import { DATABASE_PARTS, isOwnName } from "./restoredFolder";
import { type TarFile, writeTar } from "./tar";

export interface BackupOptions {
  dataDir: string;
  /** The main database: a name in the data folder, or a path. */
  databaseFile?: string | undefined;
  /** The file to make. */
  to: string;
  /** The program's version. */
  version: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

export interface BackupReport {
  /** Absolute path of the file that was made. */
  file: string;
  /** Kept files in it, databases included. */
  files: number;
  sizeBytes: number;
  /** What is in the data folder and not in the backup: links, sockets. */
  leftOut: string[];
}

interface Source {
  /** Path in the backup, with slashes; for all but a database elsewhere that in the data folder. */
  path: string;
  /** Where its bytes are read from: a snapshot, or the file itself. */
  source: string;
}

const BUSY_TIMEOUT_MS = 10_000;
const DATABASE_NAME = /\.(db|sqlite)$/;
/** Parts of a database that its snapshot holds already. */
const DATABASE_PART = /\.(db|sqlite)-(wal|shm|journal)$/;
const SECRET_MODE = 0o600;

/**
 * Makes one file of all that the data folder keeps, also while a server runs on it. Each database is a snapshot of one
 * moment (docs/storage.md says what that means between databases and files); the file is there whole or not at all,
 * and readable by its owner alone, since it holds secrets.
 * @throws UsageError when there is no data folder, or the file exists or would lie in it.
 */
export async function makeBackup(options: BackupOptions): Promise<BackupReport> {
  const { dataDir, databaseFile, to, version, nowMs } = options;
  const folder = resolve(dataDir);
  const database = databasePath(folder, databaseFile);
  const file = resolve(to);
  refuseImpossible(folder, file);
  const scratch = await mkdtemp(join(dirname(file), ".backup-"));
  try {
    const leftOut: string[] = [];
    const sources = await listSources(folder, database, leftOut);
    const kept = await snapshots(sources, scratch);
    const createdAt = new Date(nowMs).toISOString();
    const about: BackupAbout = { format: BACKUP_FORMAT, version, createdAt, ...databaseIn(sources) };
    const whole = join(scratch, basename(file));
    const sums = new Map<string, string>();
    await pipeline(
      Readable.from(writeTar(archive(kept, about, sums, leftOut)), { objectMode: false }),
      createGzip(),
      createWriteStream(whole, { mode: SECRET_MODE, flush: true }),
    );
    await rename(whole, file);
    return { file, files: sums.size, sizeBytes: (await stat(file)).size, leftOut };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "ENOSPC" && code !== "SQLITE_FULL") throw error;
    throw new UsageError(`There is no room for the backup in ${dirname(file)}; name a file elsewhere with --to.`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function databaseIn({ main }: Sources): Pick<BackupAbout, "database"> {
  return main === undefined ? {} : { database: main.path };
}

function refuseImpossible(folder: string, file: string): void {
  if (!existsSync(folder))
    throw new UsageError(`There is no data folder ${folder} to back up; name it with --data-dir.`);
  if (existsSync(file)) throw new UsageError(`${file} exists; name a new file with --to.`);
  if (!relative(folder, file).startsWith("..")) {
    throw new UsageError(`${file} would lie in the data folder that it backs up; name a file elsewhere with --to.`);
  }
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`There is no folder ${dirname(file)}; make it first or name another file with --to.`);
  }
}

interface Sources {
  /** Absent while there is no database yet. */
  main: Source | undefined;
  others: Source[];
}

/** What is to be kept: the main database, wherever it is, and every other file of the folder. */
async function listSources(folder: string, database: string, leftOut: string[]): Promise<Sources> {
  const own = isDirectlyIn(folder, database) ? basename(database) : undefined;
  const paths: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    const isPart = DATABASE_PART.test(path) || DATABASE_PARTS.some((part) => path === own + part);
    if (isOwnName(path.split("/")[0]!) || isPart || entry.isDirectory() || path === own) continue;
    if (entry.isFile() && !path.includes("\n")) paths.push(path);
    else leftOut.push(path);
  }
  const others = paths.sort().map((path) => ({ path, source: join(folder, path) }));
  if (!existsSync(database)) return { main: undefined, others };
  return { main: { path: own ?? freeName(paths), source: database }, others };
}

/** A name for a database that is kept elsewhere: that of an ordinary one, unless the folder has such a file too. */
function freeName(taken: readonly string[]): string {
  let name = DATABASE_FILE;
  for (let number = 2; taken.includes(name); number++) name = `${number}-${DATABASE_FILE}`;
  return name;
}

/** Databases come first: a file that a row names is older than the row, so it is still there to be copied. */
async function snapshots({ main, others }: Sources, scratch: string): Promise<Source[]> {
  const databases: Source[] = [];
  const files: Source[] = [];
  for (const { path, source } of main === undefined ? others : [main, ...others]) {
    const copy = join(scratch, `${databases.length}.snapshot`);
    const isDatabase = path === main?.path || DATABASE_NAME.test(path);
    if (isDatabase && snapshot(source, copy)) databases.push({ path, source: copy });
    else files.push({ path, source });
  }
  return [...databases, ...files];
}

/** False when the file is no SQLite database. Never opens it by other means, which would free its owner's locks. */
function snapshot(source: string, copy: string): boolean {
  const database = new Database(source, { readonly: true });
  try {
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.run("VACUUM INTO ?", [copy]);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_NOTADB") return false;
    throw error;
  } finally {
    database.close();
  }
}

/** The files of the backup; what is in it goes into `sums`, and what was gone before it could be read into `leftOut`. */
async function* archive(
  kept: Source[],
  about: BackupAbout,
  sums: Map<string, string>,
  leftOut: string[],
): AsyncGenerator<TarFile> {
  const madeAtMs = Date.parse(about.createdAt);
  yield textFile(ABOUT_FILE, `${JSON.stringify(about, null, 2)}\n`, madeAtMs);
  for (const { path, source } of kept) {
    const handle = await openIfThere(source);
    if (handle === undefined) {
      leftOut.push(`${path} (gone meanwhile)`);
      continue;
    }
    try {
      const { size, mode, mtimeMs } = await handle.stat();
      const hasher = new Bun.CryptoHasher("sha256");
      const bytes = size === 0 ? [] : createReadStream("", { fd: handle, end: size - 1, autoClose: false });
      yield { path, sizeBytes: size, mode, modifiedAtMs: mtimeMs, content: hashed(bytes, hasher) };
      sums.set(path, hasher.digest("hex"));
    } finally {
      await handle.close();
    }
  }
  yield textFile(SUMS_FILE, formatSums(sums), madeAtMs);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

async function* hashed(
  bytes: AsyncIterable<Uint8Array> | Uint8Array[],
  hasher: Bun.CryptoHasher,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hasher.update(chunk);
    yield chunk;
  }
}

function textFile(path: string, text: string, modifiedAtMs: number): TarFile {
  const bytes = new TextEncoder().encode(text);
  return { path, sizeBytes: bytes.length, mode: SECRET_MODE, modifiedAtMs, content: Readable.from([bytes]) };
}
