import type { Qos } from "../packet/publish";
import type { Identity } from "../rights/rights";
import type { Connection } from "./connection";
import type { Gate } from "./gate";
import type { Inflight } from "./inflight";
import type { LocalClient } from "./localClient";
import type { Message } from "./message";
import type { MessageQueue } from "./queue";
import type { RetainedSteps } from "./retained";
import type { SharedGroup } from "./route";

/** The session expiry interval that means "never" (MQTT 5.0, 3.1.2.11.2). */
export const NEVER_EXPIRES_SECONDS = 0xffff_ffff;

/** What a session asked for under one filter. */
export interface Subscription {
  session: Session;
  filter: string;
  /** Levels of the filter, without the prefix of a shared one. */
  levels: readonly string[];
  group: SharedGroup | null;
  qos: Qos;
  noLocal: boolean;
  retainAsPublished: boolean;
  retainHandling: number;
  /** The subscription identifier, or none. */
  ids: readonly number[];
}

/** A message to be published when its session's connection ends badly. */
export interface Will {
  message: Message;
  /** 0: at once. */
  delaySeconds: number;
  /** -1: the message never expires; else counted from the publication. */
  expirySeconds: number;
}

/** Retained messages on their way to a new subscription. */
export interface RetainedWalk {
  subscription: Subscription;
  step: RetainedSteps;
}

/** What the broker knows of one client identifier, with or without a connection. Parts are null until needed. */
export interface Session {
  identity: Identity;
  connection: Connection | null;
  /** Set instead of a connection where the client lives in this process. */
  local: LocalClient | null;
  /** True where it outlives its connection: its state is in the store. */
  persistent: boolean;
  expirySeconds: number;
  /** When an offline session ends, in milliseconds since the epoch; 0: not offline, or never. */
  endsAtMs: number;
  subscriptions: Map<string, Subscription> | null;
  inflight: Inflight | null;
  /** Packet identifiers in flight that have to be sent again on this connection, first one first. */
  resend: number[] | null;
  pending: MessageQueue | null;
  /**
   * QoS 2 messages from the client that it has not released yet, by packet identifier, with the gate that opens when
   * clients in this process have done their work on it; null: there is no such work.
   */
  inbound: Map<number, Gate | null> | null;
  /** Retained messages that its new subscriptions have still to be sent. */
  walks: RetainedWalk[] | null;
  will: Will | null;
  /** When a delayed will is due; 0: none is waiting. */
  willAtMs: number;
}

/** A session with nothing in it. */
export function createSession(identity: Identity): Session {
  return {
    identity,
    connection: null,
    local: null,
    persistent: false,
    expirySeconds: 0,
    endsAtMs: 0,
    subscriptions: null,
    inflight: null,
    resend: null,
    pending: null,
    inbound: null,
    walks: null,
    will: null,
    willAtMs: 0,
  };
}
