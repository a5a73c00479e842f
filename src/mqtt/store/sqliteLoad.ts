import type { Database } from "bun:sqlite";
import type {
  StoredInbound,
  StoredMessage,
  StoredQueued,
  StoredSession,
  StoredState,
  StoredSubscription,
  StoredWill,
} from "../state/store";

type Row = Record<string, string | number | Uint8Array | null>;

/** All that the file holds, and under which number each session has its rows. */
export function loadState(database: Database): { state: StoredState; sessionIds: Map<string, number> } {
  const subscriptions = bySession(database, "SELECT * FROM subscription ORDER BY session_id", subscriptionOf);
  const queued = bySession(database, "SELECT * FROM queued ORDER BY session_id, sequence", queuedOf);
  const inbound = bySession(database, "SELECT * FROM inbound ORDER BY session_id", inboundOf);
  const wills = bySession(database, "SELECT * FROM will", willOf);
  const sessionIds = new Map<string, number>();
  const sessions = rowsOf(database, "SELECT * FROM session ORDER BY id").map((row): StoredSession => {
    const id = row["id"] as number;
    sessionIds.set(row["client_id"] as string, id);
    return {
      identity: {
        clientId: row["client_id"] as string,
        username: row["username"] as string | null,
        address: row["address"] as string,
      },
      expirySeconds: row["expiry_seconds"] as number,
      endsAtMs: row["ends_at_ms"] as number,
      subscriptions: subscriptions.get(id) ?? [],
      queued: queued.get(id) ?? [],
      inbound: inbound.get(id) ?? [],
      will: wills.get(id)?.[0] ?? null,
    };
  });
  const messages = rowsOf(database, "SELECT * FROM message").map(messageOf);
  const retained = rowsOf(database, "SELECT 0 AS id, 1 AS retain, * FROM retained").map(messageOf);
  return {
    state: { sessions, messages: new Map(messages.map((message) => [message.id, message])), retained },
    sessionIds,
  };
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
  };
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
