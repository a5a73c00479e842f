import { connect, type Socket } from "node:net";
import { connectPacket, createCutter, type OnPacket, PacketType } from "./packets";

/** A client that has been let in. */
export interface Connection {
  socket: Socket;
  isAlive: boolean;
}

export interface ConnectionOptions {
  port: number;
  keepalive: number;
  clientId: string;
  /** A further loopback address to come from, where one has not ports enough. */
  localAddress?: string | undefined;
  onPacket: OnPacket;
}

const HOST = "127.0.0.1";
const PATIENCE_MS = 30_000;

/** Connects. Broken where the broker refuses, ends the connection, or says nothing for half a minute. */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
  return new Promise((resolve, reject) => startConnection(options, resolve, reject));
}

function startConnection(
  { port, keepalive, clientId, localAddress, onPacket }: ConnectionOptions,
  resolve: (connection: Connection) => void,
  reject: (why: Error) => void,
): void {
  const socket = connect({ host: HOST, port, noDelay: true, ...(localAddress !== undefined && { localAddress }) });
  const connection: Connection = { socket, isAlive: true };
  const patience = setTimeout(() => end(new Error("no CONNACK")), PATIENCE_MS);

  function end(why: Error): void {
    connection.isAlive = false;
    clearTimeout(patience);
    socket.destroy();
    reject(why);
  }

  const cut = createCutter((type, flags, bytes, from, to) => {
    if (type !== PacketType.connack) onPacket(type, flags, bytes, from, to);
    else if (bytes[from + 1] !== 0) end(new Error(`refused ${bytes[from + 1]}`));
    else {
      clearTimeout(patience);
      resolve(connection);
    }
  });
  socket.on("data", cut);
  socket.on("connect", () => socket.write(connectPacket(clientId, keepalive)));
  socket.on("error", end);
  socket.on("close", () => end(new Error("closed")));
}
