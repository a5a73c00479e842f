import { afterEach, describe, expect, test } from "bun:test";
import { createBroker, createLiveRights, websocketHandlers } from "../../../src/mqtt";
import { systemClock } from "../../../src/platform/clock";
import { seededRandom } from "../../../src/platform/random";
import { type LinkOptions, openLink, type ReceivedMessage } from "../../../static/broker/mqtt/link";
import { startBroker } from "../../mqtt/support/broker";
import { connect, until } from "../../mqtt/support/client";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A broker that pages reach, and TCP clients too. */
function served(options: Parameters<typeof startBroker>[0] = {}) {
  const started = startBroker(options);
  const { upgrade, websocket } = websocketHandlers(started.broker);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, self) => upgrade(request, self),
    websocket,
  });
  stops.push(() => server.stop(true));
  return { ...started, url: `ws://127.0.0.1:${server.port}/` };
}

async function open(url: string, more: Partial<LinkOptions> = {}) {
  const arrived: ReceivedMessage[] = [];
  const ends: string[] = [];
  const link = await openLink({
    url,
    clientId: "page-1",
    username: "",
    password: "",
    onMessage: (message) => arrived.push(message),
    onEnd: (why) => ends.push(why),
    ...more,
  });
  stops.push(link.close);
  return { link, arrived, ends };
}

const text = (payload: Uint8Array) => new TextDecoder().decode(payload);
const bytes = (payload: string) => new TextEncoder().encode(payload);

describe("the page's link to the broker", () => {
  test("publishes and receives with QoS 0 and 1, among clients of other kinds", async () => {
    const { url, port } = served();
    const { link, arrived } = await open(url);
    await link.subscribe("a/#", 1);
    const other = await connect(port);
    await other.client.subscribeAsync("from-page", { qos: 1 });
    await other.client.publishAsync("a/1", "one", { qos: 1 });
    await other.client.publishAsync("a/0", "zero", { qos: 0 });
    await other.client.publishAsync("a/2", "two", { qos: 2 });
    await link.publish("from-page", bytes("é"), { qos: 1, retain: true });
    await link.publish("from-page", bytes("x"), { qos: 0, retain: false });
    await other.received(2);
    expect(other.arrived.map(({ payload }) => payload)).toEqual(["é", "x"]);
    await until(() => arrived.length === 3, "three messages");
    expect(arrived.map(({ topic, payload, qos }) => [topic, text(payload), qos])).toEqual([
      ["a/1", "one", 1],
      ["a/0", "zero", 0],
      ["a/2", "two", 1],
    ]);
  });

  test("acknowledges, so that more than the window of messages arrive", async () => {
    const { url, port } = served({ limits: { inflightMessages: 4 } });
    const { link, arrived } = await open(url);
    await link.subscribe("a", 1);
    const other = await connect(port);
    await Promise.all(Array.from({ length: 50 }, (_, i) => other.client.publishAsync("a", String(i), { qos: 1 })));
    await until(() => arrived.length === 50, "fifty messages");
    expect(arrived.map(({ payload }) => text(payload))).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
  });

  test("gets retained messages and, once it has unsubscribed, nothing", async () => {
    const { url, port } = served();
    const other = await connect(port);
    await other.client.publishAsync("kept", "1", { qos: 1, retain: true });
    const { link, arrived } = await open(url);
    await link.subscribe("kept", 0);
    await until(() => arrived.length === 1, "the retained message");
    expect(arrived[0]!.retain).toBe(true);
    await link.unsubscribe("kept");
    await link.subscribe("mark", 0);
    await other.client.publishAsync("kept", "2", { qos: 1 });
    await other.client.publishAsync("mark", "3", { qos: 1 });
    await until(() => arrived.length === 2, "the mark");
    expect(arrived.map(({ topic }) => topic)).toEqual(["kept", "mark"]);
  });

  test("is refused in words: no user, a topic or filter without a right", async () => {
    const secret = Bun.password.hashSync("wonder", { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
    const rights = createLiveRights({
      users: [{ username: "ann", secret }],
      allowsAnonymous: false,
      rules: [{ access: "both", topics: ["mine/#"] }],
    });
    const { url } = served(rights);
    await expect(open(url)).rejects.toThrow("The broker refused: not authorized.");
    await expect(open(url, { username: "ann", password: "x" })).rejects.toThrow("user name or password is wrong");
    const { link } = await open(url, { username: "ann", password: "wonder" });
    await link.publish("mine/1", bytes("1"), { qos: 1, retain: false });
    await expect(link.publish("other", bytes("1"), { qos: 1, retain: false })).rejects.toThrow("not authorized");
    await expect(link.subscribe("#", 0)).rejects.toThrow("not authorized");
  });

  test("says why it ended, once, and breaks what was not acknowledged", async () => {
    const { url, broker } = served();
    const { link, ends } = await open(url);
    broker.kick("page-1");
    const unanswered = link.publish("a", bytes("1"), { qos: 1, retain: false });
    await expect(unanswered).rejects.toThrow("disconnected by an operator");
    expect(ends).toEqual(["The broker ended it: disconnected by an operator."]);
  });

  test("that is closed from here tells nobody, and the broker knows at once", async () => {
    const { url, broker } = served();
    const { link, ends } = await open(url);
    link.close();
    await until(() => broker.findClient("page-1") === null, "the end of the session");
    expect(ends).toEqual([]);
  });

  test("says so when there is nobody, or no broker behind the address", async () => {
    const nobody = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("no") });
    const address = `ws://127.0.0.1:${nobody.port}/`;
    await expect(open(address)).rejects.toThrow("cannot be reached");
    await nobody.stop(true);
    await expect(open(address)).rejects.toThrow("cannot be reached");
  });

  test("stays up while nothing is said, by its own pings", async () => {
    const clock = { ...systemClock };
    const broker = createBroker({ clock, random: seededRandom(1) });
    const { upgrade, websocket } = websocketHandlers(broker);
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request, self) => upgrade(request, self),
      websocket,
    });
    stops.push(
      () => broker.stop(),
      () => server.stop(true),
    );
    const intervals: (() => void)[] = [];
    const { setInterval: real } = globalThis;
    globalThis.setInterval = ((action: () => void, ms: number) => {
      expect(ms).toBe(15_000);
      intervals.push(action);
      return real(() => undefined, 1_000_000);
    }) as typeof setInterval;
    try {
      await open(`ws://127.0.0.1:${server.port}/`);
    } finally {
      globalThis.setInterval = real;
    }
    const before = broker.stats().packetsReceived;
    intervals[0]!();
    await until(() => broker.stats().packetsReceived === before + 1, "a ping");
  });
});
