import { z } from "zod";

const MAX_NAME = 256;
const MAX_TOPIC = 1024;

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
