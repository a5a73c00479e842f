// Long because the cases of one subject, who may do what over time, share one broker and its cast of clients.
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IConnectPacket } from "mqtt-packet";
import { type AclRule, createLiveRights, type LiveRights, type Rights, sqliteStore } from "../../../src/mqtt";
import { startBroker } from "../../mqtt/support/broker";
import { until } from "../../mqtt/support/client";
import { arrivals, brokerClock, lasting, lose, publish, subscribe, texts } from "../../mqtt/support/exchange";
import { rawClient, rawConnected } from "../../mqtt/support/raw";

setDefaultTimeout(30_000);

const tokenOf = (name: string): string => name.repeat(40).slice(0, 40);
const secretOf = (name: string): string =>
  `sha256:${new Bun.CryptoHasher("sha256").update(tokenOf(name)).digest("hex")}`;
const user = (username: string) => ({ username, secret: secretOf(username) });
const as = (username: string): Partial<IConnectPacket> => ({ username, password: Buffer.from(tokenOf(username)) });

const EVERYTHING: AclRule = { access: "both", topics: ["#"] };
const may = (access: AclRule["access"], ...topics: string[]): AclRule => ({ access, topics });

function rightsOf(rules: AclRule[], names: string[] = []): Rights {
  return { users: names.map(user), allowsAnonymous: names.length === 0, rules };
}

function startWith(rights: LiveRights, more: object = {}) {
  const started = startBroker({ ...rights, ...more });
  const change = (next: Rights): void => {
    rights.replace(next);
    started.broker.rightsChanged(rights.isWelcome);
  };
  return { ...started, change };
}

describe("who is let in", () => {
  test("an empty list of users lets nobody in by name", async () => {
    const { port } = startWith(createLiveRights({ users: [], allowsAnonymous: false, rules: [EVERYTHING] }));
    for (const who of [{}, as("alice"), { username: "" }, { username: "", password: Buffer.from("") }]) {
      const client = await rawConnected(port, { protocolVersion: 5, ...who });
      expect([0x86, 0x87]).toContain(client.connack.reasonCode!);
      await client.closed();
    }
  });

  test.each(["", " ", "\t", "#", "# a comment", "alice:"])("a line like %p makes no user (CVE-2018-12551)", (line) => {
    const [username = "", secret = ""] = line.split(":");
    const blank = { users: [{ username, secret }], allowsAnonymous: false, rules: [EVERYTHING] };
    expect(() => createLiveRights(blank)).toThrow(/broker user/);
  });

  test("no name means nothing but its letters", async () => {
    const { port } = startWith(createLiveRights(rightsOf([EVERYTHING], ["alice"])));
    for (const username of ["ALICE", "alice ", "alic", "__proto__", "constructor", "alice#"]) {
      const client = await rawConnected(port, {
        protocolVersion: 5,
        username,
        password: Buffer.from(tokenOf("alice")),
      });
      expect(client.connack.reasonCode).toBe(0x86);
    }
  });
});

describe("what is allowed", () => {
  test("an empty list allows nothing at all (CVE-2018-12550)", async () => {
    const { port, broker } = startWith(createLiveRights(rightsOf([])));
    const will = { topic: "t", payload: Buffer.from("x"), qos: 1 as const, retain: true };
    const client = await rawConnected(port, { protocolVersion: 5, will });
    expect(await subscribe(client, ["t", "#", "$SYS/#", "$share/g/t", "+"], 1)).toEqual([0x87, 0x87, 0x87, 0x87, 0x87]);
    for (const qos of [1, 2] as const) expect(await publish(client, "t", "x", { qos, retain: true })).toBe(0x87);
    await publish(client, "t", "x", { qos: 0, retain: true });
    expect(await arrivals(client)).toEqual([]);
    await lose(broker, client);
    expect(broker.stats()).toMatchObject({ retainedMessages: 0, dropped: { not_authorized: 4 } });
  });

  test.each(["#", "+/#", "+/broker/uptime"])("the right to %p is none to $SYS", async (topic) => {
    const { port } = startWith(createLiveRights(rightsOf([may("read", topic)])));
    const client = await rawConnected(port, { protocolVersion: 5 });
    expect(await subscribe(client, ["$SYS/#", "$SYS/broker/uptime", "$share/g/$SYS/#"], 0)).toEqual([0x87, 0x87, 0x87]);
    expect(await arrivals(client)).toEqual([]);
  });

  test.each(["$SYS/broker/uptime", "$CONTROL/dynamic-security/v1", "$share/g/t", "$"])(
    "a will to %p goes nowhere",
    async (topic) => {
      const { port, broker } = startWith(createLiveRights(rightsOf([EVERYTHING, may("both", "$SYS/#", "$CONTROL/#")])));
      const watcher = await rawConnected(port);
      await subscribe(watcher, ["$SYS/#", "$CONTROL/#", "#"], 1);
      await arrivals(watcher);
      const will = { topic, payload: Buffer.from("forged"), qos: 1 as const, retain: true };
      await lose(broker, await rawConnected(port, { protocolVersion: 5, will }));
      expect((await texts(watcher)).filter((text) => text.includes("forged"))).toEqual([]);
      expect(broker.stats()).toMatchObject({ retainedMessages: 0, dropped: { not_authorized: 1 } });
    },
  );

  const patterns: [pattern: string, who: { clientId?: string; username?: string }, topic: string][] = [
    ["w/%c/#", { clientId: "+" }, "w/other/x"],
    ["w/%c/#", { clientId: "#" }, "w/other/x"],
    ["w/%c/#", { clientId: "other/x" }, "w/other/x"],
    ["%c/#", { clientId: "$SYS" }, "$SYS/broker/uptime"],
    ["%c/broker/uptime", { clientId: "$SYS" }, "$SYS/broker/uptime"],
    ["u/%u", { username: "+" }, "u/alice"],
    ["u/%u", { username: "#" }, "u/alice"],
    ["u/%u/#", { username: "a/b" }, "u/a/b/c"],
    ["%u/#", { username: "$SYS" }, "$SYS/broker/uptime"],
    ["u/%u", { username: "%c", clientId: "alice" }, "u/alice"],
  ];
  test.each(patterns)("the pattern %p gives %p no right to %p", async (pattern, who, topic) => {
    const rules = [may("both", pattern)];
    const names = who.username === undefined ? [] : [who.username];
    const { port } = startWith(createLiveRights(rightsOf(rules, names)));
    const { username, clientId } = who;
    const client = await rawConnected(port, {
      protocolVersion: 5,
      ...(clientId === undefined ? {} : { clientId }),
      ...(username === undefined ? {} : as(username)),
    });
    expect(client.connack.reasonCode).toBe(0);
    expect(await subscribe(client, topic, 0)).toEqual([0x87]);
    expect(await publish(client, topic, "x")).toBe(0x87);
  });

  test("a worker cannot read or write for another, whatever it asks for", async () => {
    const { port } = startWith(createLiveRights(rightsOf([may("both", "workers/%u/#")], ["alice", "mallory"])));
    const mallory = await rawConnected(port, { protocolVersion: 5, clientId: "alice", ...as("mallory") });
    const asked = ["workers/alice/#", "workers/+/#", "workers/#", "#", "workers//#", "$share/g/workers/alice/x"];
    expect(await subscribe(mallory, asked, 1)).toEqual([0x87, 0x87, 0x87, 0x87, 0x87, 0x87]);
    for (const topic of ["workers/alice/x", "workers//x", "workers"])
      expect(await publish(mallory, topic, "x")).toBe(0x87);
    expect(await publish(mallory, "workers/mallory/x", "x")).toBe(0x10);
  });
});

describe("a right that is withdrawn", () => {
  const others: AclRule = { access: "both", topics: ["open/#"] };

  test.each(["secret/a", "secret/#", "#", "$share/g/secret/+"])(
    "ends the delivery to %p (CVE-2021-34434)",
    async (filter) => {
      const { port, change } = startWith(createLiveRights(rightsOf([EVERYTHING], ["alice", "bob"])));
      const alice = await rawConnected(port, { protocolVersion: 5, ...as("alice") });
      const bob = await rawConnected(port, { protocolVersion: 5, ...as("bob") });
      expect(await subscribe(alice, filter, 1)).toEqual([1]);
      await publish(bob, "secret/a", "before");
      expect((await arrivals(alice)).length).toBe(1);
      change(rightsOf([others, { ...EVERYTHING, username: "bob" }], ["alice", "bob"]));
      await publish(bob, "secret/a", "after");
      expect(await arrivals(alice)).toEqual([]);
    },
  );

  test("keeps what waits in a session from its client", async () => {
    const { port, broker, change } = startWith(createLiveRights(rightsOf([EVERYTHING])));
    const first = await rawConnected(port, lasting(5, "reader"));
    await subscribe(first, ["secret", "open/a"], 2);
    await lose(broker, first);
    const writer = await rawConnected(port, { clientId: "writer" });
    for (const topic of ["secret", "open/a", "secret"]) await publish(writer, topic, "x", { qos: 2 });
    change(rightsOf([others]));
    const second = await rawConnected(port, lasting(5, "reader"));
    expect(await texts(second)).toEqual(["open/a=x"]);
    expect(broker.findClient("reader")).toMatchObject({ queuedMessages: 0, inflight: 1 });
  });

  test.each([1, 2] as const)("keeps what was on its way at QoS %d from being sent again", async (qos) => {
    const { port, broker, change } = startWith(createLiveRights(rightsOf([EVERYTHING])));
    const first = await rawConnected(port, lasting(5, "reader"));
    await subscribe(first, ["secret", "open/a"], 2);
    const writer = await rawConnected(port, { clientId: "writer" });
    for (const topic of ["secret", "open/a"]) await publish(writer, topic, "x", { qos });
    expect((await arrivals(first)).length).toBe(2);
    await lose(broker, first);
    change(rightsOf([others]));
    const second = await rawConnected(port, lasting(5, "reader"));
    expect(await texts(second)).toEqual(["open/a=x"]);
    expect(broker.stats().dropped.not_authorized).toBe(1);
    if (qos === 2) {
      const { messageId } = await second.next("pubrel");
      second.send({ cmd: "pubcomp", messageId: messageId! });
    }
    await until(() => broker.findClient("reader")?.inflight === 1, "the end of the one that is gone");
  });

  test("before PUBREL lets a QoS 2 message of its publisher's out once and no more", async () => {
    const { port, broker, change } = startWith(createLiveRights(rightsOf([EVERYTHING])));
    const reader = await rawConnected(port);
    await subscribe(reader, "t", 2);
    const packet = {
      cmd: "publish",
      topic: "t",
      payload: "x",
      qos: 2,
      messageId: 5,
      dup: false,
      retain: false,
    } as const;
    const first = await rawConnected(port, lasting(5, "writer"));
    first.send(packet);
    await first.next("pubrec");
    expect((await arrivals(reader)).length).toBe(1);
    await lose(broker, first);
    change(rightsOf([may("read", "#")]));
    const second = await rawConnected(port, lasting(5, "writer"));
    second.send({ ...packet, dup: true });
    await second.next("pubrec");
    second.send({ cmd: "pubrel", messageId: 5 });
    await second.next("pubcomp");
    second.send({ ...packet, messageId: 6 });
    expect((await second.next("pubrec")).reasonCode).toBe(0x87);
    expect(await arrivals(reader)).toEqual([]);
  });

  test("keeps a will from being published", async () => {
    const { port, broker, change } = startWith(createLiveRights(rightsOf([EVERYTHING])));
    const watcher = await rawConnected(port);
    await subscribe(watcher, "#", 1);
    const will = { topic: "secret", payload: Buffer.from("x"), qos: 1 as const, retain: true };
    const doomed = await rawConnected(port, { will });
    change(rightsOf([others, may("read", "#")]));
    await lose(broker, doomed);
    expect(await arrivals(watcher)).toEqual([]);
    expect(broker.stats().retainedMessages).toBe(0);
  });

  test("keeps a retained message from new subscribers, also after a restart (CVE-2018-12546)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
    const path = join(folder, "mqtt.db");
    const names = ["alice", "bob"];
    const before = startWith(createLiveRights(rightsOf([EVERYTHING], names)), { store: sqliteStore(path) });
    for (const name of names) {
      const client = await rawConnected(before.port, { clientId: name, ...as(name) });
      await publish(client, `from/${name}`, "x", { retain: true });
    }
    const withoutBob = rightsOf([may("read", "#"), { ...EVERYTHING, username: "alice" }], names);
    before.change(withoutBob);
    const reader = await rawConnected(before.port, { clientId: "reader", ...as("alice") });
    await subscribe(reader, "from/#", 1);
    expect(await texts(reader)).toEqual(["from/alice=x"]);
    await before.broker.stop();
    const after = startWith(createLiveRights(withoutBob), { store: sqliteStore(path) });
    const late = await rawConnected(after.port, { clientId: "late", ...as("alice") });
    await subscribe(late, "from/#", 1);
    expect(await texts(late)).toEqual(["from/alice=x"]);
    await after.broker.stop();
    await rm(folder, { recursive: true });
  });

  test("from a user altogether closes its connections, with the reason", async () => {
    const { port, broker, change } = startWith(createLiveRights(rightsOf([EVERYTHING], ["alice", "bob"])));
    const alice = await rawConnected(port, { ...lasting(5, "a"), ...as("alice") });
    const bob = await rawConnected(port, { ...lasting(5, "b"), ...as("bob") });
    change(rightsOf([EVERYTHING], ["bob"]));
    expect((await alice.next("disconnect")).reasonCode).toBe(0x87);
    await alice.closed();
    const again = await rawConnected(port, { ...lasting(5, "a"), ...as("alice") });
    expect(again.connack).toMatchObject({ reasonCode: 0x86, sessionPresent: false });
    expect(await arrivals(bob)).toEqual([]);
    expect(broker.stats().connections).toBe(1);
  });
});

describe("a user who is gone, where a rule is for everybody who was let in", () => {
  const everybody = rightsOf([EVERYTHING], ["alice", "bob"]);
  const withoutBob = rightsOf([EVERYTHING], ["alice"]);

  test.each([0, 30])("leaves no will, with a delay of %d s", async (willDelayInterval) => {
    const clock = brokerClock();
    const { port, change } = startWith(createLiveRights(everybody), { clock });
    const watcher = await rawConnected(port, as("alice"));
    await subscribe(watcher, "will", 1);
    const will = { topic: "will", payload: Buffer.from("x"), qos: 1 as const, retain: true };
    const properties = { properties: { willDelayInterval } };
    const bob = await rawConnected(port, { ...lasting(5, "b"), ...as("bob"), will: { ...will, ...properties } });
    change(withoutBob);
    await bob.closed();
    clock.advance(60_000);
    expect(await arrivals(watcher)).toEqual([]);
  });

  test("has his retained messages kept from new subscribers", async () => {
    const { port, change } = startWith(createLiveRights(everybody));
    const bob = await rawConnected(port, as("bob"));
    await publish(bob, "from/bob", "x", { retain: true });
    const alice = await rawConnected(port, as("alice"));
    await publish(alice, "from/alice", "x", { retain: true });
    change(withoutBob);
    await subscribe(alice, "from/+", 1);
    expect(await texts(alice)).toEqual(["from/alice=x"]);
  });

  test("has nothing more put by for him", async () => {
    const { port, broker, change } = startWith(createLiveRights(everybody));
    const bob = await rawConnected(port, { ...lasting(5, "b"), ...as("bob") });
    await subscribe(bob, "t", 1);
    await lose(broker, bob);
    const alice = await rawConnected(port, as("alice"));
    await publish(alice, "t", "before");
    change(withoutBob);
    await publish(alice, "t", "after");
    expect(broker.findClient("b")).toMatchObject({ queuedMessages: 1 });
  });
});

describe("another user's client identifier", () => {
  const rules: AclRule[] = [may("both", "u/%u/#"), { ...EVERYTHING, username: "root" }];

  test.each([4, 5] as const)("does not give its session away, nor end it (level %d)", async (level) => {
    const { port, broker } = startWith(createLiveRights(rightsOf(rules, ["alice", "mallory", "root"])));
    const alice = await rawConnected(port, { ...lasting(level, "device"), ...as("alice") });
    await subscribe(alice, "u/alice/#", 1);
    const root = await rawConnected(port, as("root"));

    for (const clean of [true, false]) {
      const mallory = await rawConnected(port, { ...lasting(level, "device"), clean, ...as("mallory") });
      expect(mallory.connack.reasonCode ?? mallory.connack.returnCode).toBe(level === 5 ? 0x85 : 2);
      await mallory.closed();
    }
    await publish(root, "u/alice/1", "1");
    expect(await texts(alice)).toEqual(["u/alice/1=1"]);

    await lose(broker, alice);
    await publish(root, "u/alice/2", "2");
    const again = await rawConnected(port, { ...lasting(level, "device"), ...as("mallory") });
    await again.closed();
    const back = await rawConnected(port, { ...lasting(level, "device"), ...as("alice") });
    expect(back.connack.sessionPresent).toBe(true);
    expect(await texts(back)).toEqual(["u/alice/1=1", "u/alice/2=2"]);
  });

  test("is not banned by a stranger who tries it without end", async () => {
    const rights = createLiveRights(rightsOf(rules, ["alice", "mallory"]));
    const { port } = startWith(rights, { limits: { flappingConnects: 5 } });
    const alice = await rawConnected(port, { ...lasting(5, "device"), ...as("alice") });
    for (let i = 0; i < 20; i++)
      await (await rawConnected(port, { ...lasting(5, "device"), ...as("mallory") })).closed();
    alice.send({ cmd: "disconnect" });
    await alice.closed();
    const back = await rawConnected(port, { ...lasting(5, "device"), ...as("alice") });
    expect(back.connack.reasonCode).toBe(0);
  });

  test("of a client without a name may be taken by one that has one, whose rights count from then on", async () => {
    const rights = { users: [user("alice")], allowsAnonymous: true };
    const both = createLiveRights({ ...rights, rules: [EVERYTHING] });
    const { port, broker, change } = startWith(both);
    const first = await rawConnected(port, lasting(5, "device"));
    await subscribe(first, ["open", "secret"], 1);
    const writer = await rawConnected(port);
    for (const topic of ["open", "secret"]) await publish(writer, topic, "1");
    expect((await arrivals(first)).length).toBe(2);
    change({ ...rights, rules: [{ ...EVERYTHING, username: "root" }, may("both", "open"), may("write", "secret")] });
    await lose(broker, first);
    for (const topic of ["open", "secret"]) await publish(writer, topic, "2");
    const named = await rawConnected(port, { ...lasting(5, "device"), ...as("alice") });
    expect(named.connack.sessionPresent).toBe(true);
    for (const topic of ["open", "secret"]) await publish(writer, topic, "3");
    expect(await texts(named)).toEqual(["open=1", "open=2", "open=3"]);
  });

  test("changes who is asked for: a route that was found for the first is not taken for the second", async () => {
    const authorize = ({ username }: { username: string | null }, action: string) =>
      action === "write" || username === null;
    const { port } = startBroker({ authorize });
    const first = await rawConnected(port, lasting(5, "device"));
    await subscribe(first, "t", 1);
    const writer = await rawConnected(port);
    await publish(writer, "t", "1");
    expect((await arrivals(first)).length).toBe(1);
    const named = await rawConnected(port, { ...lasting(5, "device"), ...as("alice") });
    await publish(writer, "t", "2");
    expect(await arrivals(named)).toEqual([]);
  });
});

test("a decision that fails costs its client the connection, and nobody else anything", async () => {
  const faults: unknown[] = [];
  const authorize = (_identity: unknown, _action: string, topic: string): boolean => {
    if (topic === "broken") throw new Error("the directory is down");
    return true;
  };
  const { port, broker } = startBroker({ authorize }, faults);
  const other = await rawConnected(port, { protocolVersion: 5 });
  const client = await rawConnected(port, { protocolVersion: 5 });
  client.send({ cmd: "publish", topic: "broken", payload: "x", qos: 1, messageId: 1, dup: false, retain: false });
  expect((await client.next("disconnect")).reasonCode).toBe(0x80);
  await client.closed();
  expect(faults.length).toBe(1);
  await subscribe(other, "t", 0);
  await publish(other, "t", "x");
  expect(await texts(other)).toEqual(["t=x"]);
  expect(broker.stats().connections).toBe(1);
});

test("credentials that cannot be judged refuse, and do not let in", async () => {
  const faults: unknown[] = [];
  const authenticate = () => Promise.reject(new Error("the directory is down"));
  const { port } = startBroker({ authenticate }, faults);
  const client = await rawConnected(port, { protocolVersion: 5, ...as("alice") });
  expect(client.connack.reasonCode).toBe(0x88);
  await client.closed();
  expect(faults.length).toBe(1);
  const thrown = startBroker(
    {
      authenticate: () => {
        throw new Error("the directory is down");
      },
    },
    faults,
  );
  const second = await rawClient(thrown.port, 5);
  second.send({ cmd: "connect", protocolId: "MQTT", protocolVersion: 5, clientId: "c", clean: true, keepalive: 0 });
  await second.closed();
  expect(faults.length).toBe(2);
});
