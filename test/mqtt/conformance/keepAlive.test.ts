import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { brokerClock } from "../support/exchange";
import { rawConnected } from "../support/raw";

const SECOND_MS = 1000;

/** The beginning of a PUBLISH of 100,000 bytes. */
const BEGUN = Buffer.from([0x30, 0xa0, 0x8d, 0x06, 0, 1, 0x74]);

/** A broker by a clock of the test, and a client with a keep-alive of 10 s that has begun a packet. */
async function withBegunPacket(level: 4 | 5) {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const client = await rawConnected(port, { protocolVersion: level, keepalive: 10 });
  const send = async (bytes: Uint8Array, seconds: number): Promise<void> => {
    const { bytesReceived } = broker.stats();
    client.send(bytes);
    await until(() => broker.stats().bytesReceived >= bytesReceived + bytes.length || client.isClosed, "a piece");
    clock.advance(seconds * SECOND_MS);
  };
  await send(BEGUN, 1);
  return { broker, client, send };
}

describe.each([4, 5] as const)("bytes of a packet that has begun (level %d)", (level) => {
  test("keep their client alive, against [MQTT-3.1.2-24] and as with mosquitto: 500 a second will do", async () => {
    const { broker, send } = await withBegunPacket(level);
    for (let left = 100_000 - 3; left > 0; left -= 5000) await send(Buffer.alloc(Math.min(left, 5000)), 10);
    expect(broker.stats()).toMatchObject({ connections: 1, messagesReceived: [1, 0, 0] });
  });

  test("keep nobody alive for longer than a minute and a second per 500 of them", async () => {
    const { broker, client, send } = await withBegunPacket(level);
    for (let seconds = 0; seconds < 245; seconds += 10) await send(new Uint8Array(1), 10);
    expect(broker.stats().connections).toBe(1);
    await send(new Uint8Array(1), 10);
    expect(broker.stats().connections).toBe(0);
    if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(0x8d);
    await client.closed();
  });

  test("that come no more end it with its keep-alive", async () => {
    const { broker, send } = await withBegunPacket(level);
    await send(new Uint8Array(1), 16);
    expect(broker.stats().connections).toBe(0);
  });
});

test("a large packet may take longer than the keep-alive, as long as it comes", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const client = await rawConnected(port, { protocolVersion: 4, keepalive: 10 });
  client.send(BEGUN);
  for (let left = 100_000 - 3; left > 0; ) {
    const piece = Math.min(left, 20_000);
    const { bytesReceived } = broker.stats();
    client.send(Buffer.alloc(piece, "x"));
    left -= piece;
    await until(() => broker.stats().bytesReceived >= bytesReceived + piece, "a piece");
    clock.advance(10 * SECOND_MS);
  }
  expect(broker.stats()).toMatchObject({ connections: 1, messagesReceived: [1, 0, 0] });
});
