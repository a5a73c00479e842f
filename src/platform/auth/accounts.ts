import { freshSecret } from "../../config/secrets";
import type { Clock } from "../clock";
import type { Storage } from "../database";
import { RequestError } from "../errors";
import { derivedKey } from "./keys";
import type { User } from "./tables";
import { createTokens, type Tokens } from "./tokens";
import { createUserStore, type UserStore } from "./userStore";

/** Who may call: registration, sign-in and the user behind a token (docs/jobs.md, "Accounts"). */
export interface Accounts {
  /** @throws RequestError 409 when the email is taken. */
  register(account: NewAccount): Promise<User>;
  /**
   * A token for the right password.
   * @param address where the caller is, for the limit of failures.
   * @throws RequestError 401 for a wrong password or an unknown email alike; 401 for a disabled account; 429 after too
   * many failures.
   */
  login(email: string, password: string, address: string): Promise<string>;
  /** @throws RequestError 401 without a token that is good, 403 for an account that was disabled. */
  userOf(authorization: string | null): Promise<User>;
  /** The user of this machine in open mode, made when it is first asked for, and a token of his. */
  localToken(): Promise<string>;
  /** A new secret that call-backs are signed with, in place of the one before. */
  renewWebhookSecret(userId: string): Promise<string>;
  byId(userId: string): Promise<User | undefined>;
  /** Makes the account of that email a superuser's, and says whether there is one. */
  promote(email: string): Promise<boolean>;
  /** Forgets failures that count no longer. */
  tidy(): Promise<void>;
}

export interface NewAccount {
  email: string;
  password: string;
  fullName: string | null;
}

export interface AccountsOptions {
  storage: Storage;
  secretKey: string;
  clock: Clock;
  tokenLifetimeS: number;
  /** Whose account is a superuser's, also when it is made later. */
  adminEmail?: string | undefined;
}

const LOCAL_EMAIL = "local@localhost";
/** Failures of one email from one address within the window, after which no further try is made. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 5 * 60_000;
/** Nobody has this password; it is verified for unknown users, so that the time taken says nothing. */
const NO_PASSWORD = "no user has this password";

export function createAccounts(options: AccountsOptions): Accounts {
  const { storage, secretKey, clock, tokenLifetimeS, adminEmail } = options;
  const store = createUserStore(storage);
  const tokens = createTokens({ key: derivedKey(secretKey, "jwt"), lifetimeS: tokenLifetimeS, clock });
  const dummyHash = lazily(() => hashOf(NO_PASSWORD));

  async function create(account: NewAccount, isSuperuser: boolean): Promise<User | undefined> {
    const user = await newUser(account, isSuperuser, clock.now());
    return (await store.insert(user)) ? user : undefined;
  }

  async function localUser(): Promise<User> {
    const known = await store.byEmail(LOCAL_EMAIL);
    if (known !== undefined) return known;
    // Two may ask at once: one makes him, and both find him.
    await create({ email: LOCAL_EMAIL, password: freshSecret(), fullName: "Local user" }, true);
    return localUser();
  }

  async function login(email: string, password: string, address: string): Promise<string> {
    const key = email.toLowerCase();
    const source = `${key}|${address}`;
    await refuseAfterFailures(store, source, clock.now());
    const user = await store.byEmail(key);
    const isRight = await Bun.password.verify(password, user?.hashedPassword ?? (await dummyHash()));
    if (user === undefined || !isRight) {
      await store.recordFailure(source, clock.now());
      throw unauthorized("Invalid email or password");
    }
    if (!user.isActive) throw unauthorized("User account is disabled");
    await store.clearFailures(source);
    await modernise(store, user, password, clock.now());
    return tokens.issue(user.id);
  }

  return {
    async register(account) {
      const user = await create(account, account.email.toLowerCase() === adminEmail?.toLowerCase());
      if (user !== undefined) return user;
      throw new RequestError(409, "User with this email already exists");
    },
    login,
    userOf: (authorization) => userOf(store, tokens, authorization),
    localToken: async () => tokens.issue((await localUser()).id),
    async renewWebhookSecret(userId) {
      const webhookSecret = freshSecret();
      await store.update(userId, { webhookSecret, updatedAt: clock.now() });
      return webhookSecret;
    },
    byId: store.byId,
    async promote(email) {
      const user = await store.byEmail(email.toLowerCase());
      return user !== undefined && (await store.update(user.id, { isSuperuser: true, updatedAt: clock.now() }));
    },
    tidy: () => store.removeFailuresBefore(clock.now() - FAILURE_WINDOW_MS),
  };
}

async function newUser({ email, password, fullName }: NewAccount, isSuperuser: boolean, now: number): Promise<User> {
  return {
    id: crypto.randomUUID(),
    email: email.toLowerCase(),
    hashedPassword: await hashOf(password),
    fullName,
    isActive: true,
    isSuperuser,
    externalId: null,
    webhookSecret: null,
    createdAt: now,
    updatedAt: now,
  };
}

const BEARER = /^bearer +([^\s]+)$/i;

async function userOf(store: UserStore, tokens: Tokens, authorization: string | null): Promise<User> {
  const token = BEARER.exec(authorization ?? "")?.[1];
  if (token === undefined) throw unauthorized("Not authenticated");
  const userId = await tokens.userIdOf(token);
  const user = userId === undefined ? undefined : await store.byId(userId);
  if (user === undefined) throw unauthorized("Could not validate credentials");
  if (!user.isActive) throw new RequestError(403, "User account is disabled");
  return user;
}

async function refuseAfterFailures(store: UserStore, source: string, nowMs: number): Promise<void> {
  const { count, oldestMs } = await store.failures(source, nowMs - FAILURE_WINDOW_MS);
  if (count < MAX_FAILURES) return;
  const retryAfterS = Math.max(1, Math.ceil(((oldestMs ?? nowMs) + FAILURE_WINDOW_MS - nowMs) / 1000));
  throw new RequestError(429, `Too many failed sign-ins; the limit is ${MAX_FAILURES} in 5 minutes. Try again later.`, {
    retryAfterS,
  });
}

/** Accounts taken over from elsewhere have bcrypt hashes; the first sign-in with the right password mends that. */
async function modernise(store: UserStore, user: User, password: string, now: number): Promise<void> {
  if (user.hashedPassword.startsWith("$argon2id$")) return;
  await store.update(user.id, { hashedPassword: await hashOf(password), updatedAt: now });
}

/** OWASP's smallest recommended argon2id: 19 MiB, two passes. */
function hashOf(password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 });
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function unauthorized(detail: string): RequestError {
  return new RequestError(401, detail, { headers: { "www-authenticate": "Bearer" } });
}
