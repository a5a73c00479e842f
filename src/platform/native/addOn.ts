import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../errors";

/**
 * A native add-on as the executable carries it. The system's loader opens files only, so the add-on and the libraries
 * it needs are written into one folder, where its run path `$ORIGIN` finds them.
 */
export interface PackedAddOn {
  name: string;
  /** Of all its files; it names the folder, so that another build never meets the wrong files. */
  contentHash: string;
  /** The first one is loaded, the others are what it needs. */
  files: readonly PackedFile[];
}

export interface PackedFile {
  name: string;
  /** Where the zstd-compressed bytes stand in the executable. */
  path: string;
  /** Of the file once unpacked. */
  sizeBytes: number;
}

/** Folders to try, best first. A folder that is not ours alone, cannot be written or forbids execution is passed by. */
export function cacheFolders(environment: Record<string, string | undefined> = process.env): string[] {
  const own = environment["XDG_CACHE_HOME"] ?? join(environment["HOME"] ?? homedir(), ".cache");
  return [join(own, "foresight"), join(tmpdir(), `foresight-${process.getuid?.() ?? "user"}`)];
}

/**
 * Writes the add-on's files once for all processes of this user and loads it.
 * @returns what the add-on exports.
 * @throws Error that names each folder tried and what was wrong with it, or what the system's loader said.
 */
export function loadAddOn(addOn: PackedAddOn, folders: readonly string[] = cacheFolders()): unknown {
  const reasons: string[] = [];
  for (const folder of folders) {
    let entry: string;
    try {
      entry = join(unpackedFolder(addOn, folder), addOn.files[0]!.name);
    } catch (error) {
      reasons.push(`${folder}: ${messageOf(error)}`);
      continue;
    }
    try {
      return opened(entry);
    } catch (error) {
      if (!forbidsExecution(error)) throw new Error(`The ${addOn.name} library does not load: ${messageOf(error)}`);
      reasons.push(`${folder} forbids execution: ${messageOf(error)}`);
    }
  }
  throw new Error(
    `The ${addOn.name} library needs a folder of yours to be unpacked into; name one in XDG_CACHE_HOME. Tried ${reasons.join("; ")}`,
  );
}

function opened(path: string): unknown {
  const target = { exports: {} as unknown };
  process.dlopen(target, path);
  return target.exports;
}

/** What the loader says of a file system mounted noexec. */
function forbidsExecution(error: unknown): boolean {
  return /failed to map segment|operation not permitted/i.test(messageOf(error));
}

function unpackedFolder(addOn: PackedAddOn, cacheFolder: string): string {
  claim(cacheFolder);
  const folder = join(cacheFolder, `${addOn.name}-${addOn.contentHash}`);
  if (isComplete(folder, addOn)) return folder;
  rmSync(folder, { recursive: true, force: true });
  const unfinished = mkdtempSync(`${folder}.`);
  try {
    for (const file of addOn.files) writeDurably(join(unfinished, file.name), unpacked(file));
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process of ours may have been first.
    if (!isComplete(folder, addOn)) throw error;
  }
  return folder;
}

/** Whatever lies in this folder is run, so nobody else may write into it. */
function claim(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  const isFolder = (mode & 0o170000) === 0o040000;
  if (!isFolder || uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0) {
    throw new Error("expected a folder that only this user can write to");
  }
}

function isComplete(folder: string, addOn: PackedAddOn): boolean {
  return addOn.files.every((file) => {
    return lstatSync(join(folder, file.name), { throwIfNoEntry: false })?.size === file.sizeBytes;
  });
}

function unpacked(file: PackedFile): Uint8Array {
  const bytes = Bun.zstdDecompressSync(readFileSync(file.path));
  if (bytes.byteLength === file.sizeBytes) return bytes;
  throw new Error(`${file.name}: expected ${file.sizeBytes} bytes, got ${bytes.byteLength}`);
}

/** Without the sync a power cut after the rename could leave an empty file under the final name. */
function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx", 0o700);
  try {
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
