import type { Broker, ClientInfo } from "../../../mqtt";
import { inTurns } from "../../../platform/inTurns";
import type { ClientDetail, ClientPage, ClientRow, ClientsQuery } from "../schema";

const VERSIONS: { [level: number]: string } = { 3: "3.1", 4: "3.1.1", 5: "5.0" };
/** Some of the clients that are asked for. All are looked at, a few at a time, so that messages go on meanwhile. */
export async function listClients(broker: Broker, query: ClientsQuery): Promise<ClientPage> {
  const { offset, limit } = query;
  const needed = offset + limit;
  const compare = comparison(query);
  let found: ClientInfo[] = [];
  let total = 0;
  for await (const client of inTurns(broker.eachClient())) {
    if (!isAskedFor(client, query)) continue;
    total++;
    found.push(client);
    // What comes after the page is let go of now and then: a hundred thousand are never sorted in one turn.
    if (found.length >= 2 * needed) found = found.sort(compare).slice(0, needed);
  }
  return { total, clients: found.sort(compare).slice(offset, needed).map(clientRow) };
}

/** Clients whose identifier contains the query, the shortest first: the more of it is what was asked for. */
export async function findClients(broker: Broker, query: string, most: number): Promise<ClientInfo[]> {
  const asked = query.trim().toLowerCase();
  const found: string[] = [];
  for await (const clientId of inTurns(broker.clientIds())) {
    if (clientId.toLowerCase().includes(asked)) found.push(clientId);
    if (found.length >= most) break;
  }
  return found.sort((a, b) => a.length - b.length).flatMap((clientId) => broker.findClient(clientId) ?? []);
}

/** One client in full. */
export function clientDetail(client: ClientInfo): ClientDetail {
  return { ...clientRow(client), subscriptions: client.subscriptions };
}

function clientRow(client: ClientInfo): ClientRow {
  const { connection, subscriptions, endsAtMs } = client;
  return {
    clientId: client.clientId,
    username: client.username,
    isOnline: connection !== null,
    address: connection?.address ?? null,
    transport: connection?.transport ?? null,
    version: connection === null ? null : (VERSIONS[connection.version] ?? String(connection.version)),
    connectedAt: connection === null ? null : isoTime(connection.openedAtMs),
    lastHeardAt: connection === null ? null : isoTime(connection.lastReadMs),
    isBlocked: connection?.isBlocked ?? false,
    outboxBytes: connection?.outboxBytes ?? 0,
    isPersistent: client.isPersistent,
    sessionEndsAt: endsAtMs === 0 ? null : isoTime(endsAtMs),
    subscriptions: subscriptions.length,
    inflight: client.inflight,
    queuedMessages: client.queuedMessages,
    queuedBytes: client.queuedBytes,
  };
}

function isAskedFor({ clientId, username, connection }: ClientInfo, { q, state }: ClientsQuery): boolean {
  if (state !== "all" && (connection !== null) !== (state === "online")) return false;
  const asked = q.trim().toLowerCase();
  if (asked === "") return true;
  return [clientId, username, connection?.address].some((text) => text?.toLowerCase().includes(asked));
}

type SortKey = (client: ClientInfo) => string | number | null;

/** What a client is sorted by, before it is put into words. */
const SORT_KEYS: Record<ClientsQuery["sort"], SortKey> = {
  clientId: ({ clientId }) => clientId,
  username: ({ username }) => username,
  address: ({ connection }) => connection?.address ?? null,
  transport: ({ connection }) => connection?.transport ?? null,
  version: ({ connection }) => connection?.version ?? null,
  connectedAt: ({ connection }) => connection?.openedAtMs ?? null,
  lastHeardAt: ({ connection }) => connection?.lastReadMs ?? null,
  subscriptions: ({ subscriptions }) => subscriptions.length,
  inflight: ({ inflight }) => inflight,
  queuedMessages: ({ queuedMessages }) => queuedMessages,
  queuedBytes: ({ queuedBytes }) => queuedBytes,
  outboxBytes: ({ connection }) => connection?.outboxBytes ?? null,
  sessionEndsAt: ({ endsAtMs }) => endsAtMs || null,
};

/** By the member that was asked for, then by client identifier; what has no value comes last in both directions. */
function comparison({ sort, direction }: ClientsQuery): (a: ClientInfo, b: ClientInfo) => number {
  const sign = direction === "ascending" ? 1 : -1;
  const sortedBy = SORT_KEYS[sort];
  return (a, b) => {
    const [one, other] = [sortedBy(a), sortedBy(b)];
    if (one === other) return order(a.clientId, b.clientId);
    if (one === null || other === null) return one === null ? 1 : -1;
    return sign * order(one, other);
  };
}

function order(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
