import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ABOUT_FILE, BACKUP_FORMAT, type BackupAbout, parseSums, SUMS_FILE } from "./backupFormat";
import { isOwnName } from "./restoredFolder";
import { readTar, type TarFile } from "./tar";

export interface BackupContents {
  about: BackupAbout;
  /** Of the kept files. */
  paths: string[];
}

/** `backup.json` and `SHA256SUMS` are read into memory; a million files fit. */
const MAX_TEXT_BYTES = 128 * 1024 * 1024;

/**
 * Unpacks a backup into a new folder, each file on the disk when it ends, and checks every sum.
 * @throws Error that says what is wrong with it; the folder is then worth nothing.
 */
export async function unpackBackup(backup: string, folder: string): Promise<BackupContents> {
  await mkdir(folder, { mode: 0o700 });
  const sums = new Map<string, string>();
  const texts = new Map<string, string>();
  await pipeline(createReadStream(backup), createGunzip(), async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const file of readTar(bytes)) {
      if (sums.has(file.path) || texts.has(file.path)) throw new Error(`it holds ${file.path} twice.`);
      if (file.path === ABOUT_FILE || file.path === SUMS_FILE) texts.set(file.path, await readText(file));
      else sums.set(file.path, await unpackFile(file, folder));
    }
  });
  const about = parseAbout(required(texts, ABOUT_FILE));
  const expected = parseSums(required(texts, SUMS_FILE));
  for (const path of new Set([...sums.keys(), ...expected.keys()])) {
    if (sums.get(path) !== expected.get(path)) throw new Error(`${path} is missing or differs from its checksum.`);
  }
  return { about, paths: [...sums.keys()] };
}

/** Writes one file durably and gives its sum. */
async function unpackFile(file: TarFile, folder: string): Promise<string> {
  refuseOutside(file.path);
  const target = join(folder, file.path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const handle = await open(target, "wx", file.mode);
  try {
    const hasher = new Bun.CryptoHasher("sha256");
    for await (const chunk of file.content) {
      hasher.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
    return hasher.digest("hex");
  } finally {
    await handle.close();
  }
}

/** @throws Error at a path that would leave the folder, or that means something to the data folder itself. */
function refuseOutside(path: string): void {
  const parts = path.split("/");
  const strange = parts.some((part) => part === "" || part === "." || part === "..") || /[\0\\]/.test(path);
  if (strange || isOwnName(parts[0]!)) throw new Error(`it holds ${JSON.stringify(path)}, which no backup does.`);
}

async function readText(file: TarFile): Promise<string> {
  if (file.sizeBytes > MAX_TEXT_BYTES) throw new Error(`${file.path} is larger than ${MAX_TEXT_BYTES} bytes.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.content) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function required(texts: ReadonlyMap<string, string>, name: string): string {
  const text = texts.get(name);
  if (text === undefined) throw new Error(`it has no ${name}.`);
  return text;
}

function parseAbout(text: string): BackupAbout {
  const about = JSON.parse(text) as Partial<BackupAbout>;
  if (about.format === BACKUP_FORMAT) return about as BackupAbout;
  throw new Error(`${ABOUT_FILE} says format ${about.format}; this version reads ${BACKUP_FORMAT}.`);
}
