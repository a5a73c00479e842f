import { expect, test } from "bun:test";
import fc from "fast-check";
import { generate, type Packet } from "mqtt-packet";
import { DEFAULT_LIMITS } from "../../../src/mqtt";
import { clientPacket } from "../packet/arbitraries";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { rawConnected } from "../support/raw";

/** What the broker answers to a stream, with a ping as its last word. Chunks go out one turn of the event loop apart. */
async function answersTo(level: 4 | 5, chunks: readonly Uint8Array[]): Promise<string> {
  const { port, broker } = startBroker();
  const client = await rawConnected(port, { protocolVersion: level, clientId: "c" });
  const before = client.chunks.length;
  for (const chunk of chunks) {
    client.send(chunk);
    if (chunks.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
  client.send({ cmd: "pingreq" });
  await until(() => client.isClosed || client.packets.at(-1)?.cmd === "pingresp", "the answer to the ping");
  client.cut();
  await broker.stop();
  return Buffer.concat(client.chunks.slice(before)).toString("hex");
}

/** Cuts bytes at the given places, which need be neither sorted nor distinct. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.slice(i === 0 ? 0 : ends[i - 1]!, end)).filter((chunk) => chunk.length > 0);
}

/** Packets that lead to no fault: with one, what had not been acknowledged by then is not acknowledged any more. */
function isWelcome(packet: Packet): boolean {
  if (packet.cmd === "publish") return (packet.properties?.topicAlias ?? 0) <= DEFAULT_LIMITS.topicAliases;
  // A client that hears nothing of its own says all it has to say, whatever is sent to it.
  return packet.cmd !== "subscribe" && packet.cmd !== "pingreq";
}

test.each([4, 5] as const)("a broker answers a stream the same however it is cut (level %d)", async (level) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(clientPacket(level).filter(isWelcome), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat({ max: 100_000 }), { maxLength: 12 }),
      async (packets: Packet[], places) => {
        const stream = Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: level })));
        const [whole, pieces] = await Promise.all([answersTo(level, [stream]), answersTo(level, cut(stream, places))]);
        expect(pieces).toBe(whole);
      },
    ),
    { numRuns: 40 },
  );
});
