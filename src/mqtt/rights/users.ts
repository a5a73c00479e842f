import { createHash, timingSafeEqual } from "node:crypto";
import { Reason } from "../packet/reason";
import type { Verifier } from "./passwords";
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

const TOKEN_PREFIX = "sha256:";
/**
 * Lets in those who prove to be one of the list. Throws for an entry without a name or without a proper secret: a blank
 * line is no user.
 */
export function authenticateUsers(list: UserList, verifier: Verifier): Authenticate {
  const users = new Map(list.users.map((user) => [checked(user).username, user]));
  verifier.keepOnly(new Set(list.users.map(({ secret }) => secret)));
  return ({ username, password, address, isGone = () => false }: Credentials): Verdict | Promise<Verdict> => {
    if (username === null && password === null) return list.allowsAnonymous ? null : Reason.notAuthorized;
    const secret = username === null ? undefined : users.get(username)?.secret;
    if (password === null || password.length === 0) return Reason.badUserNameOrPassword;
    const isToken = secret?.startsWith(TOKEN_PREFIX) ?? false;
    if (isToken && isTokenOf(secret!, password)) return null;
    // Who is unknown, or has another kind of secret, waits as long as whoever has a password.
    const hash = secret === undefined || isToken ? null : secret;
    const asker = { address, username: username ?? "", isGone };
    return verifier
      .verify(hash, password, asker)
      .then((isRight) => (isRight === "busy" ? Reason.serverBusy : verdictOf(isRight)));
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

function isTokenOf(secret: string, password: Uint8Array): boolean {
  const expected = Buffer.from(secret.slice(TOKEN_PREFIX.length), "hex");
  return timingSafeEqual(createHash("sha256").update(password).digest(), expected);
}
