/**
 * A backup is a gzipped tar: `backup.json` first, then the kept files under their paths in the data folder, and
 * `SHA256SUMS` last, so that a backup that was cut off is known as such and `sha256sum -c` reads it too.
 */
export const ABOUT_FILE = "backup.json";
export const SUMS_FILE = "SHA256SUMS";
export const BACKUP_FORMAT = 1;

/** What `backup.json` says. */
export interface BackupAbout {
  format: typeof BACKUP_FORMAT;
  /** The program's version that made it. */
  version: string;
  /** ISO 8601. */
  createdAt: string;
  /** Path of the main database in it; absent in backups of versions that knew no other than the one in the settings. */
  database?: string;
}

/** Sums by path, as `sha256sum` prints them. Paths hold no line feed. */
export function formatSums(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([path, sum]) => `${sum}  ${path}\n`).join("");
}

/** @throws Error at a line that is none. */
export function parseSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, sum, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sum === undefined || path === undefined) throw new Error(`${SUMS_FILE} has a line that is no checksum.`);
    sums.set(path, sum);
  }
  return sums;
}
