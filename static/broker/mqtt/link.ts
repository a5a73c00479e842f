import {
  type ConnectOptions,
  connectPacket,
  createReader,
  DISCONNECT,
  type IncomingPacket,
  type PageQos,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
} from "./packets";
import { isFailure, reasonWords } from "./reasons";

/** A message as it came. */
export interface ReceivedMessage {
  topic: string;
  payload: Uint8Array;
  qos: number;
  retain: boolean;
}

/** A connection to the broker that is up. */
export interface Link {
  /** Kept when the broker has taken the message, with QoS 0 when it is on its way; broken with the reason. */
  publish(topic: string, payload: Uint8Array, options: { qos: PageQos; retain: boolean }): Promise<void>;
  subscribe(filter: string, qos: PageQos): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
  close(): void;
}

export interface LinkOptions extends Omit<ConnectOptions, "keepAliveS"> {
  url: string;
  onMessage(message: ReceivedMessage): void;
  /** The connection is gone, and not by `close`. Called once, and only after the link was given. */
  onEnd(why: string): void;
}

const KEEP_ALIVE_S = 30;
/** Twice in each keep-alive, so that a late ping does no harm. */
const PING_EVERY_MS = (KEEP_ALIVE_S * 1000) / 2;
const CONNECT_WITHIN_MS = 8000;
const MAX_PACKET_ID = 65_535;

interface PendingReply {
  resolve(): void;
  reject(why: Error): void;
}

/** Connects over WebSocket. The promise is broken with what the broker says, or that it does not answer. */
export function openLink(options: LinkOptions): Promise<Link> {
  const socket = new WebSocket(options.url, "mqtt");
  socket.binaryType = "arraybuffer";
  const { promise, resolve, reject } = Promise.withResolvers<Link>();
  const pending = new Map<number, PendingReply>();
  const send = (packet: Uint8Array) => socket.send(packet as Uint8Array<ArrayBuffer>);
  const patience = setTimeout(() => end("The broker does not answer."), CONNECT_WITHIN_MS);
  let pinging: ReturnType<typeof setInterval> | undefined;
  let isUp = false;
  let hasEnded = false;

  /** Ends everything that waits; the first reason counts. */
  function end(why: string): void {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(patience);
    clearInterval(pinging);
    socket.close();
    for (const { reject } of pending.values()) reject(new Error(why));
    if (isUp) options.onEnd(why);
    else reject(new Error(why));
  }

  function welcome({ reason, reasonText }: Extract<IncomingPacket, { kind: "connack" }>): void {
    if (isFailure(reason)) {
      end(refusal(reason, reasonText));
      return;
    }
    clearTimeout(patience);
    isUp = true;
    pinging = setInterval(() => send(PINGREQ), PING_EVERY_MS);
    resolve(linkOver(send, pending, close));
  }

  function receive(packet: IncomingPacket): void {
    if (packet.kind === "connack") welcome(packet);
    else if (packet.kind === "disconnect")
      end(`The broker ended it: ${reasonWords(packet.reason, packet.reasonText)}.`);
    else if (packet.kind === "publish") {
      if (packet.qos === 1) send(pubackPacket(packet.packetId));
      options.onMessage(packet);
    } else if (packet.kind !== "pingresp") settle(pending, packet);
  }

  function close(): void {
    // What was ended here needs no words.
    isUp = false;
    if (socket.readyState === WebSocket.OPEN) send(DISCONNECT);
    end("Disconnected.");
  }

  const read = createReader(receive);
  socket.onopen = () => send(connectPacket({ ...options, keepAliveS: KEEP_ALIVE_S }));
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => read(new Uint8Array(data));
  socket.onclose = () => end(isUp ? "The connection broke." : "The broker cannot be reached.");
  return promise;
}

const refusal = (reason: number, text: string) => `The broker refused: ${reasonWords(reason, text)}.`;

type Acknowledgement = Extract<IncomingPacket, { packetId: number; reason: number }>;

function settle(pending: Map<number, PendingReply>, { packetId, reason, reasonText }: Acknowledgement): void {
  const waiting = pending.get(packetId);
  pending.delete(packetId);
  if (isFailure(reason)) waiting?.reject(new Error(refusal(reason, reasonText)));
  else waiting?.resolve();
}

function linkOver(send: (packet: Uint8Array) => void, pending: Map<number, PendingReply>, close: () => void): Link {
  let lastId = 0;

  /** Sends what needs an acknowledgement under a packet identifier that is free [MQTT-2.2.1-3]. */
  function acknowledged(packetOf: (packetId: number) => Uint8Array): Promise<void> {
    do lastId = (lastId % MAX_PACKET_ID) + 1;
    while (pending.has(lastId));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    pending.set(lastId, { resolve, reject });
    send(packetOf(lastId));
    return promise;
  }

  return {
    async publish(topic, payload, { qos, retain }) {
      if (qos === 1) return acknowledged((packetId) => publishPacket(topic, payload, { qos, retain, packetId }));
      send(publishPacket(topic, payload, { qos, retain, packetId: 0 }));
    },
    subscribe: (filter, qos) => acknowledged((packetId) => subscribePacket(packetId, filter, qos)),
    unsubscribe: (filter) => acknowledged((packetId) => unsubscribePacket(packetId, filter)),
    close,
  };
}
