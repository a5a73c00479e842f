import { z } from "zod";

const LONGEST_NAME = 256;
const LONGEST_TOPIC = 1024;

const ARGON2ID = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;
const TOKEN_HASH = /^sha256:[0-9a-f]{64}$/;

const name = z
  .string("expected a name")
  .min(1, "expected a name")
  .max(LONGEST_NAME, `expected at most ${LONGEST_NAME} characters`);

const topicFilter = z
  .string("expected a topic filter")
  .max(LONGEST_TOPIC, `expected at most ${LONGEST_TOPIC} characters`)
  .refine(isFilter, "expected a topic filter, such as a/+/c or a/%c/#, with # at the end alone");

/** `+` and `#` stand for whole levels, `#` for the last [MQTT-4.7.1-1], [MQTT-4.7.1-2]. */
function isFilter(filter: string): boolean {
  if (filter === "" || filter.includes("\0")) return false;
  const levels = filter.split("/");
  return levels.every((level, i) => {
    if (level === "+") return true;
    if (level === "#") return i === levels.length - 1;
    return !/[+#]/.test(level);
  });
}

/** Somebody who may connect; docs/broker.md, "Users and rights". Messages never hold the secret. */
export const userLine = z.strictObject({
  user: name,
  secret: z
    .string("expected the hash of a password")
    .refine(
      (secret) => ARGON2ID.test(secret) || TOKEN_HASH.test(secret),
      "expected a whole $argon2id$ hash, or sha256: and 64 hexadecimal digits; `foresight mqtt-user` makes both",
    ),
});

/** Something that is allowed. */
export const ruleLine = z.strictObject({
  allow: z.enum(["read", "write", "both"], "expected read, write or both"),
  topics: z.array(topicFilter, "expected a list of topic filters").min(1, "expected a topic filter"),
  user: name.optional(),
  client: name.optional(),
});

/** Whether clients without user name and password are let in. */
export const anonymousLine = z.strictObject({ anonymous: z.boolean("expected true or false") });

const limit = (most: number, standard: number, what: string) =>
  z.coerce.number().int().min(1).max(most).default(standard).describe(what);
const offset = (most: number) =>
  z.coerce.number().int().min(0).max(most).default(0).describe("How many to leave out before the first.");

/** Whoever looks for one among so many must narrow the search: sorting more of them would hold up the broker. */
const DEEPEST_OFFSET = 2000;

export const clientsQuery = z.object({
  q: z.string().max(100).default("").describe("A part of client identifier, user name or address."),
  state: z.enum(["all", "online", "offline"]).default("all").describe("Offline ones are sessions that wait."),
  sort: z
    .enum([
      "clientId",
      "username",
      "address",
      "transport",
      "version",
      "connectedAt",
      "lastHeardAt",
      "subscriptions",
      "inflight",
      "queuedMessages",
      "queuedBytes",
      "outboxBytes",
      "sessionEndsAt",
    ])
    .default("clientId")
    .describe("The member to sort by; those without it come last."),
  direction: z.enum(["ascending", "descending"]).default("ascending").describe("The direction of the sort."),
  offset: offset(DEEPEST_OFFSET),
  limit: limit(200, 50, "Most clients."),
});

export type ClientsQuery = z.output<typeof clientsQuery>;

export const clientPath = z.object({ clientId: z.string().min(1).max(LONGEST_NAME) });

export const retainedQuery = z.object({
  prefix: z.string().max(LONGEST_TOPIC).default("").describe("What the topics begin with, such as xenminer/."),
  offset: offset(1_000_000),
  limit: limit(200, 50, "Most messages."),
});

export type RetainedQuery = z.output<typeof retainedQuery>;
