import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { startBroker } from "../../mqtt/support/broker";
import { until } from "../../mqtt/support/client";
import { arrivals, lasting, lose, subscribe } from "../../mqtt/support/exchange";
import { handClient, turn } from "../../mqtt/support/handClients";
import { type RawClient, rawConnected } from "../../mqtt/support/raw";

setDefaultTimeout(60_000);

/** A broker that holds so many retained messages below `ha/`. */
async function startWithRetained(count: number, bytes: number, limits = {}) {
  const started = startBroker({ limits });
  const inside = started.broker.client("inside");
  const payload = Buffer.alloc(bytes, 0x78);
  for (let i = 0; i < count; i++) {
    inside.publish(`ha/${i % 100}/${i}`, payload, { qos: 1, retain: true });
    if (i % 1000 === 999) await turn();
  }
  expect(started.broker.stats().retainedMessages).toBe(count);
  return started;
}

const publishes = ({ packets }: RawClient): number => packets.filter(({ cmd }) => cmd === "publish").length;

describe("a packet that asks for all that is retained", () => {
  test("two thousand times is walked through once, a little in each turn", async () => {
    const { broker, port } = await startWithRetained(20_000, 20);
    const greedy = handClient(broker, "greedy", { clean: true });
    const canary = await rawConnected(port, { keepalive: 0 });
    const subscriptions = Array.from({ length: 2000 }, () => ({ topic: "#", qos: 0 as const }));
    greedy.say({ cmd: "subscribe", messageId: 1, subscriptions });
    // What one turn may bring: each message costs eight.
    let most = 0;
    for (let before = 0; before < 20_000; ) {
      await turn();
      const now = greedy.packets.filter(({ cmd }) => cmd === "publish").length;
      most = Math.max(most, now - before);
      before = now;
    }
    expect(most).toBeLessThanOrEqual(2 * (8000 / 8));
    for (let i = 0; i < 10; i++) await turn();
    expect(greedy.packets.filter(({ cmd }) => cmd === "publish")).toHaveLength(20_000);
    expect(await arrivals(canary)).toEqual([]);
  });

  test.each([0, 1] as const)("gets it whole at QoS %d, however slowly it reads", async (qos) => {
    const { broker, port } = await startWithRetained(20_000, 500, { outboxShedBytes: 200_000, queuedMessages: 100 });
    const reader = await rawConnected(port);
    await subscribe(reader, "ha/#", qos);
    reader.stall();
    for (let i = 0; i < 20; i++) await turn();
    expect(broker.stats().heldBytes - broker.stats().retainedBytes).toBeLessThan(2_000_000);
    reader.readAgain();
    let acknowledged = 0;
    await until(() => {
      const arrived = reader.packets.filter(({ cmd }) => cmd === "publish");
      for (const packet of qos === 0 ? [] : arrived.slice(acknowledged)) {
        reader.send({ cmd: "puback", messageId: (packet as { messageId: number }).messageId });
      }
      acknowledged = arrived.length;
      return arrived.length === 20_000;
    }, "all of them");
    const { dropped } = broker.stats();
    expect(Object.values(dropped).every((count) => count === 0)).toBe(true);
  });

  test("goes on for a session whose client leaves, and ends with its subscription", async () => {
    const { broker, port } = await startWithRetained(5000, 20, { inflightMessages: 10 });
    const reader = await rawConnected(port, lasting(4, "reader"));
    await subscribe(reader, "ha/#", 1);
    await lose(broker, reader);
    await until(() => broker.queueDepths().queuedMessages + broker.queueDepths().inflightMessages === 5000, "all");
    const other = await rawConnected(port);
    await subscribe(other, "ha/#", 1);
    other.send({ cmd: "unsubscribe", messageId: 9, unsubscriptions: ["ha/#"] });
    await other.next("unsuback");
    const before = publishes(other);
    for (const packet of other.packets.splice(0)) {
      if (packet.cmd === "publish") other.send({ cmd: "puback", messageId: packet.messageId! });
    }
    expect(before).toBeLessThan(5000);
    expect(await arrivals(other)).toEqual([]);
  });

  test("leaves the room of a hundred thousand messages of 500 bytes under the defaults", async () => {
    const { broker } = await startWithRetained(100_000, 500);
    expect(broker.stats()).toMatchObject({ overload: 0, dropped: { retained_full: 0 } });
    const reader = handClient(broker, "reader", { clean: true });
    reader.say({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "ha/#", qos: 0 }] });
    while (reader.packets.length < 100_002) await turn();
    expect(reader.packets.filter(({ cmd }) => cmd === "publish")).toHaveLength(100_000);
  });
});
