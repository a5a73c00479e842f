import { z } from "zod";

const MAX_NAME = 256;
const MAX_TOPIC = 1024;
const MAX_GROUPS = 32;

const ARGON2ID = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;
const TOKEN_HASH = /^sha256:[0-9a-f]{64}$/;

const name = z
  .string("expected a name")
  .min(1, "expected a name")
  .max(MAX_NAME, `expected at most ${MAX_NAME} characters`);

const topicFilter = z
  .string("expected a topic filter")
  .max(MAX_TOPIC, `expected at most ${MAX_TOPIC} characters`)
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
  groups: z.array(name, "expected a list of names").max(MAX_GROUPS, `expected at most ${MAX_GROUPS} groups`).optional(),
});

const namesCaptured = (pattern: string) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, captured]) => captured);

const access = z.enum(["read", "write", "both"], "expected read, write or both");

const clientPattern = name.refine(
  (pattern) => !/[{}]/.test(pattern.replace(/\{\w+\}(?!\{)/g, "")),
  "expected a client identifier, or a pattern such as miner_{worker}, with text between two captures",
);

const ofRule = {
  topics: z.array(topicFilter, "expected a list of topic filters").min(1, "expected a topic filter"),
  user: name.optional(),
  group: name.optional(),
  client: clientPattern.optional(),
};

/** A mark in a topic that nothing would ever fill in is a mistake, which would else allow nothing, or deny too much. */
const hasItsCaptures = {
  check: ({ topics, client = "" }: { topics: string[]; client?: string | undefined }) => {
    const captured = namesCaptured(client);
    return topics.flatMap(namesCaptured).every((mark) => captured.includes(mark));
  },
  fault: { path: ["topics"], error: "expected only captures that `client` has, such as {worker} of miner_{worker}" },
};

/** Something that is allowed. */
export const allowLine = z
  .strictObject({ allow: access, ...ofRule })
  .refine(hasItsCaptures.check, hasItsCaptures.fault);

/** Something that stays forbidden, whatever else allows it. */
export const denyLine = z.strictObject({ deny: access, ...ofRule }).refine(hasItsCaptures.check, hasItsCaptures.fault);

/** Whether clients without user name and password are let in. */
export const anonymousLine = z.strictObject({ anonymous: z.boolean("expected true or false") });
