/** What the page asks of the server; docs/broker.md, "Page". */

/** `GET /api/broker/overview`, and each message of `GET /api/broker/events`. */
export interface Overview {
  tcpPort: number | null;
  tlsPort: number | null;
  websocketPath: string;
  /** Whether clients and messages are shown here: only while the service is open. */
  showsClients: boolean;
  uptimeS: number;
  clients: number;
  connections: number;
  connectionsLimit: number;
  sessions: number;
  retainedMessages: number;
  heldBytes: number;
  memoryLimitBytes: number;
  /** 0 to 3. */
  overload: number;
  totals: {
    connectionsAccepted: number;
    connectionsRefused: number;
    protocolErrors: number;
    readingPaused: number;
    messagesReceived: number[];
    messagesSent: number[];
    bytesReceived: number;
    bytesSent: number;
    dropped: Record<string, number>;
  };
  /** Rises with each new happening. */
  happenings: number;
  now: RatePoint | null;
}

/** One second, `GET /api/broker/rates`: rates per second. */
export interface RatePoint {
  timeMs: number;
  messagesIn: number;
  messagesOut: number;
  bytesIn: number;
  bytesOut: number;
  dropped: number;
  clients: number;
}

/** `GET /api/broker/happenings`. */
export interface Happening {
  timeMs: number;
  kind: "refused" | "disconnected" | "denied" | "overload";
  who: string;
  what: string;
  count: number;
}

/** `GET /api/broker/clients`. */
export interface ClientPage {
  total: number;
  clients: ClientRow[];
}

export interface ClientRow {
  clientId: string;
  username: string | null;
  isOnline: boolean;
  address: string | null;
  transport: string | null;
  version: string | null;
  connectedAt: string | null;
  lastHeardAt: string | null;
  isBlocked: boolean;
  outboxBytes: number;
  isPersistent: boolean;
  sessionEndsAt: string | null;
  subscriptions: number;
  inflight: number;
  queuedMessages: number;
  queuedBytes: number;
}

/** `GET /api/broker/clients/ID`. */
export interface ClientDetail extends Omit<ClientRow, "subscriptions"> {
  subscriptions: { filter: string; qos: number }[];
}

/** `GET /api/broker/retained`. */
export interface RetainedPage {
  total: number;
  messages: RetainedRow[];
}

export interface RetainedRow {
  topic: string;
  qos: number;
  /** The first kilobyte. */
  payloadBase64: string;
  payloadBytes: number;
  publisherId: string;
}

/** `GET /api/broker/limits`. */
export interface LimitRow {
  name: string;
  value: number;
  unit: string;
  meaning: string;
  /** What 0 stands for, where it is no amount. */
  zero: string | null;
  setting: string | null;
  used: number | null;
}
