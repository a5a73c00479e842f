import { generate, type IConnackPacket, type IConnectPacket, type Packet, parser } from "mqtt-packet";
import { atTestEnd } from "../../support/endings";
import { until } from "./client";

/** A client that sends bytes as it is told to, right or wrong, and keeps what it gets. */
export interface RawClient {
  packets: Packet[];
  /** The bytes of all that has come. */
  chunks: Uint8Array[];
  isClosed: boolean;
  send(bytes: Uint8Array | Packet): void;
  /** The first packet of this kind that has not been asked for yet. */
  next<Cmd extends Packet["cmd"]>(cmd: Cmd): Promise<Extract<Packet, { cmd: Cmd }>>;
  /** Resolves when the other side has closed. */
  closed(): Promise<void>;
  /** Reads nothing more, as a client that hangs. */
  stall(): void;
  readAgain(): void;
  /** Breaks the connection. */
  cut(): void;
}

let opened = 0;

/** Opens a socket and says nothing. */
export async function rawClient(port: number, protocolVersion = 4): Promise<RawClient> {
  const reader = parser({ protocolVersion });
  const packets: Packet[] = [];
  reader.on("packet", (packet) => packets.push(packet));
  let waiting: Uint8Array = new Uint8Array(0);
  const flush = (): void => {
    waiting = waiting.subarray(Math.max(0, socket.write(waiting)));
  };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_socket, chunk) {
        client.chunks.push(Buffer.from(chunk));
        reader.parse(chunk);
      },
      drain: flush,
      close: () => {
        client.isClosed = true;
      },
      error: () => undefined,
    },
  });
  const client: RawClient = {
    packets,
    chunks: [],
    isClosed: false,
    send(bytes) {
      const more = bytes instanceof Uint8Array ? bytes : generate(bytes, { protocolVersion });
      waiting = Buffer.concat([waiting, more]);
      flush();
    },
    async next(cmd) {
      const find = (): number => packets.findIndex((packet) => packet.cmd === cmd);
      await until(() => find() !== -1, `a ${cmd} (there are: ${packets.map((packet) => packet.cmd).join(" ")})`);
      return packets.splice(find(), 1)[0] as never;
    },
    closed: () => until(() => client.isClosed, "the end of the connection"),
    stall: () => void socket.pause(),
    readAgain: () => void socket.resume(),
    cut: () => socket.terminate(),
  };
  opened++;
  atTestEnd(client.cut);
  return client;
}

/** A raw client that has been let in, with the answer to its CONNECT. */
export async function rawConnected(
  port: number,
  connect: Partial<IConnectPacket> = {},
): Promise<RawClient & { connack: IConnackPacket }> {
  const protocolVersion = connect.protocolVersion ?? 4;
  const client = await rawClient(port, protocolVersion);
  client.send({
    cmd: "connect",
    protocolId: "MQTT",
    clientId: `raw-${opened}-${port}`,
    clean: true,
    keepalive: 0,
    ...connect,
    protocolVersion,
  });
  return Object.assign(client, { connack: await client.next("connack") });
}
