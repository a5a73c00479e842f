import type { Broker, BrokerStats, Limits } from "../../mqtt";
import type { AccessMode } from "../../platform/http/strangers";
import type { Happenings } from "./happenings";
import type { RatePoint, Rates } from "./rates";

/** Where clients may connect. */
export interface Listening {
  tcpPort: number | null;
  tlsPort: number | null;
}

/** The broker as of now, as its page shows it at first sight. */
export interface Overview extends Listening {
  /** The path of MQTT over WebSocket on the main port. */
  websocketPath: string;
  /** Whether clients and messages are shown to this server's page: only while it is open. */
  showsClients: boolean;
  uptimeS: number;
  clients: number;
  /** Connections in all, those that have not said CONNECT included. */
  connections: number;
  connectionsLimit: number;
  sessions: number;
  retainedMessages: number;
  /** Bytes kept for others, and the watermark. */
  heldBytes: number;
  memoryLimitBytes: number;
  overload: number;
  /** Counts since the start; those of messages are indexed by QoS. */
  totals: Pick<
    BrokerStats,
    | "connectionsAccepted"
    | "connectionsRefused"
    | "protocolErrors"
    | "readingPaused"
    | "messagesReceived"
    | "messagesSent"
    | "bytesReceived"
    | "bytesSent"
    | "dropped"
  >;
  /** How many happenings there have been: a change says that the list has new ones. */
  happenings: number;
  /** The last second; null in the first. */
  now: RatePoint | null;
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
