import type { Qos } from "../packet/publish";

/** Why a message did not reach a receiver, or a connection did not come about or had to end. */
export type DropReason =
  | "slow_reader"
  | "offline"
  | "queue_full"
  | "expired"
  | "too_large"
  | "not_authorized"
  | "overload"
  | "retained_full";

/** Counts since the start. Arrays are indexed by QoS. */
export interface Counters {
  connectionsAccepted: number;
  connectionsRefused: number;
  protocolErrors: number;
  /** How often a client was not read for a time: too fast, or an overload. */
  readingPaused: number;
  packetsReceived: number;
  messagesReceived: [number, number, number];
  messagesSent: [number, number, number];
  messageBytesReceived: [number, number, number];
  messageBytesSent: [number, number, number];
  bytesReceived: number;
  bytesSent: number;
  dropped: Record<DropReason, number>;
}

/** Counters that all stand at zero. */
export function createCounters(): Counters {
  return {
    connectionsAccepted: 0,
    connectionsRefused: 0,
    protocolErrors: 0,
    readingPaused: 0,
    packetsReceived: 0,
    messagesReceived: [0, 0, 0],
    messagesSent: [0, 0, 0],
    messageBytesReceived: [0, 0, 0],
    messageBytesSent: [0, 0, 0],
    bytesReceived: 0,
    bytesSent: 0,
    dropped: {
      slow_reader: 0,
      offline: 0,
      queue_full: 0,
      expired: 0,
      too_large: 0,
      not_authorized: 0,
      overload: 0,
      retained_full: 0,
    },
  };
}

/** Counts one message that went out to a receiver. */
export function countSent(counters: Counters, qos: Qos, bytes: number): void {
  counters.messagesSent[qos]++;
  counters.messageBytesSent[qos] += bytes;
}
