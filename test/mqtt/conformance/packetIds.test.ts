import { expect, setDefaultTimeout, test } from "bun:test";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { subscribe } from "../support/exchange";
import { rawConnected } from "../support/raw";

setDefaultTimeout(30_000);

test("as many messages as there are identifiers may be on their way, each under its own, and none under 0 [MQTT-2.2.1-4]", async () => {
  const MOST = 65_535;
  const { port } = startBroker({ limits: { inflightMessages: MOST, queuedMessages: 100_000 } });
  const reader = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(reader, "t", 1);
  const writer = await rawConnected(port);
  for (let i = 0; i <= MOST; i++) {
    writer.send({
      cmd: "publish",
      topic: "t",
      payload: "",
      qos: 1,
      messageId: 1 + (i % MOST),
      dup: false,
      retain: false,
    });
  }
  await until(() => writer.packets.length === MOST + 1, "all acknowledgements");
  await until(() => reader.packets.length >= MOST, "a message under each identifier");
  const ids = new Set(reader.packets.map(({ messageId }) => messageId));
  expect([ids.size, ids.has(0), reader.packets.length]).toEqual([MOST, false, MOST]);
  reader.send({ cmd: "puback", messageId: 777 });
  await until(() => reader.packets.length === MOST + 1, "the one that waited");
  expect(reader.packets.at(-1)!.messageId).toBe(777);
}, 60_000);
