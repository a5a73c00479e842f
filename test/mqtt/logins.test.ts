import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createLiveRights, Reason, type User } from "../../src/mqtt";
import { createVerifier } from "../../src/mqtt/rights/passwords";

setDefaultTimeout(60_000);

const hash = (password: string, memoryCost = 8): string =>
  Bun.password.hashSync(password, { algorithm: "argon2id", memoryCost, timeCost: 1 });
const token = "0123456789abcdef0123456789abcdef";
const tokenHash = `sha256:${new Bun.CryptoHasher("sha256").update(token).digest("hex")}`;
const from = (address: string, username = "alice") => ({ address, username, isGone: () => false });
const bytes = (text: string) => Buffer.from(text);

describe("passwords", () => {
  test("of one user, said by a thousand clients at once, are computed once", async () => {
    // With the cost of a real one a thousand would take minutes.
    const secret = hash("right", 65_536);
    const { verify } = createVerifier();
    const all = Array.from({ length: 1000 }, (_, i) => verify(secret, bytes("right"), from(`192.0.2.${i % 250}`)));
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]));
  });

  test("are known again when their turn comes", async () => {
    const [slow, secret] = [hash("slow", 65_536), hash("right", 65_536)];
    const { verify } = createVerifier();
    const blockers = [1, 2].map((i) => verify(slow, bytes(`wrong ${i}`), from(`198.51.100.${i}`)));
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const first = verify(secret, bytes("right"), from("192.0.2.1")).then(note("first"));
    const second = verify(secret, bytes("right"), from("192.0.2.2")).then(note("second"));
    await Promise.all([...blockers, first, second]);
    expect(await verify(secret, bytes("right"), from("192.0.2.3"))).toBe(true);
    expect(order).toEqual(["first", "second"]);
  });

  test("of whoever has gone are not computed", async () => {
    const secret = hash("right", 65_536);
    const { verify } = createVerifier();
    const blockers = [1, 2].map((i) => verify(secret, bytes(`wrong ${i}`), from(`198.51.100.${i}`)));
    const gone = { ...from("192.0.2.1"), isGone: () => true };
    expect(await verify(secret, bytes("right"), gone)).toBe(false);
    await Promise.all(blockers);
  });

  test("that are guessed keep neither another address nor another user waiting", async () => {
    const [alice, bob] = [hash("right", 8192), hash("also right", 8192)];
    const { verify } = createVerifier();
    let guessed = 0;
    const guesses = Array.from({ length: 600 }, (_, i) =>
      verify(alice, bytes(`guess ${i}`), from("198.51.100.1")).then((outcome) => {
        if (outcome !== "busy") guessed++;
        return outcome;
      }),
    );
    const before = (): number => guessed;
    expect(await verify(alice, bytes("right"), from("192.0.2.1"))).toBe(true);
    expect(before()).toBeLessThan(30);
    expect(await verify(bob, bytes("also right"), from("198.51.100.1", "bob"))).toBe(true);
    expect(before()).toBeLessThan(50);
    const outcomes = await Promise.all(guesses);
    expect(outcomes.filter((outcome) => outcome === "busy")).toHaveLength(600 - 64 - 2);
    expect(outcomes).not.toContain(true);
  });
});

describe("a refusal", () => {
  const users: User[] = [
    { username: "alice", secret: hash("right") },
    { username: "robot", secret: tokenHash },
  ];

  test("takes the same time whoever it is for", async () => {
    const pauses: number[] = [];
    const pause = async (ms: number) => void pauses.push(ms);
    const rights = createLiveRights({ users, allowsAnonymous: false, rules: [] }, { everyMs: 10_000, pause });
    const judge = (username: string | null, password: string | null) =>
      rights.authenticate({
        clientId: "c",
        username,
        address: "192.0.2.1",
        password: password === null ? null : bytes(password),
        transport: "tcp",
      });
    for (const who of ["alice", "robot", "nobody"])
      expect(await judge(who, "wrong")).toBe(Reason.badUserNameOrPassword);
    expect(await judge("alice", "")).toBe(Reason.badUserNameOrPassword);
    expect(await judge(null, null)).toBe(Reason.notAuthorized);
    expect(pauses).toHaveLength(5);
    // What each has taken already is part of its wait.
    for (const ms of pauses) expect(ms).toBeWithin(1, 10_000);
    expect([await judge("alice", "right"), await judge("robot", token)]).toEqual([null, null]);
    expect(pauses).toHaveLength(5);
  });

  test("of a known password does not come when rights change", async () => {
    const rights = createLiveRights({ users, allowsAnonymous: false, rules: [] });
    const credentials = { clientId: "c", username: "alice", address: "", password: bytes("right"), transport: "tcp" };
    expect(await rights.authenticate(credentials)).toBeNull();
    rights.replace({ users: users.slice(0, 1), allowsAnonymous: false, rules: [] });
    expect(await rights.authenticate(credentials)).toBeNull();
    const changed = [{ username: "alice", secret: hash("new") }];
    rights.replace({ users: changed, allowsAnonymous: false, rules: [] });
    expect(await rights.authenticate(credentials)).toBe(Reason.badUserNameOrPassword);
  });
});
