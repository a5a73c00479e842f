import { z } from "zod";
import { textLike, textOf } from "../../platform/http/api/texts";

const MAX_NAME = 256;
const MAX_TOPIC = 1024;

const limit = (most: number, standard: number, what: string) =>
  z.coerce.number().int().min(1).max(most).default(standard).describe(what);
const offset = (most: number) =>
  z.coerce.number().int().min(0).max(most).default(0).describe("How many to leave out before the first.");

/** Whoever looks for one among so many must narrow the search: sorting more of them would hold up the broker. */
const MAX_OFFSET = 2000;

export const clientsQuery = z.object({
  q: z.string().max(100).default("").describe("A part of client identifier, user name or address."),
  state: z.enum(["all", "online", "offline"]).default("all").describe("Offline ones are sessions that wait."),
  sort: z
    .enum([
      "clientId",
      "username",
      "address",
      "transport",
      "version",
      "connectedAt",
      "lastHeardAt",
      "subscriptions",
      "inflight",
      "queuedMessages",
      "queuedBytes",
      "outboxBytes",
      "sessionEndsAt",
    ])
    .default("clientId")
    .describe("The member to sort by; those without it come last."),
  direction: z.enum(["ascending", "descending"]).default("ascending").describe("The direction of the sort."),
  offset: offset(MAX_OFFSET),
  limit: limit(200, 50, "Most clients."),
});

const clientId = textLike("worker-1");

export const clientPath = z.object({ clientId: clientId.min(1).max(MAX_NAME) });

export const retainedQuery = z.object({
  prefix: z.string().max(MAX_TOPIC).default("").describe("What the topics begin with, such as xenminer/."),
  offset: offset(1_000_000),
  limit: limit(200, 50, "Most messages."),
});

const count = z.number().int().min(0);
const rate = z.number().describe("Per second");
const isoTime = z.iso.datetime().nullable();
const byQos = z.array(count).length(3).describe("By QoS");

export const ratePoint = z.strictObject({
  timeMs: z.number().describe("The end of that second, in milliseconds since the epoch"),
  messagesIn: rate,
  messagesOut: rate,
  bytesIn: rate,
  bytesOut: rate,
  dropped: rate,
  clients: count.describe("Connected at its end"),
});

export const ratePoints = z.array(ratePoint).readonly();

export const overviewAnswer = z.strictObject({
  tcpPort: z.number().nullable(),
  tlsPort: z.number().nullable(),
  websocketPath: textLike("/mqtt").describe("Of MQTT over WebSocket, on the main port"),
  showsClients: z.boolean().describe("Whether clients and messages are shown to this server's page: while it is open"),
  uptimeS: z.number(),
  clients: count.describe("Connected; those in this process do not count"),
  connections: count.describe("Those that have not said CONNECT included"),
  connectionsLimit: count,
  sessions: count,
  retainedMessages: count,
  heldBytes: count.describe("Kept for others"),
  memoryLimitBytes: count,
  overload: count.max(3).describe("Measures in force against too much memory"),
  totals: z
    .strictObject({
      connectionsAccepted: count,
      connectionsRefused: count,
      protocolErrors: count,
      readingPaused: count,
      messagesReceived: byQos,
      messagesSent: byQos,
      bytesReceived: count,
      bytesSent: count,
      dropped: z.record(textLike("queueFull"), count).describe("Messages, by reason"),
    })
    .describe("Since the start"),
  incidents: count.describe("How many there have been: a change says that the list has new ones"),
  now: ratePoint.nullable().describe("The last second; null in the first"),
});

export const overviewEvents = textOf("text/event-stream", 'id: 1\ndata: {"clients":5,"sessions":5}\n\n');

export const limitsAnswer = z.array(
  z.strictObject({
    name: textLike("connections"),
    value: z.number(),
    unit: textLike("connections"),
    meaning: textLike("Connections at a time; one more is refused.").describe(
      "What is limited, and what happens at the limit",
    ),
    zero: textLike("no limit").nullable().describe("What 0 stands for, where it is no amount"),
    setting: textLike("MQTT_MAX_CONNECTIONS").nullable().describe("The setting that changes it"),
    used: z.number().nullable().describe("What is in use of it, where that is one number"),
  }),
);

export const incident = z.strictObject({
  timeMs: z.number().describe("When it happened last, in milliseconds since the epoch"),
  kind: z.enum(["refused", "disconnected", "denied", "overload"]),
  who: textLike("worker-1").describe(
    "The client identifier, or the address of one that had not said it; empty for the broker",
  ),
  what: textLike("the keep-alive ran out"),
  count: count.describe("How often in a row"),
});

export const incidents = z.array(incident).readonly();

export const clientRow = z.strictObject({
  clientId,
  username: textLike("miner").nullable(),
  isOnline: z.boolean(),
  address: textLike("192.0.2.7").nullable(),
  transport: textLike("tcp").nullable(),
  version: textLike("5.0").nullable().describe("5.0, 3.1.1 or 3.1; null while it is offline"),
  connectedAt: isoTime,
  lastHeardAt: isoTime,
  isBlocked: z.boolean().describe("Whether its socket takes no bytes at present"),
  outboxBytes: count.describe("Bytes that its socket has not taken yet"),
  isPersistent: z.boolean().describe("Whether its session outlives its connection"),
  sessionEndsAt: isoTime,
  subscriptions: count,
  inflight: count,
  queuedMessages: count,
  queuedBytes: count,
});

export const clientPage = z.strictObject({
  total: count.describe("How many there are that were asked for"),
  clients: z.array(clientRow),
});

export const clientDetail = clientRow.extend({
  subscriptions: z.array(z.strictObject({ filter: textLike("xenminer/+/task"), qos: count.max(2) })),
});

export const retainedMessage = z.strictObject({
  topic: textLike("xenminer/worker-1/status"),
  qos: count.max(2),
  payloadBase64: textLike("eyJzdGF0ZSI6IkFWQUlMQUJMRSJ9").describe("The first kilobyte"),
  payloadBytes: count.describe("Of the whole payload"),
  publisherId: clientId,
});

export const retainedPage = z.strictObject({
  total: count.describe("How many there are that were asked for"),
  messages: z.array(retainedMessage),
});

export const kickAnswer = z.strictObject({ kicked: z.literal(true) });
export const forgetAnswer = z.strictObject({ forgotten: z.literal(true) });

export type ClientsQuery = z.output<typeof clientsQuery>;
export type RetainedQuery = z.output<typeof retainedQuery>;
export type RatePoint = z.infer<typeof ratePoint>;
export type Overview = z.infer<typeof overviewAnswer>;
export type LimitInForce = z.infer<typeof limitsAnswer>[number];
export type Incident = z.infer<typeof incident>;
export type ClientRow = z.infer<typeof clientRow>;
export type ClientPage = z.infer<typeof clientPage>;
export type ClientDetail = z.infer<typeof clientDetail>;
export type RetainedMessage = z.infer<typeof retainedMessage>;
export type RetainedPage = z.infer<typeof retainedPage>;
