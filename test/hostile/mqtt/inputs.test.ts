import { describe, expect, test } from "bun:test";
import type { Packet } from "mqtt-packet";
import { until } from "../../mqtt/support/client";
import { arrivals } from "../../mqtt/support/exchange";
import { type RawClient, rawClient, rawConnected } from "../../mqtt/support/raw";
import { corpusBytes, corpusNames } from "./corpus";
import { startPair } from "./healthyPair";
import { type End, INPUTS, type Sender } from "./inputs";

const PIECES_BELOW_BYTES = 200;

test("every input that is kept has its row, and every row its input", () => {
  expect(INPUTS.map(([name]) => name).sort()).toEqual(corpusNames().sort());
});

describe("beside two healthy clients, who notice nothing, a peer sends", () => {
  const cases = INPUTS.flatMap(([name, senders, end]) => senders.map((sender) => [name, sender, end] as const));

  test.each(cases)("%s (%p): %p", async (name, sender, end) => {
    const pair = await startPair();
    const bytes = corpusBytes(name);
    const byByte = [...bytes].map((byte) => new Uint8Array([byte]));
    for (const chunks of bytes.length < PIECES_BELOW_BYTES ? [[bytes], byByte] : [[bytes]]) {
      const peer = await peerOf(pair.port, sender);
      for (const chunk of chunks) {
        peer.send(chunk);
        if (chunks.length > 1) await new Promise((resolve) => setImmediate(resolve));
      }
      await expectEnd(peer, sender, end);
      peer.cut();
      await pair.expectUndisturbed();
    }
  });
});

function peerOf(port: number, sender: Sender): Promise<RawClient> {
  return sender === "first" ? rawClient(port, 5) : rawConnected(port, { protocolVersion: sender });
}

async function expectEnd(peer: RawClient, sender: Sender, end: End): Promise<void> {
  if (end === "stays") {
    expect(await arrivals(peer)).toEqual([]);
    expect(peer.isClosed).toBe(false);
    return;
  }
  await peer.closed();
  expect(lastWord(peer.packets)).toBe(typeof end === "number" && sender !== 4 ? end : null);
}

/** The reason code with which a connection was ended, or null where it was just closed. */
function lastWord(packets: readonly Packet[]): number | null {
  const last = packets.at(-1);
  if (last?.cmd === "disconnect") return last.reasonCode ?? 0;
  if (last?.cmd !== "connack") return null;
  const code = last.reasonCode ?? last.returnCode ?? 0;
  // An accepted CONNECT was not the last word.
  return code === 0 ? null : code;
}

test.each([4, 5] as const)("a flood of one QoS 2 identifier is one message (level %d)", async (level) => {
  const pair = await startPair(["flood"]);
  const peer = await rawConnected(pair.port, { protocolVersion: level });
  peer.send(corpusBytes(`publish-qos-2-same-id-v${level}`));
  await until(() => peer.packets.filter(({ cmd }) => cmd === "pubrec").length === 2000, "2000 confirmations");
  expect(await pair.read()).toEqual(["flood=x"]);
  peer.cut();
  await pair.expectUndisturbed();
});

test("2000 filters in one packet, the most there may be, hold up nobody for long", async () => {
  const pair = await startPair();
  const peer = await rawConnected(pair.port, { protocolVersion: 5 });
  const subscriptions = Array.from({ length: 2000 }, (_, i) => ({ topic: `t/${i % 1000}`, qos: 0 as const }));
  peer.send({ cmd: "subscribe", messageId: 1, subscriptions });
  await pair.exchange();
  expect((await peer.next("suback")).granted.length).toBe(2000);
  peer.cut();
  await pair.expectUndisturbed();
});
