/** The rules of the chain simulator: values in, values out (docs/chain.md). */

export const blockTypes = ["normal", "super", "xuni"] as const;
export type BlockType = (typeof blockTypes)[number];

/** Coins that a block brings its account. */
export const REWARDS: Readonly<Record<BlockType, number>> = { normal: 10, super: 50, xuni: 1 };

const MIN_DIFFICULTY = 100;
/** The most KiB that a hash may be asked for, and may take. */
export const MAX_DIFFICULTY = 100_000;
const DIFFICULTY_GROWTH = 1.05;

const KEY_DIGITS = 64;
const SUPER_CAPITALS = 50;
const XUNI = /XUNI[0-9]/;

/** What is wrong with a key, or undefined. */
export function keyFault(key: string): string | undefined {
  if (key === "") return "Key is empty";
  if (key.length < KEY_DIGITS) return `Key too short: ${key.length} chars (need >= ${KEY_DIGITS})`;
  return /^[0-9a-f]+$/i.test(key) ? undefined : "Key contains non-hex characters";
}

/** The kind of block that a text is, undefined when it holds no marker. */
export function blockTypeOf(hash: string, marker: string): BlockType | undefined {
  if (hash.includes(marker)) return capitals(hash) >= SUPER_CAPITALS ? "super" : "normal";
  return XUNI.test(hash) ? "xuni" : undefined;
}

const BASE64_LETTERS = 64;
/** Of 64 bytes in base64, without padding. */
const DIGEST_DIGITS = 86;

/** How many keys must be tried for one digest with the marker, on average: each of its places holds it by chance. */
export function hashesPerBlock(marker: string): number {
  const places = Math.max(1, DIGEST_DIGITS - marker.length + 1);
  return BASE64_LETTERS ** marker.length / places;
}

function capitals(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 65 && code <= 90) count++;
  }
  return count;
}

/** Whether XUNI blocks are taken at this time: from five minutes before to five after the hour, local time. */
export function inXuniWindow(nowMs: number): boolean {
  const minute = new Date(nowMs).getMinutes();
  return minute < 5 || minute >= 55;
}

/** The difficulty after the chain's `totalBlocks`-th block: a twentieth more after each full interval. */
export function difficultyAfter(difficulty: number, totalBlocks: number, adjustInterval: number): number {
  if (totalBlocks % adjustInterval !== 0) return difficulty;
  return heldDifficulty(Math.floor(difficulty * DIFFICULTY_GROWTH));
}

/** A difficulty within the chain's limits. */
export function heldDifficulty(difficulty: number): number {
  return Math.max(MIN_DIFFICULTY, Math.min(difficulty, MAX_DIFFICULTY));
}
