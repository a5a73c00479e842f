import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, sqliteStore } from "../../../src/mqtt";
import { startBroker } from "../../mqtt/support/broker";
import { brokerClock } from "../../mqtt/support/exchange";
import { type HandClient, handClient, turn } from "../../mqtt/support/handClients";
import { atTestEnd } from "../../support/endings";

setDefaultTimeout(60_000);

const MEBIBYTE = 1024 * 1024;

function scratchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "crowd-"));
  atTestEnd(() => rmSync(folder, { recursive: true }));
  return join(folder, "mqtt.db");
}

/** Sessions that have asked for `broadcast/#` and are away. */
function crowd(broker: Broker, size: number): void {
  for (let i = 0; i < size; i++) {
    const client = handClient(broker, `away-${i}`);
    client.say({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "broadcast/#", qos: 1 }] });
    client.leave();
  }
}

async function broadcast(publisher: HandClient, count: number, bytes: number): Promise<void> {
  const payload = Buffer.alloc(bytes, 0x78);
  for (let i = 0; i < count; i++) {
    publisher.say({
      cmd: "publish",
      topic: "broadcast/1",
      payload,
      qos: 1,
      messageId: 1 + (i % 60_000),
      dup: false,
      retain: false,
    });
    if (i % 100 === 99) await turn();
  }
  await turn();
}

/** What comes to a session that is back, acknowledged as it comes. */
async function drain(client: HandClient, count: number): Promise<number> {
  let received = 0;
  for (let quiet = 0; received < count && quiet < 10; quiet++) {
    await turn();
    for (const packet of client.packets.splice(0)) {
      if (packet.cmd !== "publish") continue;
      received++;
      quiet = 0;
      client.say({ cmd: "puback", messageId: packet.messageId! });
    }
  }
  await turn();
  return received;
}

describe("a crowd of sessions that is away", () => {
  test("shares the bytes of what it waits for, before a restart and after", async () => {
    const path = scratchFile();
    const limits = { flappingConnects: 0 };
    const { broker } = startBroker({ store: sqliteStore(path), limits });
    crowd(broker, 1000);
    const publisher = handClient(broker, "publisher", { clean: true });
    await broadcast(publisher, 700, 50);
    expect(publisher.packets.filter(({ cmd }) => cmd === "puback")).toHaveLength(700);
    expect(broker.queueDepths().queuedMessages).toBe(700_000);
    expect(broker.stats()).toMatchObject({ overload: 0 });
    expect(broker.stats().heldBytes).toBeLessThan(20 * MEBIBYTE);
    expect(await drain(handClient(broker, "away-7"), 700)).toBe(700);
    await broker.stop();
    const again = startBroker({ store: sqliteStore(path), limits });
    expect(again.broker.queueDepths().queuedMessages).toBe(699_300);
    expect(again.broker.stats().heldBytes).toBeLessThan(20 * MEBIBYTE);
    expect(await drain(handClient(again.broker, "away-7"), 1)).toBe(0);
    expect(await drain(handClient(again.broker, "away-8"), 700)).toBe(700);
  });

  test("in an overload may come and take its messages, after a restart too, and that ends it", async () => {
    const path = scratchFile();
    const clock = brokerClock();
    const options = { clock, limits: { memoryBytes: MEBIBYTE, flappingConnects: 0 } };
    const before = startBroker({ ...options, store: sqliteStore(path) });
    crowd(before.broker, 10);
    const publisher = handClient(before.broker, "publisher", { clean: true });
    for (let i = 0; before.broker.stats().overload < 3; i++) {
      await broadcast(publisher, 10, 10_000);
      clock.advance(250);
      if (i > 100) throw new Error("no overload came");
    }
    const heard: string[] = [];
    before.broker.client("inside").subscribe("inside", ({ topic }) => void heard.push(topic));
    before.broker.client("inside").publish("inside", "x");
    await turn();
    expect(heard).toEqual(["inside"]);
    const waiting = before.broker.queueDepths().queuedMessages / 10;
    const newcomer = handClient(before.broker, "newcomer");
    expect(newcomer.packets).toMatchObject([{ cmd: "connack", returnCode: 3 }]);
    expect(await drain(handClient(before.broker, "away-0"), waiting)).toBe(waiting);
    await before.broker.stop();

    const less = { ...options.limits, memoryBytes: MEBIBYTE / 2 };
    const after = startBroker({ ...options, limits: less, store: sqliteStore(path) });
    clock.advance(250);
    expect(after.broker.stats().overload).toBe(3);
    for (let i = 1; i < 10; i++) expect(await drain(handClient(after.broker, `away-${i}`), waiting)).toBe(waiting);
    clock.advance(250);
    expect(after.broker.stats()).toMatchObject({ overload: 0, queuedBytes: 0 });
    const welcome = handClient(after.broker, "newcomer");
    await turn();
    expect(welcome.packets).toMatchObject([{ cmd: "connack", returnCode: 0 }]);
  });

  test("in an overload gets no more messages in its longest queues, and no message that was acknowledged is lost", async () => {
    const { broker } = startBroker({ limits: { memoryBytes: MEBIBYTE, flappingConnects: 0 } });
    crowd(broker, 2);
    // A client in the process is not slowed down, so all that it sends comes at once.
    const inside = broker.client("inside");
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 10; i++) inside.publish("broadcast/1", Buffer.alloc(10_000, i), { qos: 1 });
      await inside.committed();
    }
    const { dropped, heldBytes } = broker.stats();
    expect(dropped.overload).toBeGreaterThan(0);
    // What was over the watermark came in one turn.
    expect(heldBytes).toBeLessThan(1.2 * MEBIBYTE);
    const kept = broker.queueDepths().queuedMessages;
    expect(kept + dropped.overload).toBe(2 * 300);
    expect(await drain(handClient(broker, "away-0"), kept / 2)).toBe(kept / 2);
  });
});
