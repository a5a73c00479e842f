import type { StreamState } from "../packet/decoder";
import type { Frame } from "../packet/frame";
import type { Identity } from "../rights/rights";
import type { Topic } from "../topic/names";
import type { PlacedGate } from "./gate";
import type { Route } from "./route";
import type { Session } from "./session";

/** A way to and from one client: a socket, or what looks like one. */
export interface Transport {
  /** Takes as many bytes as it can without keeping them waiting, and says how many. The array is used again at once. */
  write(bytes: Uint8Array): number;
  /** Ends the connection when what was written has gone out. */
  end(): void;
  /** Ends it now. */
  terminate(): void;
  pause(): void;
  resume(): void;
  /** What it may keep of a packet before it hands over any of it; absent: nothing. */
  unseenBytes?: number;
}

/** What only a 5.0 connection has. */
export interface V5State {
  /** Topics by the alias the client gave them. */
  aliasesIn: Map<number, Topic<Route>> | null;
  /** Aliases by the topic we gave them to, and how many the client takes. */
  aliasesOut: Map<string, number> | null;
  aliasesOutMax: number;
}

/** One network connection. A plain object of one shape, small enough that ten thousand idle ones cost little. */
export interface Connection extends StreamState {
  transport: Transport;
  transportName: string;
  address: string;
  /** The size of `partial` as it was last counted. */
  inputBytes: number;
  session: Session | null;
  /** Who it said it was, until it has a session. */
  claimed: Identity | null;
  isClosed: boolean;
  closedAtMs: number;
  openedAtMs: number;
  lastReadMs: number;
  /** When the packet began that has not come whole; 0: there is none. */
  packetSinceMs: number;
  /** 1.5 times the keep-alive [MQTT-3.1.2-22]; 0: no limit. */
  silenceLimitMs: number;
  v5: V5State | null;
  /** Largest packet the client takes. */
  maxOutBytes: number;
  /** QoS 1 and 2 messages that the client may have unacknowledged, and how many it has. */
  sendWindow: number;
  outstanding: number;
  /** The outbox: frames that wait for the socket, their patches, the first that has not gone out wholly, and its sent part. */
  frames: Frame[];
  patches: number[];
  head: number;
  headSentBytes: number;
  /** How many frames have left the arrays: a frame's place plus this is its number since the connection opened. */
  base: number;
  /** Frames up to this number may be written; see gate.ts. */
  writableTo: number;
  /** The number of the first frame of this turn. */
  turnFrom: number;
  gates: PlacedGate[] | null;
  /** QoS 1 messages that have come while there are gates, and are not acknowledged before the last of them opens. */
  heldAcks: number;
  /** Frames up to this number have bytes of their own. */
  ownedTo: number;
  outboxBytes: number;
  /** When the socket last refused bytes; 0: it takes them. */
  blockedSinceMs: number;
  /** In the list of those that are written to at the end of the turn. */
  isDirty: boolean;
  /** What must be done before this turn's frames may go: {@link Waits}. */
  waits: number;
  /** The topic this client was last allowed to publish to, as of `allowedVersion`. */
  allowedTopic: Topic<Route> | null;
  allowedVersion: number;
  /** Publications in a second since the epoch. */
  publishSecond: number;
  publishCount: number;
  /** Until when it is not read; 0: it is. */
  pausedUntilMs: number;
}

/** What frames wait for, as bits: the store's commit, and the clients in this process. */
export const Waits = { nothing: 0, store: 1, local: 2 } as const;

/** A connection that has just been opened. */
export function createConnection(
  transport: Transport,
  transportName: string,
  address: string,
  nowMs: number,
  maxConnectBytes: number,
): Connection {
  return {
    partial: null,
    partialLength: 0,
    version: 0,
    maxPacketBytes: maxConnectBytes,
    awaitsConnect: true,
    reading: true,
    transport,
    transportName,
    address,
    inputBytes: 0,
    session: null,
    claimed: null,
    isClosed: false,
    closedAtMs: 0,
    openedAtMs: nowMs,
    lastReadMs: nowMs,
    packetSinceMs: 0,
    silenceLimitMs: 0,
    v5: null,
    maxOutBytes: Number.POSITIVE_INFINITY,
    sendWindow: 0,
    outstanding: 0,
    frames: [],
    patches: [],
    head: 0,
    headSentBytes: 0,
    base: 0,
    writableTo: Number.POSITIVE_INFINITY,
    turnFrom: 0,
    gates: null,
    heldAcks: 0,
    ownedTo: 0,
    outboxBytes: 0,
    blockedSinceMs: 0,
    isDirty: false,
    waits: Waits.nothing,
    allowedTopic: null,
    allowedVersion: -1,
    publishSecond: 0,
    publishCount: 0,
    pausedUntilMs: 0,
  };
}
