import { z } from "zod";
import { integer, optional, type Reader, required, text } from "../../platform/http/fields";

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
