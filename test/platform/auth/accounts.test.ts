import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { SignJWT } from "jose";
import { createAccounts } from "../../../src/platform/auth/accounts";
import { derivedKey } from "../../../src/platform/auth/keys";
import { authTables } from "../../../src/platform/auth/tables";
import { RequestError } from "../../../src/platform/errors";
import { atTestEnd } from "../../support/endings";
import type { ManualClock } from "../../support/manualClock";
import { sqliteStorage } from "../../support/storages";

setDefaultTimeout(30_000);

const SECRET = "a secret for tests";

async function open() {
  const under = await sqliteStorage();
  atTestEnd(() => under[Symbol.asyncDispose]());
  const clock = under.clock as ManualClock;
  const accounts = createAccounts({ storage: under.storage, secretKey: SECRET, clock, tokenLifetimeS: 1800 });
  return { accounts, clock, storage: under.storage };
}

const ada = { email: "Ada@Example.org", password: "correct horse", fullName: "Ada" };

async function refusal(promise: Promise<unknown>): Promise<[number, string]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RequestError) return [error.status, error.detail];
    throw error;
  }
  throw new Error("it was not refused");
}

describe("accounts", () => {
  test("an email is one account's, whatever its case; the right password gives a token of it", async () => {
    const { accounts } = await open();
    const user = await accounts.register(ada);
    expect(user.email).toBe("ada@example.org");
    expect(user.hashedPassword).toStartWith("$argon2id$");
    expect(await refusal(accounts.register({ ...ada, email: "ADA@example.ORG" }))).toEqual([
      409,
      "User with this email already exists",
    ]);
    const token = await accounts.login("ada@EXAMPLE.org", ada.password, "1.2.3.4");
    expect((await accounts.userOf(`Bearer ${token}`)).id).toBe(user.id);
  });

  test("passwords that share their first 72 bytes are different passwords", async () => {
    const { accounts } = await open();
    const long = "x".repeat(100);
    await accounts.register({ ...ada, password: `${long}a` });
    expect((await refusal(accounts.login(ada.email, `${long}b`, "x")))[0]).toBe(401);
    await accounts.login(ada.email, `${long}a`, "x");
  });

  test("an unknown user and a wrong password are told alike, and take as long", async () => {
    const { accounts } = await open();
    await accounts.register(ada);
    const times: number[][] = [[], []];
    for (let i = 0; i < 6; i++) {
      for (const [j, email] of [ada.email, "nobody@example.org"].entries()) {
        const began = performance.now();
        expect(await refusal(accounts.login(email, "wrong password", `${i}`))).toEqual([
          401,
          "Invalid email or password",
        ]);
        times[j]!.push(performance.now() - began);
      }
    }
    const [known, unknown] = times.map((list) => Math.min(...list.slice(1)));
    expect(unknown!).toBeGreaterThan(known! / 3);
  });

  test("ten failures of one email from one address shut out for five minutes, and nobody else", async () => {
    const { accounts, clock } = await open();
    await accounts.register(ada);
    for (let i = 0; i < 10; i++) {
      expect((await refusal(accounts.login(ada.email, "wrong password", "evil")))[0]).toBe(401);
      clock.advance(1000);
    }
    expect(await refusal(accounts.login(ada.email, ada.password, "evil"))).toEqual([
      429,
      "Too many failed sign-ins; the limit is 10 in 5 minutes. Try again later.",
    ]);
    await accounts.login(ada.email, ada.password, "good");
    clock.advance(5 * 60_000);
    await accounts.login(ada.email, ada.password, "evil");
  });

  test("a bcrypt hash of an account that was taken over becomes argon2id at the next sign-in", async () => {
    const { accounts, storage } = await open();
    const user = await accounts.register(ada);
    const { users } = storage.tables(authTables);
    const hashedPassword = await Bun.password.hash(ada.password, { algorithm: "bcrypt", cost: 4 });
    await storage.transact(async (db) => {
      await db.update(users).set({ hashedPassword });
    });
    await accounts.login(ada.email, ada.password, "x");
    expect((await accounts.byId(user.id))!.hashedPassword).toStartWith("$argon2id$");
  });

  test("a disabled account is told so at sign-in and with a token", async () => {
    const { accounts, storage } = await open();
    await accounts.register(ada);
    const token = await accounts.login(ada.email, ada.password, "x");
    const { users } = storage.tables(authTables);
    await storage.transact(async (db) => {
      await db.update(users).set({ isActive: false });
    });
    expect(await refusal(accounts.login(ada.email, ada.password, "x"))).toEqual([401, "User account is disabled"]);
    expect(await refusal(accounts.userOf(`Bearer ${token}`))).toEqual([403, "User account is disabled"]);
  });
});

// python-jose CVE-2024-33663, GHSA-6c5p-j8vq-pqhj.
describe("a token is refused with 401", () => {
  const key = derivedKey(SECRET, "jwt");
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (
    header: Record<string, unknown>,
    payload: Record<string, unknown>,
    withKey: Uint8Array | string = key,
  ) => {
    const text = `${part(header)}.${part(payload)}`;
    const mac = new Bun.CryptoHasher("sha256", withKey).update(text).digest("base64url");
    return `${text}.${mac}`;
  };
  const sub = crypto.randomUUID();
  const exp = Date.parse("2026-03-01T12:10:00Z") / 1000;
  const cases: [what: string, token: () => string | Promise<string>][] = [
    ["without an algorithm", () => `${part({ alg: "none" })}.${part({ sub, exp })}.`],
    ["of HS384", () => new SignJWT({ sub, exp }).setProtectedHeader({ alg: "HS384" }).sign(key)],
    ["that says RS256 and is an HMAC", () => signed({ alg: "RS256" }, { sub, exp })],
    ["with a list of algorithms", () => signed({ alg: ["HS256"] }, { sub, exp })],
    ["without an end", () => signed({ alg: "HS256" }, { sub })],
    ["whose end is a text", () => signed({ alg: "HS256" }, { sub, exp: String(exp) })],
    ["that has ended", () => signed({ alg: "HS256" }, { sub, exp: exp - 86_400 })],
    ["whose subject is no UUID", () => signed({ alg: "HS256" }, { sub: "1", exp })],
    ["whose subject is a number", () => signed({ alg: "HS256" }, { sub: 1, exp })],
    ["of a user who is gone", () => signed({ alg: "HS256" }, { sub, exp })],
    ["signed with the installation's secret itself", () => signed({ alg: "HS256" }, { sub, exp }, SECRET)],
    ["of another purpose's key", () => signed({ alg: "HS256" }, { sub, exp }, derivedKey(SECRET, "blob"))],
    ["that is none", () => "abc"],
    ["that is endless", () => "a".repeat(100_000)],
  ];
  test.each(cases)("%s", async (_, token) => {
    const { accounts } = await open();
    const error = (await accounts.userOf(`Bearer ${await token()}`).catch((thrown: unknown) => thrown)) as RequestError;
    expect([error.status, error.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
  });

  test("when there is none", async () => {
    const { accounts } = await open();
    for (const header of [null, "", "Basic YTpi", "Bearer"]) {
      expect(await refusal(accounts.userOf(header))).toEqual([401, "Not authenticated"]);
    }
  });
});
