import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Reason } from "../packet/reason";
import type { Authenticate, Credentials, Verdict } from "./rights";

/** Somebody who may connect. */
export interface User {
  username: string;
  /** `$argon2id$...` of a password, or `sha256:` and the hexadecimal hash of a token of at least 128 random bits. */
  secret: string;
  /** Groups that rules may be for. */
  groups?: readonly string[];
}

/** Who may connect. */
export interface UserList {
  users: readonly User[];
  /** Whether a client without user name and password is let in. */
  allowsAnonymous: boolean;
}

/** A password hash takes a core and 64 MiB for some time: so many are computed at once, and so many may wait. */
const MAX_PASSWORDS_AT_ONCE = 2;
const MAX_PASSWORDS_WAITING = 1000;
const TOKEN_PREFIX = "sha256:";
/** The hash of a password nobody has: a name that is unknown takes as long to refuse as one that is known. */
const NOBODY = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$UGHDbPTqNXoJWhKoBKPBBlGGbGZYdZUYMNYMLNrvCR0";

/**
 * Lets in those who prove to be one of the list. Throws for an entry without a name or without a proper secret: a blank
 * line is no user.
 */
export function authenticateUsers(list: UserList): Authenticate {
  const users = new Map(list.users.map((user) => [checked(user).username, user]));
  const verify = createVerifier();
  return ({ username, password }: Credentials): Verdict | Promise<Verdict> => {
    if (username === null && password === null) return list.allowsAnonymous ? null : Reason.notAuthorized;
    const user = username === null ? undefined : users.get(username);
    if (password === null || password.length === 0) return Reason.badUserNameOrPassword;
    if (user?.secret.startsWith(TOKEN_PREFIX)) return verdictOf(isToken(user.secret, password));
    return verify(user?.secret ?? NOBODY, password).then((isRight) =>
      isRight === "busy" ? Reason.serverBusy : verdictOf(isRight && user !== undefined),
    );
  };
}

function verdictOf(isRight: boolean): Verdict {
  return isRight ? null : Reason.badUserNameOrPassword;
}

function checked(user: User): User {
  if (user.username === "") throw new Error("a broker user without a name: give one, or take the entry out");
  const isToken = /^sha256:[0-9a-f]{64}$/.test(user.secret);
  if (!isToken && !user.secret.startsWith("$argon2id$")) {
    throw new Error(
      `the secret of broker user ${user.username} is neither an argon2id hash nor sha256:<hash of a token>`,
    );
  }
  return user;
}

function isToken(secret: string, password: Uint8Array): boolean {
  const expected = Buffer.from(secret.slice(TOKEN_PREFIX.length), "hex");
  return timingSafeEqual(createHash("sha256").update(password).digest(), expected);
}

/**
 * Verifies passwords, few at a time. One that was right is known again by a keyed hash that never leaves the process,
 * so that a thousand clients that come back at once need not wait for a thousand computations.
 */
function createVerifier(): (secret: string, password: Uint8Array) => Promise<boolean | "busy"> {
  const key = randomBytes(32);
  /** By secret: so there are never more than users, and a changed password is a new one. */
  const known = new Map<string, Buffer>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function compute(secret: string, password: Uint8Array): Promise<boolean> {
    if (running < MAX_PASSWORDS_AT_ONCE) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await Bun.password.verify(password, secret, "argon2id");
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that nobody can slip in between.
      if (next === undefined) running--;
      else next();
    }
  }

  return async (secret, password) => {
    const proof = createHmac("sha256", key).update(secret).update(password).digest();
    const right = known.get(secret);
    if (right !== undefined && timingSafeEqual(right, proof)) return true;
    if (waiting.length >= MAX_PASSWORDS_WAITING) return "busy";
    const isRight = await compute(secret, password);
    if (isRight) known.set(secret, proof);
    return isRight;
  };
}
