import { generate, type IConnectPacket, type Packet, parser } from "mqtt-packet";
import { type Broker, type BrokerOptions, createBroker } from "../../../src/mqtt/index";
import { seededRandom } from "../../../src/platform/random";
import { type ManualClock, manualClock } from "../../support/manualClock";

/** One connection without a socket: what is said is read at once, what is written can be seen at once. */
export interface Hand {
  say(...packets: Packet[]): void;
  /** What the broker has written so far, but for what was asked for before. */
  written(): Packet[];
  /** Its socket takes this many bytes more, and then refuses. */
  takes(bytes: number): void;
  /** Its socket takes bytes again, without end, and says so. */
  drains(): void;
  /** The connection is lost. */
  breaks(): void;
}

export interface HandBroker {
  broker: Broker;
  clock: ManualClock;
  connect(packet: Partial<IConnectPacket> & { clientId: string }): Hand;
}

/** A broker that is driven by hand: a turn of the event loop ends when the test says so. */
export function handBroker(options: Partial<BrokerOptions> = {}, clock = manualClock("2026-01-01")): HandBroker {
  const broker = createBroker({ clock, random: seededRandom(1), ...options });
  broker.on("fault", ({ error }) => {
    throw error;
  });
  return {
    broker,
    clock,
    connect(packet) {
      const protocolVersion = packet.protocolVersion ?? 5;
      const hand = openHand(broker, protocolVersion);
      hand.say({ cmd: "connect", protocolId: "MQTT", protocolVersion, clean: true, keepalive: 0, ...packet });
      return hand;
    },
  };
}

function openHand({ attachment }: Broker, protocolVersion: number): Hand {
  const reader = parser({ protocolVersion });
  let seen: Packet[] = [];
  let free = Number.POSITIVE_INFINITY;
  reader.on("packet", (packet) => seen.push(packet));
  const ignore = (): void => undefined;
  const write = (bytes: Uint8Array): number => {
    const taken = Math.min(bytes.length, free);
    free -= taken;
    reader.parse(Buffer.from(bytes.slice(0, taken)));
    return taken;
  };
  const transport = { write, end: ignore, terminate: ignore, pause: ignore, resume: ignore };
  const connection = attachment.open(transport, "hand", "by hand")!;
  return {
    say: (...packets) =>
      attachment.receive(connection, Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion })))),
    written() {
      const packets = seen;
      seen = [];
      return packets;
    },
    takes(bytes) {
      free = bytes;
    },
    drains() {
      free = Number.POSITIVE_INFINITY;
      attachment.drained(connection);
    },
    breaks: () => attachment.closed(connection),
  };
}

/** Lets this turn of the event loop end. */
export function turnEnds(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
