import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Packet } from "mqtt-packet";
import { memoryStore, sqliteStore } from "../../src/mqtt";
import { handBroker, turnEnds } from "../chaos/support/handBroker";
import { startBroker } from "./support/broker";
import { until } from "./support/client";
import { arrivals, lasting, lose, publish, subscribe } from "./support/exchange";
import { rawConnected } from "./support/raw";

const QOS_0 = { cmd: "publish", topic: "own", payload: "x".repeat(400), qos: 0, dup: false, retain: false } as const;

/** A store that always has something to write, and can be told to refuse. */
function moodyStore() {
  const state = { refuses: false };
  const commit = (): void => {
    if (state.refuses) throw new Error("the disk is full");
  };
  return { state, store: { ...memoryStore(), hasWork: () => true, commit } };
}

describe("a message that found its client's outbox full", () => {
  test("goes out when the turn has written what stood before it", async () => {
    const { store } = moodyStore();
    const { port } = startBroker({ store, limits: { outboxShedBytes: 1000 } });
    const client = await rawConnected(port, lasting(5, "c"));
    await subscribe(client, "own", 1);
    // One turn: an acknowledgement that waits for the commit, what fills the outbox behind it, and one that must not be lost.
    const first = { ...QOS_0, topic: "other", retain: true, qos: 1, messageId: 1 } as const;
    const last = { ...QOS_0, qos: 1, messageId: 2 } as const;
    for (const packet of [first, QOS_0, QOS_0, QOS_0, last]) client.send(packet);
    await until(() => client.packets.filter(({ cmd }) => cmd === "puback").length === 2, "both acknowledgements");
    expect((await arrivals(client)).map(({ qos }) => qos).at(-1)).toBe(1);
  });

  test("goes out when the disk that held up the outbox writes again", async () => {
    const { state, store } = moodyStore();
    const { broker, clock, connect } = handBroker({ store, limits: { outboxShedBytes: 1000 } });
    const client = connect(lasting(5, "c") as { clientId: string });
    const writer = connect({ clientId: "w" });
    client.say({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "own", qos: 1 }] });
    await turnEnds();
    state.refuses = true;
    client.say({ ...QOS_0, topic: "other", retain: true, qos: 1, messageId: 1 });
    await turnEnds();
    for (let i = 0; i < 4; i++) writer.say(QOS_0);
    writer.say({ ...QOS_0, qos: 1, messageId: 9 });
    await turnEnds();
    expect(broker.findClient("c")).toMatchObject({ queuedMessages: 1 });
    client.written();
    state.refuses = false;
    clock.advance(300);
    await turnEnds();
    const qosOf = (packet: Packet): number | string => (packet.cmd === "publish" ? packet.qos : packet.cmd);
    expect(client.written().map(qosOf)).toEqual(["puback", 0, 0, 0, 1]);
  });
});

test("a farewell is not held up by what waits for the disk, which is not said at all (5.0) [MQTT-4.13.1-1]", async () => {
  const { state, store } = moodyStore();
  const { broker, connect } = handBroker({ store });
  const client = connect(lasting(5, "c") as { clientId: string });
  await turnEnds();
  client.written();
  state.refuses = true;
  client.say({ ...QOS_0, retain: true, qos: 1, messageId: 1 });
  await turnEnds();
  broker.kick("c");
  expect(client.written()).toMatchObject([{ cmd: "disconnect", reasonCode: 0x98 }]);
});

describe("what is on its way to a session and was not acknowledged", () => {
  test("counts as what waits: against the session's limit, and until it is acknowledged", async () => {
    const { port, broker } = startBroker({ limits: { queuedBytes: 50_000 } });
    const reader = await rawConnected(port, lasting(5, "r"));
    await subscribe(reader, "t", 1);
    const writer = await rawConnected(port);
    for (let i = 0; i < 20; i++) await publish(writer, "t", Buffer.alloc(10_000));
    const got = await arrivals(reader);
    expect(got.length).toBe(5);
    expect(broker.stats()).toMatchObject({ dropped: { queue_full: 15 } });
    expect(broker.stats().queuedBytes).toBeGreaterThan(50_000);
    for (const { messageId } of got) reader.send({ cmd: "puback", messageId: messageId! });
    await until(() => broker.stats().queuedBytes === 0, "room");
    await publish(writer, "t", Buffer.alloc(10_000));
    expect((await arrivals(reader)).length).toBe(1);
  });

  test("counts over a reconnect, a restart, and no more when the session ends", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
    const path = join(folder, "mqtt.db");
    const before = startBroker({ store: sqliteStore(path) });
    const reader = await rawConnected(before.port, lasting(5, "r"));
    await subscribe(reader, "t", 2);
    const writer = await rawConnected(before.port);
    for (const qos of [1, 2] as const) await publish(writer, "t", Buffer.alloc(1000), { qos });
    await arrivals(reader);
    const { queuedBytes } = before.broker.stats();
    expect(queuedBytes).toBeGreaterThan(2000);
    await lose(before.broker, reader);
    expect((await arrivals(await rawConnected(before.port, lasting(5, "r")))).length).toBe(2);
    expect(before.broker.stats().queuedBytes).toBe(queuedBytes);
    await before.broker.stop();
    const after = startBroker({ store: sqliteStore(path) });
    expect(after.broker.stats().queuedBytes).toBe(queuedBytes);
    expect(after.broker.forget("r")).toBe(true);
    expect(after.broker.stats().queuedBytes).toBe(0);
    await after.broker.stop();
    await rm(folder, { recursive: true });
  });
});
