import type { Server, ServerWebSocket } from "bun";
import type { Attachment, Broker } from "../broker/broker";
import type { Connection, Transport } from "../state/connection";

/** Subprotocols of MQTT over WebSocket, the one we like better first [MQTT-6.0.0-3]. */
const SUBPROTOCOLS = ["mqtt", "mqttv3.1"];
const NORMAL_CLOSURE = 1000;
const UNSUPPORTED_DATA = 1003;
const TRY_AGAIN_LATER = 1013;

/**
 * What a WebSocket carries as its data: its connection, and the functions that its server calls. Elysia's server calls
 * those it finds here, and {@link WebSocketHandlers.websocket} does the same for a plain `Bun.serve`.
 */
export interface WebSocketData {
  connection: Connection | null;
  open(socket: MqttSocket): void;
  message(socket: MqttSocket, message: string | Buffer): void;
  drain(socket: MqttSocket): void;
  close(socket: MqttSocket): void;
}

type MqttSocket = ServerWebSocket<WebSocketData>;

/** MQTT over WebSocket, for a server that somebody else runs. */
export interface WebSocketHandlers {
  /**
   * Turns a request into an MQTT connection. Undefined: it has become one; else the answer that refuses it, 400 where
   * it is no WebSocket request or offers no MQTT subprotocol.
   */
  upgrade(request: Request, server: Pick<Server<WebSocketData>, "upgrade">): Response | undefined;
  /** For the `websocket` field of a plain `Bun.serve`; its idle time-out is off, since MQTT has its own keep-alive. */
  websocket: {
    idleTimeout: 0;
    /** A frame is kept whole before anything of it is seen, so it may be no larger than a packet. */
    maxPayloadLength: number;
    open(socket: MqttSocket): void;
    message(socket: MqttSocket, message: string | Buffer): void;
    drain(socket: MqttSocket): void;
    close(socket: MqttSocket): void;
  };
}

/** Handlers that bring a server's WebSocket connections to the broker. */
export function websocketHandlers(broker: Broker): WebSocketHandlers {
  const functions = socketFunctions(broker.attachment);
  return {
    upgrade(request, server) {
      const subprotocol = chooseSubprotocol(request.headers.get("sec-websocket-protocol"));
      if (subprotocol === undefined) {
        return new Response(`expected the WebSocket subprotocol ${SUBPROTOCOLS.join(" or ")}\n`, { status: 400 });
      }
      const headers = { "Sec-WebSocket-Protocol": subprotocol };
      if (server.upgrade(request, { headers, data: { connection: null, ...functions } })) return undefined;
      return new Response("expected a WebSocket request\n", { status: 400 });
    },
    websocket: {
      idleTimeout: 0,
      maxPayloadLength: broker.attachment.maxPacketBytes,
      open: (socket) => socket.data.open(socket),
      message: (socket, message) => socket.data.message(socket, message),
      drain: (socket) => socket.data.drain(socket),
      close: (socket) => socket.data.close(socket),
    },
  };
}

function chooseSubprotocol(offered: string | null): string | undefined {
  const offers = (offered ?? "").split(",").map((name) => name.trim());
  return SUBPROTOCOLS.find((name) => offers.includes(name));
}

function socketFunctions(attachment: Attachment): Omit<WebSocketData, "connection"> {
  return {
    open(socket) {
      socket.data.connection = attachment.open(transportOf(socket, attachment), "websocket", socket.remoteAddress);
      if (socket.data.connection === null) socket.close(TRY_AGAIN_LATER, "the broker takes no more connections");
    },
    message(socket, message) {
      const { connection } = socket.data;
      if (connection === null) return;
      // [MQTT-6.0.0-1]
      if (typeof message === "string") socket.close(UNSUPPORTED_DATA, "MQTT goes in binary frames");
      else attachment.receive(connection, message);
    },
    drain(socket) {
      if (socket.data.connection !== null) attachment.drained(socket.data.connection);
    },
    close(socket) {
      if (socket.data.connection !== null) attachment.closed(socket.data.connection);
      socket.data.connection = null;
    },
  };
}

/**
 * A WebSocket as a transport. The socket keeps what cannot be sent at once, so a whole write is taken while nothing is kept
 * and none while something is: what is kept is one write at most. The socket cannot be told not to read.
 */
function transportOf(socket: MqttSocket, { maxPacketBytes }: Attachment): Transport {
  return {
    unseenBytes: maxPacketBytes,
    write(bytes) {
      if (socket.getBufferedAmount() > 0) return 0;
      return socket.sendBinary(bytes) === 0 ? 0 : bytes.length;
    },
    end: () => socket.close(NORMAL_CLOSURE),
    terminate: () => socket.terminate(),
    pause: () => undefined,
    resume: () => undefined,
  };
}
