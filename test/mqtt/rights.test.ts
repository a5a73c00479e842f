import { describe, expect, test } from "bun:test";
import { type AclRule, createLiveRights, type Identity } from "../../src/mqtt";
import { authorizeByRules } from "../../src/mqtt/rights/acl";
import { startBroker } from "./support/broker";
import { connect, until } from "./support/client";

const hash = (password: string): string =>
  Bun.password.hashSync(password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
const tokenHash = (token: string): string => `sha256:${new Bun.CryptoHasher("sha256").update(token).digest("hex")}`;

const alice: Identity = { clientId: "alice-1", username: "alice", address: "127.0.0.1" };

describe("rules", () => {
  const cases: [rule: string, identity: Partial<Identity>, asked: string, isAllowed: boolean][] = [
    ["a/b", {}, "a/b", true],
    ["a/b", {}, "a/b/c", false],
    ["a/+", {}, "a/b", true],
    ["a/+", {}, "a/+", true],
    ["a/+", {}, "a/#", false],
    ["a/#", {}, "a", true],
    ["a/#", {}, "a/#", true],
    ["a/#", {}, "#", false],
    ["#", {}, "a/b", true],
    ["#", {}, "$SYS/broker/uptime", false],
    ["+/broker/uptime", {}, "$SYS/broker/uptime", false],
    ["$SYS/#", {}, "$SYS/broker/uptime", true],
    ["w/%c/#", {}, "w/alice-1/x", true],
    ["w/%c/#", {}, "w/alice-2/x", false],
    ["w/%c/#", { clientId: "+" }, "w/alice-1/x", false],
    ["w/%c/#", { clientId: "#" }, "w/#", false],
    ["w/%c", { clientId: "a/b" }, "w/a/b", false],
    ["u/%u-in", {}, "u/alice-in", true],
    ["u/%u", { username: null }, "u/", false],
    ["u/%u", { username: "" }, "u/", false],
  ];
  test.each(cases)("%s for %o on %s: %p", (topic, identity, asked, isAllowed) => {
    const authorize = authorizeByRules([{ access: "read", topics: [topic] }]);
    expect(authorize({ ...alice, ...identity }, "subscribe", asked)).toBe(isAllowed);
    expect(authorize({ ...alice, ...identity }, "write", asked)).toBe(false);
  });

  test("an empty list allows nothing", () => {
    expect(authorizeByRules([])(alice, "read", "a")).toBe(false);
  });

  test("a rule for one user or client identifier is for nobody else", () => {
    const rules: AclRule[] = [
      { username: "alice", access: "both", topics: ["a"] },
      { clientId: "bob-1", access: "write", topics: ["b"] },
    ];
    const authorize = authorizeByRules(rules);
    expect(authorize(alice, "write", "a")).toBe(true);
    expect(authorize(alice, "write", "b")).toBe(false);
    expect(authorize({ ...alice, username: "bob", clientId: "bob-1" }, "write", "b")).toBe(true);
    expect(authorize({ ...alice, username: null }, "read", "a")).toBe(false);
  });
});

describe("users", () => {
  const rights = () => ({
    users: [
      { username: "alice", secret: hash("wonder") },
      { username: "robot", secret: tokenHash("0123456789abcdef0123456789abcdef") },
    ],
    allowsAnonymous: false,
    rules: [{ access: "both" as const, topics: ["#"] }],
  });
  const cases: [username: string | undefined, password: string | undefined, code: number][] = [
    ["alice", "wonder", 0],
    ["alice", "wrong", 0x86],
    ["alice", "", 0x86],
    ["alice", undefined, 0x86],
    ["nobody", "wonder", 0x86],
    ["robot", "0123456789abcdef0123456789abcdef", 0],
    ["robot", "0123456789abcdef", 0x86],
    [undefined, undefined, 0x87],
  ];
  test.each(cases)("user %p with password %p gets reason %d", async (username, password, code) => {
    const { port } = startBroker(createLiveRights(rights()));
    const options = { protocolVersion: 5 as const, ...(username && { username }), ...(password && { password }) };
    const outcome = await connect(port, options).then(
      () => 0,
      (error: { code?: number }) => error.code,
    );
    expect(outcome).toBe(code);
  });

  test.each([
    { username: "", secret: hash("x") },
    { username: "blank", secret: "" },
    { username: "plain", secret: "plain text" },
  ])("an entry like %o is refused when the rights are set", (user) => {
    expect(() => createLiveRights({ ...rights(), users: [user] })).toThrow(/broker user/);
  });
});

describe("rights of live connections", () => {
  const open = { users: [], allowsAnonymous: true, rules: [{ access: "both" as const, topics: ["#"] }] };

  test("a subscription without the right is refused in its place", async () => {
    const { port } = startBroker(createLiveRights({ ...open, rules: [{ access: "read", topics: ["a/#"] }] }));
    const client = await connect(port, { protocolVersion: 5 });
    const granted = await client.client.subscribeAsync(["a/1", "b/1", "a/2"], { qos: 1 }).catch((error) => error);
    expect(granted).toBeInstanceOf(Error);
    const v4 = await connect(port, { protocolVersion: 4 });
    const packet = await new Promise<{ granted: number[] }>((resolve) => {
      v4.client.on("packetreceive", (received) => received.cmd === "suback" && resolve(received as never));
      v4.client.subscribe(["a/1", "b/1", "a/2"], { qos: 1 });
    });
    expect(packet.granted).toEqual([1, 0x80, 1]);
  });

  test("a publication without the right is refused in 5.0 and goes nowhere in 3.1.1", async () => {
    const { port, broker } = startBroker(
      createLiveRights({
        ...open,
        rules: [
          { access: "read", topics: ["#"] },
          { access: "write", topics: ["may/#"] },
        ],
      }),
    );
    const watcher = await connect(port);
    await watcher.client.subscribeAsync("#", { qos: 1 });
    const v5 = await connect(port, { protocolVersion: 5 });
    expect(v5.client.publishAsync("other", "x", { qos: 1 })).rejects.toThrow(/Not authorized/);
    const v4 = await connect(port);
    for (const qos of [0, 1, 2] as const) await v4.client.publishAsync("other", "x", { qos });
    await v4.client.publishAsync("may/1", "y", { qos: 1 });
    expect((await watcher.received(1)).map(({ topic }) => topic)).toEqual(["may/1"]);
    expect(broker.stats().dropped.not_authorized).toBe(4);
  });

  test("a right that is withdrawn ends the delivery to a subscription that stays", async () => {
    const rights = createLiveRights(open);
    const { port, broker } = startBroker(rights);
    const reader = await connect(port);
    await reader.client.subscribeAsync("a/+", { qos: 1 });
    const writer = await connect(port);
    await writer.client.publishAsync("a/1", "before", { qos: 1 });
    await reader.received(1);
    rights.replace({
      ...open,
      rules: [
        ...open.rules.map((rule) => ({ ...rule, access: "write" as const })),
        { access: "read", topics: ["a/2"] },
      ],
    });
    broker.rightsChanged(rights.isWelcome);
    await writer.client.publishAsync("a/1", "after", { qos: 1 });
    await writer.client.publishAsync("a/2", "allowed", { qos: 1 });
    expect((await reader.received(2)).map(({ payload }) => payload)).toEqual(["before", "allowed"]);
  });

  test("a retained message is not sent on when its publisher may no longer write there", async () => {
    const rights = createLiveRights(open);
    const { port, broker } = startBroker(rights);
    const writer = await connect(port, { clientId: "w" });
    await writer.client.publishAsync("r/1", "kept", { qos: 1, retain: true });
    await writer.client.publishAsync("r/2", "kept", { qos: 1, retain: true });
    rights.replace({
      ...open,
      rules: [
        { access: "read", topics: ["#"] },
        { access: "write", topics: ["r/2"] },
      ],
    });
    broker.rightsChanged(rights.isWelcome);
    const reader = await connect(port);
    await reader.client.subscribeAsync("r/#", { qos: 1 });
    await writer.client.publishAsync("r/2", "live", { qos: 1 });
    expect((await reader.received(2)).map(({ topic }) => topic)).toEqual(["r/2", "r/2"]);
  });

  test("a will is not published when the right is gone", async () => {
    const rights = createLiveRights(open);
    const { port, broker } = startBroker(rights);
    const watcher = await connect(port);
    await watcher.client.subscribeAsync("#", { qos: 1 });
    const will = { topic: "will/x", payload: Buffer.from("gone"), qos: 1 as const, retain: false };
    const doomed = await connect(port, { will });
    rights.replace({
      ...open,
      rules: [
        { access: "read", topics: ["#"] },
        { access: "write", topics: ["live"] },
      ],
    });
    broker.rightsChanged(rights.isWelcome);
    doomed.cut();
    await until(() => broker.stats().dropped.not_authorized === 1, "the refused will");
    await watcher.client.publishAsync("live", "x", { qos: 1 });
    expect((await watcher.received(1)).map(({ topic }) => topic)).toEqual(["live"]);
  });

  test("a user who is taken out of the list is disconnected, the others are not", async () => {
    const users = [
      { username: "alice", secret: tokenHash("a".repeat(32)) },
      { username: "bob", secret: tokenHash("b".repeat(32)) },
    ];
    const rights = createLiveRights({ ...open, users });
    const { port, broker } = startBroker(rights);
    await connect(port, { username: "alice", password: "a".repeat(32), clientId: "alice" });
    await connect(port, { username: "bob", password: "b".repeat(32), clientId: "bob" });
    rights.replace({ ...open, users: users.slice(1) });
    broker.rightsChanged(rights.isWelcome);
    expect(broker.findClient("alice")).toBeNull();
    expect(broker.findClient("bob")?.connection).not.toBeNull();
  });
});
