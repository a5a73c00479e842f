import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { generate, type IConnectPacket } from "mqtt-packet";
import { isLongRun } from "../../support/seeds";
import { clientPacket } from "../packet/arbitraries";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

setDefaultTimeout(30_000);

const RUNS = isLongRun ? 5000 : 300;
/** What a broker of this use grows to: its cache of topics, and what the engine makes of hot code. */
const GROWTH_BYTES = 8 * 1024 * 1024;

function connectBytes(protocolVersion: 4 | 5): Buffer {
  const packet: IConnectPacket = {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion,
    clientId: "noisy",
    clean: true,
    keepalive: 0,
  };
  return generate(packet, { protocolVersion });
}

const version = fc.constantFrom(4 as const, 5 as const);
const noise = fc.uint8Array({ minLength: 1, maxLength: 400 });
const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });

/** Bytes at random, behind a CONNECT or in place of it, and packets of which some bytes are other than they should be. */
const streams = fc.oneof(
  noise,
  fc.tuple(version, noise).map(([level, bytes]) => Buffer.concat([connectBytes(level), bytes])),
  version.chain((level) =>
    fc
      .tuple(fc.array(clientPacket(level), { minLength: 1, maxLength: 5 }), fc.array(change, { maxLength: 4 }))
      .map(([packets, changes]) => {
        const bytes = Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: level })));
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        return Buffer.concat([connectBytes(level), bytes]);
      }),
  ),
  fc.tuple(version, change).map(([level, { at, byte }]) => {
    const bytes = connectBytes(level);
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
);

/** A socket that says this and listens to nothing; kept by nobody, so that the heap shows what the broker keeps. */
function throwAt(port: number, bytes: Uint8Array): Promise<Bun.Socket> {
  const socket = {
    data: () => undefined,
    error: () => undefined,
    open: (opened: Bun.Socket) => void opened.write(bytes),
  };
  return Bun.connect({ hostname: "127.0.0.1", port, socket });
}

test("no bytes bring the broker down, disturb others or leave anything behind", async () => {
  const { port, broker } = startBroker();
  const reader = await rawConnected(port, { clientId: "reader" });
  await subscribe(reader, "healthy", 0);
  const writer = await rawConnected(port, { clientId: "writer", protocolVersion: 5 });
  let sent = 0;

  async function attack(bytes: Uint8Array): Promise<void> {
    const attacker = await throwAt(port, bytes);
    await publish(writer, "healthy", String(sent));
    attacker.terminate();
    expect(await texts(reader)).toEqual([`healthy=${sent}`]);
    sent++;
    await until(() => broker.stats().connections === 2, "the end of the attacker");
  }

  const used = (): number => {
    Bun.gc(true);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = await attack(new Uint8Array([0])).then(used);
  await fc.assert(fc.asyncProperty(streams, attack), { numRuns: RUNS });
  // Retained messages are what a client may leave behind by right.
  const { sessions, outboxBytes, queuedBytes, retainedBytes } = broker.stats();
  expect({ sessions, outboxBytes, queuedBytes }).toEqual({ sessions: 2, outboxBytes: 0, queuedBytes: 0 });
  expect(used() - before - retainedBytes).toBeLessThan(GROWTH_BYTES);
}, 60_000);
