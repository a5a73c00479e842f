import type { Database } from "bun:sqlite";
import type { Moment } from "../state/brokerClock";
import type {
  StoredInbound,
  StoredMessage,
  StoredQueued,
  StoredSession,
  StoredState,
  StoredSubscription,
  StoredWill,
} from "../state/store";
import type { Place } from "./sqliteBatch";
import { decodeInflight, eachReceiver } from "./sqliteBlobs";

type Row = Record<string, string | number | Uint8Array | null>;

/** What a file holds, and where in it each session stands. */
interface Loaded {
  state: StoredState;
  places: Map<string, Place>;
  lastMessageId: number;
}

/**
 * All that the file holds. `onSession` is told every number of a session, also of one that is gone and still named by a
 * message: none of them may be another's.
 */
export function loadState(database: Database, onSession: (id: number) => void): Loaded {
  const known = loadSessions(database);
  for (const id of known.keys()) onSession(id);
  const rows = rowsOf(database, "SELECT * FROM message ORDER BY id");
  const messages = rows.map(messageOf);
  const retained = rowsOf(database, "SELECT 0 AS id, 1 AS retain, 0 AS sequence, * FROM retained").map(messageOf);

  function eachWaiting(visit: Parameters<StoredState["eachWaiting"]>[0]): void {
    for (const [i, message] of messages.entries()) {
      eachReceiver(rows[i]!["receivers"] as Uint8Array, (sessionId, qos, retain) => {
        onSession(sessionId);
        const receiver = known.get(sessionId);
        if (receiver === undefined || message.id <= receiver.place.takenTo) return;
        receiver.place.lastReferred = message.id;
        visit(receiver.session, message, qos, retain);
      });
    }
  }

  const sessions = [...known.values()];
  return {
    state: {
      sessions: sessions.map(({ session }) => session),
      messages: new Map(messages.map((message) => [message.id, message])),
      retained,
      moment: rowsOf(database, "SELECT * FROM moment").map(momentOf)[0] ?? null,
      eachWaiting,
    },
    places: new Map(sessions.map(({ place, session }) => [session.identity.clientId, place])),
    lastMessageId: messages.at(-1)?.id ?? 0,
  };
}

/** All sessions by their numbers. */
function loadSessions(database: Database): Map<number, { place: Place; session: StoredSession }> {
  const subscriptions = bySession(database, "SELECT * FROM subscription ORDER BY session_id", subscriptionOf);
  const queued = bySession(database, "SELECT * FROM queued ORDER BY session_id, sequence", queuedOf);
  const inbound = bySession(database, "SELECT * FROM inbound ORDER BY session_id", inboundOf);
  const wills = bySession(database, "SELECT * FROM will", willOf);
  const outgoing = bySession(database, "SELECT * FROM outgoing", outgoingOf);
  const known = new Map<number, { place: Place; session: StoredSession }>();
  for (const row of rowsOf(database, "SELECT * FROM session ORDER BY id")) {
    const id = row["id"] as number;
    const { takenTo, inflight } = outgoing.get(id)?.[0] ?? { takenTo: 0, inflight: [] };
    const place = { id, takenTo, lastReferred: takenTo };
    const session = {
      identity: {
        clientId: row["client_id"] as string,
        username: row["username"] as string | null,
        address: row["address"] as string,
      },
      expirySeconds: row["expiry_seconds"] as number,
      endsAtMs: row["ends_at_ms"] as number,
      subscriptions: subscriptions.get(id) ?? [],
      queued: [...inflight, ...(queued.get(id) ?? [])],
      inbound: inbound.get(id) ?? [],
      will: wills.get(id)?.[0] ?? null,
    };
    known.set(id, { place, session });
  }
  return known;
}

function rowsOf(database: Database, sql: string): Row[] {
  return database.query(sql).all() as Row[];
}

function bySession<T>(database: Database, sql: string, read: (row: Row) => T): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rowsOf(database, sql)) {
    const id = row["session_id"] as number;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [read(row)]);
    else group.push(read(row));
  }
  return groups;
}

function subscriptionOf(row: Row): StoredSubscription {
  return {
    filter: row["filter"] as string,
    qos: row["qos"] as 0 | 1 | 2,
    noLocal: row["no_local"] === 1,
    retainAsPublished: row["retain_as_published"] === 1,
    retainHandling: row["retain_handling"] as number,
    ids: identifiersOf(row),
  };
}

function queuedOf(row: Row): StoredQueued {
  return {
    messageId: row["message_id"] as number,
    qos: row["qos"] as 1 | 2,
    retain: row["retain"] === 1,
    subscriptionIds: identifiersOf(row),
    packetId: row["packet_id"] as number,
    sequence: row["sequence"] as number,
    isReleased: row["is_released"] === 1,
    hasRow: true,
  };
}

function momentOf(row: Row): Moment {
  return { brokerMs: row["broker_ms"] as number, wallMs: row["wall_ms"] as number };
}

function outgoingOf(row: Row): { takenTo: number; inflight: StoredQueued[] } {
  return { takenTo: row["taken_to"] as number, inflight: decodeInflight(row["inflight"] as Uint8Array) };
}

function inboundOf(row: Row): StoredInbound {
  return { packetId: row["packet_id"] as number, isFinished: row["is_finished"] === 1 };
}

function willOf(row: Row): StoredWill {
  return {
    message: contentOf(row),
    delaySeconds: row["delay_seconds"] as number,
    expirySeconds: row["expiry_seconds"] as number,
    atMs: row["at_ms"] as number,
  };
}

function contentOf(row: Row): StoredWill["message"] {
  return {
    topic: row["topic"] as string,
    qos: row["qos"] as 0 | 1 | 2,
    retain: row["retain"] === 1,
    payload: row["payload"] as Uint8Array,
    properties: row["properties"] as Uint8Array,
  };
}

function messageOf(row: Row): StoredMessage {
  return {
    ...contentOf(row),
    id: row["id"] as number,
    expiresAtMs: row["expires_at_ms"] as number,
    sequence: row["sequence"] as number,
    publisher: {
      clientId: row["publisher_id"] as string,
      username: row["publisher_username"] as string | null,
      address: "",
    },
  };
}

/** Subscription identifiers are written as `1,2`; none is the empty text. */
function identifiersOf(row: Row): number[] {
  const text = row["identifiers"] as string;
  return text === "" ? [] : text.split(",").map(Number);
}
