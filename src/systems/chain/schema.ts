import { z } from "zod";
import { textLike } from "../../platform/http/api/texts";
import { dictionary, optional, required } from "../../platform/http/fastapi/members";
import { integer, type Reader, text } from "../../platform/http/fastapi/readers";

const MAX_KEY = 1024;
const MAX_HASH = 4096;
const MAX_NAME = 256;
const MAX_BLOCKS = 1000;

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

const ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7";
const KEY = "5f2b8c1d9e3a47f60b8d2c4e6f8091a3b5c7d9e1f3052746384a9cbedf102132";
const HASH =
  "$argon2id$v=19$m=1024,t=1,p=1$NTI5MDg0MDAwOTg1Mjc4ODZFMEY3MDMw$k1XEN11mOQ2bQ3W5H0yq8m1c7s0Zr6kF2dV9pX4tLwE";

export const submissionBody = dictionary({
  hash_to_verify: optional(looseText(MAX_HASH), "", "The encoded Argon2id string, or any text with the marker").meta({
    examples: [HASH],
  }),
  key: optional(looseText(MAX_KEY), "", "At least 64 hex digits").meta({ examples: [KEY] }),
  account: optional(looseText(MAX_NAME), "", "The address that is rewarded").meta({ examples: [ADDRESS] }),
  attempts: optional(looseInteger, 0, "Hashes tried").meta({ examples: [12800] }),
  hashes_per_second: optional(looseText(MAX_NAME), "", "The miner's rate, as text").meta({ examples: ["128.0"] }),
  worker: optional(looseText(MAX_NAME), "", "The miner's name").meta({ examples: ["worker-1"] }),
});

export const powBody = z.looseObject({}).meta({ examples: [{ block_id: 17 }], additionalProperties: true });

export const blocksQuery = z.object({
  account: optional(text({ longest: MAX_NAME }), "", "Blocks of this address, newest first"),
  prefix: optional(text({ longest: MAX_KEY }), "", "Else blocks whose key begins so, newest first"),
  limit: optional(integer({ least: 1, most: MAX_BLOCKS }), 100, "The most blocks to give"),
});

export const addressPath = z.object({
  address: required(text({ longest: MAX_NAME }), "An address in any case").meta({ examples: [ADDRESS] }),
});

const count = z.number().int().min(0);
const blockType = z.enum(["normal", "super", "xuni"]);
const address = textLike(ADDRESS);
const sentence = textLike("Block accepted: normal #17");

export const difficultyAnswer = z.strictObject({
  difficulty: z
    .string()
    .describe("A whole number, as text")
    .meta({ examples: ["1"] }),
});
export const verdictAnswer = z.strictObject({
  status: z.literal("success"),
  message: sentence,
  block_type: blockType,
  block_id: count,
});
export const refusedBlock = z.strictObject({
  status: z.literal("error"),
  message: textLike("Key already exists"),
});
export const powAnswer = z.strictObject({
  status: z.literal("success"),
  message: textLike("PoW accepted (mock)"),
  block_id: z
    .unknown()
    .describe("As it came, else 0")
    .meta({ examples: [17] }),
});
export const blockRecord = z.strictObject({
  block_id: count,
  account: address,
  key: textLike(KEY),
  hash_to_verify: textLike(HASH),
  block_type: blockType,
  attempts: z.number().int(),
  hashes_per_second: textLike("128.0"),
  worker: textLike("worker-1"),
  timestamp: z
    .number()
    .describe("Unix seconds")
    .meta({ examples: [1757419200] }),
});
export const blockRecords = z.array(blockRecord);
export const balanceAnswer = z.strictObject({ address, balance: count });
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
export type PowAnswer = z.infer<typeof powAnswer>;
export type VerdictAnswer = z.infer<typeof verdictAnswer> | z.infer<typeof refusedBlock>;
