import { generate, type Packet, type Parser, parser } from "mqtt-packet";
import type { Broker } from "../../../src/mqtt";

/** A client on a transport in this process: it takes all that it is sent, and nothing of it waits for a socket. */
export interface HandClient {
  packets: Packet[];
  say(packet: Packet): void;
  /** The network is gone. */
  leave(): void;
}

type Attachment = Broker["attachment"];

const ignore = (): void => undefined;

/** Connects one, with a session that lasts unless it is told otherwise; by 3.1.1. */
export function handClient(
  { attachment }: { attachment: Attachment },
  clientId: string,
  options: { clean?: boolean } = {},
): HandClient {
  const reader: Parser = parser({ protocolVersion: 4 });
  const packets: Packet[] = [];
  reader.on("packet", (packet) => packets.push(packet));
  const transport = {
    write(bytes: Uint8Array) {
      reader.parse(Buffer.from(bytes));
      return bytes.length;
    },
    end: ignore,
    terminate: ignore,
    pause: ignore,
    resume: ignore,
  };
  const connection = attachment.open(transport, "hand", "by hand")!;
  const say = (packet: Packet): void =>
    attachment.receive(connection, Uint8Array.from(generate(packet, { protocolVersion: 4 })));
  const { clean = false } = options;
  say({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId, clean, keepalive: 0 });
  return { packets, say, leave: () => attachment.closed(connection) };
}

/** The end of this turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
