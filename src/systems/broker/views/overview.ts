import type { Broker, BrokerStats, Limits } from "../../../mqtt";
import type { AccessMode } from "../../../platform/http/strangers";
import type { Overview } from "../schema";
import type { Incidents } from "./incidents";
import type { Rates } from "./rates";

/** Where clients may connect. */
export interface ListenPorts {
  tcpPort: number | null;
  tlsPort: number | null;
}

/** All that the routes ask about. */
export interface BrokerWatch {
  broker: Broker;
  mode: AccessMode;
  limits: Limits;
  rates: Rates;
  incidents: Incidents;
  /** Clients that are connected; those in this process do not count. */
  clients(): number;
  uptimeS(): number;
  listening(): ListenPorts;
}

export const WEBSOCKET_PATH = "/mqtt";

/** What is to be seen of the broker now. Nothing of a client's stands in it. */
export function overview(watched: BrokerWatch): Overview {
  const { broker, mode, limits, rates, incidents, clients, uptimeS, listening } = watched;
  const stats = broker.stats();
  const { connections, sessions, retainedMessages, heldBytes, overload } = stats;
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
    heldBytes,
    memoryLimitBytes: limits.memoryBytes,
    overload,
    totals: totalsOf(stats),
    incidents: incidents.count(),
    now: rates.recent().at(-1) ?? null,
  };
}

/** What is counted since the start; the rest is told by the metrics alone. */
function totalsOf(stats: BrokerStats): Overview["totals"] {
  const { connectionsAccepted, connectionsRefused, protocolErrors, readingPaused } = stats;
  const { messagesReceived, messagesSent, bytesReceived, bytesSent, dropped } = stats;
  return {
    connectionsAccepted,
    connectionsRefused,
    protocolErrors,
    readingPaused,
    messagesReceived,
    messagesSent,
    bytesReceived,
    bytesSent,
    dropped,
  };
}
