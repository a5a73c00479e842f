import type { Qos } from "../packet/publish";
import type { Core } from "../state/core";
import type { Session } from "../state/session";
import { parseFilter } from "../topic/rules";

/** One client, or one session that waits for its client. */
export interface ClientInfo {
  clientId: string;
  username: string | null;
  /** Null: offline. */
  connection: {
    address: string;
    transport: string;
    /** Of the protocol: 3 is 3.1, 4 is 3.1.1, 5 is 5.0. */
    version: number;
    /** Milliseconds since the epoch, as all times here. */
    openedAtMs: number;
    /** When something was last heard of it. */
    lastReadMs: number;
    outboxBytes: number;
    isBlocked: boolean;
  } | null;
  /** Whether it outlives its connection. */
  isPersistent: boolean;
  /** When an offline session ends; 0: never, or it is online. */
  endsAtMs: number;
  subscriptions: { filter: string; qos: Qos }[];
  /** Messages on their way to it. */
  inflight: number;
  queuedMessages: number;
  /** Of what waits, and of what is on its way and may have to be sent again. */
  queuedBytes: number;
}

/** One retained message, without its payload's end where that is long. */
export interface RetainedInfo {
  topic: string;
  qos: Qos;
  payload: Uint8Array;
  payloadBytes: number;
  /** Empty where it was published from within this process. */
  publisherId: string;
}

/** How many QoS 1 and 2 messages have not arrived, over all sessions. */
export interface QueueDepths {
  queuedMessages: number;
  inflightMessages: number;
}

/** At most this much of a retained payload is shown. */
const SHOWN_PAYLOAD_BYTES = 1024;

/** Sessions as they are, in the order in which they came; `limit` of them after the first `offset`. */
export function listClients(core: Core, offset: number, limit: number): ClientInfo[] {
  const list: ClientInfo[] = [];
  let index = 0;
  for (const session of core.sessions.values()) {
    if (index >= offset + limit) break;
    if (index >= offset) list.push(clientInfo(session, core.clock.wallOffsetMs()));
    index++;
  }
  return list;
}

/**
 * All sessions, one at a time in the order in which they came. Whoever takes them may stop in between and go on in a
 * later turn: sessions that end meanwhile are left out.
 */
export function* eachClient(core: Core): Generator<ClientInfo> {
  for (const session of core.sessions.values()) yield clientInfo(session, core.clock.wallOffsetMs());
}

/** Messages that wait in the queues of all sessions, and those that are on their way to a client. */
export function queueDepths(core: Core): QueueDepths {
  const depths: QueueDepths = { queuedMessages: 0, inflightMessages: 0 };
  for (const { pending, inflight } of core.sessions.values()) {
    depths.queuedMessages += pending?.length ?? 0;
    depths.inflightMessages += inflight?.count ?? 0;
  }
  return depths;
}

/** One session, or null where the client identifier has none. */
export function findClient(core: Core, clientId: string): ClientInfo | null {
  const session = core.sessions.get(clientId);
  return session === undefined ? null : clientInfo(session, core.clock.wallOffsetMs());
}

function clientInfo(session: Session, wallOffsetMs: number): ClientInfo {
  const { identity, connection, subscriptions, inflight, pending } = session;
  return {
    clientId: identity.clientId,
    username: identity.username,
    connection:
      connection === null
        ? null
        : {
            address: connection.address,
            transport: connection.transportName,
            version: connection.version,
            openedAtMs: connection.openedAtMs + wallOffsetMs,
            lastReadMs: connection.lastReadMs + wallOffsetMs,
            outboxBytes: connection.outboxBytes,
            isBlocked: connection.blockedSinceMs !== 0,
          },
    isPersistent: session.persistent,
    endsAtMs: session.endsAtMs === 0 ? 0 : session.endsAtMs + wallOffsetMs,
    subscriptions: [...(subscriptions?.values() ?? [])].map(({ filter, qos }) => ({ filter, qos })),
    inflight: inflight?.count ?? 0,
    queuedMessages: pending?.length ?? 0,
    queuedBytes: (pending?.bytes ?? 0) + (inflight?.bytes ?? 0),
  };
}

/** Retained messages that match a filter, at most `limit`. Throws PacketError for a bad filter. */
export function listRetained(core: Core, filter: string, limit: number): RetainedInfo[] {
  const list: RetainedInfo[] = [];
  for (const info of eachRetained(core, filter)) {
    if (list.length >= limit) break;
    list.push({ ...info, payload: info.payload.subarray(0, SHOWN_PAYLOAD_BYTES) });
  }
  return list;
}

/**
 * All of them, one at a time and with whole payloads, which are only lent. Whoever takes them may go on in a later turn,
 * as with {@link eachClient}.
 */
export function* eachRetained(core: Core, filter: string): Generator<RetainedInfo> {
  for (const { topic, qos, payload, publisher } of core.retained.each(parseFilter(filter, core.limits).levels)) {
    yield { topic: topic.name, qos, payload, payloadBytes: payload.length, publisherId: publisher.clientId };
  }
}
