import { z } from "zod";
import { optional, required } from "../../platform/http/fastapi/members";
import { integer, type Reader, text } from "../../platform/http/fastapi/readers";

const LONGEST_KEY = 1024;
const LONGEST_HASH = 4096;
const LONGEST_NAME = 256;
const MOST_BLOCKS = 1000;

/** What miners put in as they like: texts as they are, numbers and booleans as text, all else as if absent. */
function looseText(longest: number): Reader<string> {
  const strict = text({ longest });
  const asText = (input: unknown) => {
    if (typeof input === "number" || typeof input === "boolean") return String(input);
    return typeof input === "string" ? input : "";
  };
  return { read: (input) => strict.read(asText(input)), about: strict.about };
}

/** What is no whole number counts as 0. */
const looseInteger: Reader<number> = {
  read(input) {
    const number = typeof input === "string" && /^\s*[+-]?\d+\s*$/.test(input) ? Number(input) : input;
    return { value: typeof number === "number" && Number.isSafeInteger(number) ? number : 0 };
  },
  about: { type: ["integer", "string"] },
};

export const submissionBody = z.object({
  hash_to_verify: optional(looseText(LONGEST_HASH), "", "The encoded Argon2id string, or any text with the marker"),
  key: optional(looseText(LONGEST_KEY), "", "At least 64 hex digits"),
  account: optional(looseText(LONGEST_NAME), "", "The address that is rewarded"),
  attempts: optional(looseInteger, 0, "Hashes tried"),
  hashes_per_second: optional(looseText(LONGEST_NAME), "", "The miner's rate, as text"),
  worker: optional(looseText(LONGEST_NAME), "", "The miner's name"),
});

export const powBody = z.looseObject({});

export const blocksQuery = z.object({
  account: optional(text({ longest: LONGEST_NAME }), "", "Blocks of this address, newest first"),
  prefix: optional(text({ longest: LONGEST_KEY }), "", "Else blocks whose key begins so, newest first"),
  limit: optional(integer({ least: 1, most: MOST_BLOCKS }), 100, "The most blocks to give"),
});

export const addressPath = z.object({
  address: required(text({ longest: LONGEST_NAME }), "An address in any case"),
});

const count = z.number().int().min(0);

export const difficultyAnswer = z.strictObject({ difficulty: z.string().describe("A whole number, as text") });
export const verdictAnswer = z.strictObject({
  status: z.literal("success"),
  message: z.string(),
  block_type: z.enum(["normal", "super", "xuni"]),
  block_id: count,
});
export const powAnswer = z.strictObject({
  status: z.literal("success"),
  message: z.string(),
  block_id: z.unknown().describe("As it came, else 0"),
});
export const blockRecord = z.strictObject({
  block_id: count,
  account: z.string(),
  key: z.string(),
  hash_to_verify: z.string(),
  block_type: z.enum(["normal", "super", "xuni"]),
  attempts: z.number().int(),
  hashes_per_second: z.string(),
  worker: z.string(),
  timestamp: z.number().describe("Unix seconds"),
});
export const blockRecords = z.array(blockRecord);
export const balanceAnswer = z.strictObject({ address: z.string(), balance: count });
export const statsAnswer = z.strictObject({
  total_blocks: count,
  normal_blocks: count,
  super_blocks: count,
  xuni_blocks: count,
  difficulty: count,
  unique_miners: count,
  next_block_id: count,
});

export type BlockRecord = z.infer<typeof blockRecord>;
export type StatsAnswer = z.infer<typeof statsAnswer>;
