import { describe, expect, test } from "bun:test";
import { type AclRule, createLiveRights, type Identity } from "../../src/mqtt";
import { authorizeByRules } from "../../src/mqtt/rights/acl";
import { capturesOf } from "../../src/mqtt/rights/clientPattern";
import { startBroker } from "./support/broker";
import { publish, subscribe, texts } from "./support/exchange";
import { rawConnected } from "./support/raw";

const alice: Identity = { clientId: "alice-1", username: "alice", address: "127.0.0.1" };

describe("a pattern of client identifiers", () => {
  const cases: [pattern: string, clientId: string, captured: Record<string, string> | null][] = [
    ["panel", "panel", {}],
    ["panel", "panel2", null],
    ["xenminer_{w}", "xenminer_7", { w: "7" }],
    ["xenminer_{w}", "xenminer_", null],
    ["xenminer_{w}", "my_xenminer_7", null],
    ["{site}-{w}", "a-b-c", { site: "a", w: "b-c" }],
    ["{site}-{w}.x", "a-b.x.x", { site: "a", w: "b.x" }],
    ["{w}_miner", "7_miner", { w: "7" }],
    ["{w}_miner", "_miner", null],
    ["{w}", "any thing", { w: "any thing" }],
    ["a{w}a", "aa", null],
    ["a{w}a", "aaa", { w: "a" }],
  ];
  test.each(cases)("%p captures of %p: %o", (pattern, clientId, captured) => {
    const captures = capturesOf(pattern, clientId);
    expect(captures && Object.fromEntries(captures)).toEqual(captured);
  });

  test("gives each worker its own topics, and none to a worker whose name means something in a filter", () => {
    const authorize = authorizeByRules([{ access: "both", clientId: "xenminer_{w}", topics: ["xenminer/{w}/#"] }]);
    const may = (clientId: string, topic: string) => authorize({ ...alice, clientId }, "subscribe", topic);
    expect(may("xenminer_7", "xenminer/7/task")).toBe(true);
    expect(may("xenminer_7", "xenminer/8/task")).toBe(false);
    for (const worker of ["+", "#", "a/b", "7/../8"]) {
      expect(may(`xenminer_${worker}`, `xenminer/${worker}/task`)).toBe(false);
    }
  });
});

describe("a denial", () => {
  const everything: AclRule = { access: "both", topics: ["#", "$own/#"] };
  const cases: [rule: Partial<AclRule>, identity: Partial<Identity>, asked: string, isAllowed: boolean][] = [
    [{ topics: ["a/#"] }, {}, "a/b", false],
    [{ topics: ["a/#"] }, {}, "b", true],
    [{ topics: ["a/#"] }, {}, "#", true],
    [{ topics: ["a/#"], access: "write" }, {}, "a/b", true],
    [{ topics: ["a"], username: "bob" }, {}, "a", true],
    [{ topics: ["a"], group: "staff" }, {}, "a", false],
    [{ topics: ["a"], group: "guests" }, {}, "a", true],
    [{ topics: ["a"], group: "staff" }, { username: null }, "a", true],
    [{ topics: ["u/%u"] }, { username: null }, "u/any", false],
    [{ topics: ["w/%c/x"] }, { clientId: "a/b" }, "w/a/b/x", false],
    [{ topics: ["w/{w}/x"], clientId: "m_{w}" }, { clientId: "m_a/b" }, "w/a/b/x", false],
    [{ topics: ["w/{w}/x"], clientId: "m_{w}" }, { clientId: "m_a" }, "w/b/x", true],
  ];
  test.each(cases)("%o for %o on %p: %p, wherever it stands", (rule, identity, asked, isAllowed) => {
    const denial: AclRule = { effect: "deny", access: "read", topics: [], ...rule };
    const groupsOf = (username: string) => (username === "alice" ? ["staff"] : []);
    for (const rules of [
      [denial, everything],
      [everything, denial],
    ]) {
      expect(authorizeByRules(rules, groupsOf)({ ...alice, ...identity }, "subscribe", asked)).toBe(isAllowed);
    }
  });

  test("keeps from a wider subscription what it covers", async () => {
    const rules: AclRule[] = [
      { access: "both", topics: ["#"] },
      { effect: "deny", access: "read", topics: ["secret/#"] },
    ];
    const { port } = startBroker(createLiveRights({ users: [], allowsAnonymous: true, rules }));
    const client = await rawConnected(port, { protocolVersion: 5 });
    expect(await subscribe(client, ["#", "secret/#", "secret/x"], 0)).toEqual([0, 0x87, 0x87]);
    await publish(client, "secret/x", "hidden");
    await publish(client, "open", "seen");
    expect(await texts(client)).toEqual(["open=seen"]);
  });
});

test("topics that begin with $ are for whom a rule names them for, the broker's own for nobody", async () => {
  const rules: AclRule[] = [
    { access: "both", topics: ["#", "$SYS/#", "$share/#", "$queue/#", "$delayed/#", "$own/#"] },
  ];
  const { port } = startBroker(createLiveRights({ users: [], allowsAnonymous: true, rules }));
  const client = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(client, "$own/#", 0);
  expect(await publish(client, "$own/x", "mine")).toBe(0);
  expect(await texts(client)).toEqual(["$own/x=mine"]);
  for (const topic of ["$SYS/broker/uptime", "$share/g/x", "$queue/x", "$delayed", "$other/x", "$ownx"]) {
    expect([topic, await publish(client, topic, "forged")]).toEqual([topic, 0x87]);
  }
});

test("clients in this process are under no user's rules, with users and without", async () => {
  const rights = createLiveRights({
    users: [],
    allowsAnonymous: true,
    rules: [{ access: "write", topics: ["w/+/up"] }],
  });
  const { port, broker } = startBroker(rights);
  const heard: string[] = [];
  broker.client("market").subscribe("w/#", ({ topic }) => void heard.push(topic), { qos: 1 });
  broker.client("market").subscribe("$share/g/w/#", ({ topic }) => void heard.push(`shared ${topic}`), { qos: 1 });
  const client = await rawConnected(port, { protocolVersion: 5 });
  expect(await publish(client, "w/1/up", "x")).toBe(0);
  expect(heard).toEqual(["w/1/up", "shared w/1/up"]);
  rights.replace({ users: [], allowsAnonymous: false, rules: [] });
  broker.rightsChanged(rights.isWelcome);
  broker.client("other").publish("w/1/down", "x");
  await broker.client("other").committed();
  expect(heard.slice(2)).toEqual(["w/1/down", "shared w/1/down"]);
});
