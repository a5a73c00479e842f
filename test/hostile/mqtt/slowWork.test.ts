import { describe, expect, test } from "bun:test";
import { until } from "../../mqtt/support/client";
import { brokerClock } from "../../mqtt/support/exchange";
import { rawConnected } from "../../mqtt/support/raw";
import { startPair } from "./healthyPair";

const packet = { cmd: "publish", topic: "work", payload: "x", qos: 1, dup: false, retain: false } as const;

/** A broker with work in its process that goes on until it is told to end, and how often it was begun. */
async function startSlow() {
  const clock = brokerClock();
  const pair = await startPair([], { clock, limits: { receiveMaximum: 10 } });
  const work = Promise.withResolvers<void>();
  const begun = { count: 0 };
  pair.broker.client("inside").subscribe("work", () => {
    begun.count++;
    return work.promise;
  });
  return { ...pair, clock, work, begun };
}

describe("a client that sends on and on while work in this process is under way", () => {
  test("is held to the receive maximum it was told (5.0) [3.2.2.3.3]", async () => {
    const { port, begun, work, expectUndisturbed } = await startSlow();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send({ ...packet, messageId: 1 });
    await until(() => begun.count === 1, "the work");
    for (let messageId = 2; messageId <= 50; messageId++) client.send({ ...packet, messageId });
    expect((await client.next("disconnect")).reasonCode).toBe(0x93);
    await client.closed();
    expect(begun.count).toBeLessThanOrEqual(11);
    work.resolve();
    await expectUndisturbed();
  });

  test("is not read on where it was told none (3.1.1), and loses nothing", async () => {
    const { port, broker, begun, clock, work, expectUndisturbed } = await startSlow();
    const client = await rawConnected(port);
    client.send({ ...packet, messageId: 1 });
    await until(() => begun.count === 1, "the work");
    for (let messageId = 2; messageId <= 50; messageId++) client.send({ ...packet, messageId });
    await until(() => broker.stats().readingPaused > 0, "the pause");
    expect(begun.count).toBeLessThanOrEqual(12);
    clock.advance(500);
    await until(() => broker.stats().readingPaused > 1, "the next pause");
    expect(begun.count).toBeLessThanOrEqual(14);
    work.resolve();
    await until(() => client.packets.length >= begun.count, "acknowledgements");
    clock.advance(500);
    await until(() => client.packets.length === 50, "all acknowledgements");
    expect(client.packets.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    client.cut();
    await expectUndisturbed();
  });

  test("may send as much as it was told", async () => {
    const { port, begun, work, expectUndisturbed } = await startSlow();
    const client = await rawConnected(port, { protocolVersion: 5 });
    for (let round = 0; round < 3; round++) {
      for (let messageId = 1; messageId <= 10; messageId++) client.send({ ...packet, messageId });
      if (round === 0) {
        await until(() => begun.count === 10, "the work");
        work.resolve();
      }
      await until(() => client.packets.length === 10 * (round + 1), "acknowledgements");
    }
    expect(begun.count).toBe(30);
    client.cut();
    await expectUndisturbed();
  });
});
