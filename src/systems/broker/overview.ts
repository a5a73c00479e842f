import type { Broker, Limits } from "../../mqtt";
import type { AccessMode } from "../../platform/http/strangers";
import type { Happenings } from "./happenings";
import type { Rates } from "./rates";
import type { Overview } from "./schema";

/** Where clients may connect. */
export interface Listening {
  tcpPort: number | null;
  tlsPort: number | null;
}

/** All that the routes ask about. */
export interface Watched {
  broker: Broker;
  mode: AccessMode;
  limits: Limits;
  rates: Rates;
  happenings: Happenings;
  /** Clients that are connected; those in this process do not count. */
  clients(): number;
  uptimeS(): number;
  listening(): Listening;
}

export const WEBSOCKET_PATH = "/mqtt";

/** What is to be seen of the broker now. Nothing of a client's stands in it. */
export function overview(watched: Watched): Overview {
  const { broker, mode, limits, rates, happenings, clients, uptimeS, listening } = watched;
  const { connections, sessions, retainedMessages, retainedBytes, outboxBytes, queuedBytes, overload, ...counters } =
    broker.stats();
  const { packetsReceived: _, messageBytesReceived: __, messageBytesSent: ___, ...totals } = counters;
  return {
    ...listening(),
    websocketPath: WEBSOCKET_PATH,
    showsClients: mode === "open",
    uptimeS: uptimeS(),
    clients: clients(),
    connections,
    connectionsLimit: limits.connections,
    sessions,
    retainedMessages,
    heldBytes: outboxBytes + queuedBytes + retainedBytes,
    memoryLimitBytes: limits.memoryBytes,
    overload,
    totals,
    happenings: happenings.count(),
    now: rates.recent().at(-1) ?? null,
  };
}
