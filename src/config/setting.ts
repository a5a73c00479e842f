import type { z } from "zod";

/** Everything there is to say of one setting. The variable's name is its key in the table of `settings.ts`. */
export interface Setting {
  kind: z.ZodType<unknown, string>;
  /** The default as text; absent means that the setting may stay unset. */
  default?: string;
  unit?: string;
  /** The value as text again, where `String` does not give what one would write. */
  write?: (value: never) => string;
  meaning: string;
  /** Names of the variable in the systems that this one stands in for; they count only where the own name is unset. */
  aliases?: string[];
  /** The flag of `serve`, without dashes; further ones are aliases. */
  flags?: string[];
  /** Never shown, logged or written anywhere but to the file of secrets. */
  secret?: true;
  /** A secret that is made at the first start, where none is set, and kept in the file of secrets. */
  made?: true;
}

/** The settings of one subject, by the names of their variables. */
export type Settings = Record<string, Setting>;
