import type { Identity } from "../rights/rights";
import type { Moment } from "./brokerClock";
import type { Gate } from "./gate";
import type { Message } from "./message";
import type { QueuedMessage } from "./queue";
import type { Session, Subscription, Will } from "./session";

/** A message that outlives the broker's process, as it was kept. */
export interface StoredMessage {
  id: number;
  topic: string;
  qos: 0 | 1 | 2;
  retain: boolean;
  payload: Uint8Array;
  properties: Uint8Array;
  expiresAtMs: number;
  publisher: Identity;
  sequence: number;
}

/** One place in a session's queue. */
export interface StoredQueued {
  messageId: number;
  qos: 1 | 2;
  retain: boolean;
  subscriptionIds: number[];
  packetId: number;
  sequence: number;
  /** QoS 2: the receiver has it, and has not yet confirmed its release. */
  isReleased: boolean;
  /** It has a row of its own, which goes when it is sent. */
  hasRow: boolean;
}

/** One subscription of a session. */
export interface StoredSubscription {
  filter: string;
  qos: 0 | 1 | 2;
  noLocal: boolean;
  retainAsPublished: boolean;
  retainHandling: number;
  ids: number[];
}

/** A QoS 2 message from a client that it has not released. */
export interface StoredInbound {
  packetId: number;
  /** Clients in the broker's process have done their work on it. */
  isFinished: boolean;
}

/** A will that had not gone out. */
export interface StoredWill {
  message: Omit<StoredMessage, "id" | "expiresAtMs" | "publisher" | "sequence">;
  delaySeconds: number;
  expirySeconds: number;
  /** When it is due; 0: its client was connected. */
  atMs: number;
}

/** A session as it was kept. */
export interface StoredSession {
  identity: Identity;
  expirySeconds: number;
  /** When it went offline plus its expiry, in milliseconds since the epoch; 0: never, or it was online. */
  endsAtMs: number;
  subscriptions: StoredSubscription[];
  queued: StoredQueued[];
  inbound: StoredInbound[];
  will: StoredWill | null;
}

/** All that a store knows when the broker starts. */
export interface StoredState {
  sessions: StoredSession[];
  messages: Map<number, StoredMessage>;
  retained: StoredMessage[];
  /** What was last noted by {@link Store.putMoment}: all times in the store are the broker's own. */
  moment: Moment | null;
  /** Calls `visit` with each message that waits for a session by its own row alone, in their order. */
  eachWaiting(visit: (session: StoredSession, message: StoredMessage, qos: 1 | 2, retain: boolean) => void): void;
}

/**
 * Where the state of persistent sessions and the retained messages are kept. Calls note what has changed; {@link
 * Store.commit} makes all that was noted since the last one durable, wholly or not at all. The broker calls it at the
 * end of each turn of the event loop and lets what depends on it go out afterwards.
 */
export interface Store {
  load(): StoredState;
  putMoment(moment: Moment): void;
  putSession(session: Session): void;
  /** The session has ended; what is still in its queue goes with it. */
  dropSession(session: Session): void;
  /** The session has a will, or a new one, or it is due at another time. */
  putWill(session: Session, will: Will): void;
  /** Its will has gone out, or never will. */
  dropWill(session: Session): void;
  putSubscription(subscription: Subscription): void;
  dropSubscription(subscription: Subscription): void;
  /** A message is to wait for a session, or is on its way to it, if it has its packet identifier already. */
  putQueued(session: Session, queued: QueuedMessage): void;
  /** The message, which was the first in its queue, has been given its packet identifier and is on its way. */
  markSent(session: Session, queued: QueuedMessage): void;
  /** QoS 2: the receiver has the message. */
  markReleased(session: Session, queued: QueuedMessage): void;
  /** The message has arrived, or will never be sent. */
  dropQueued(session: Session, queued: QueuedMessage): void;
  /** A QoS 2 message has come from the client, or work on it has been done: its gate, if it has one, says which. */
  putInbound(session: Session, packetId: number, gate: Gate | null): void;
  dropInbound(session: Session, packetId: number): void;
  putRetained(message: Message): void;
  dropRetained(topic: string): void;
  /** Whether anything has been noted since the last commit. */
  hasWork(): boolean;
  /** Throws where the disk refuses; what was noted is kept and goes with the next commit. */
  commit(): void;
  close(): void;
}
