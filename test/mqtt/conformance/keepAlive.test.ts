import { expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { brokerClock } from "../support/exchange";
import { rawConnected } from "../support/raw";

const SECOND_MS = 1000;

/** The beginning of a PUBLISH of 100,000 bytes. */
const BEGUN = Buffer.from([0x30, 0xa0, 0x8d, 0x06, 0, 1, 0x74]);

test.each([4, 5] as const)("bytes that make no packet keep nobody alive (level %d) [MQTT-3.1.2-22]", async (level) => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const client = await rawConnected(port, { protocolVersion: level, keepalive: 10 });
  for (const byte of BEGUN) {
    const { bytesReceived } = broker.stats();
    if (client.isClosed) break;
    client.send(new Uint8Array([byte]));
    await until(() => broker.stats().bytesReceived > bytesReceived || client.isClosed, "a byte");
    clock.advance(4 * SECOND_MS);
  }
  expect(broker.stats().connections).toBe(0);
  if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(0x8d);
  await client.closed();
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
