import type { Config, SettingName } from "../../config/settings";
import { type BrokerStats, DEFAULT_LIMITS, type Limits } from "../../mqtt";
import type { LimitInForce } from "./schema";

/** What there is to say of one limit to whoever runs the broker. */
interface LimitRow {
  unit: string;
  /** What is limited, and what happens at the limit. */
  meaning: string;
  /** What 0 stands for, where it is no amount. */
  zero?: string;
  /** The setting that changes it, and what its value is multiplied by; absent where it stands in the program. */
  setting?: keyof Config & SettingName;
  factor?: number;
  /** What is in use of it now, where that is one number. */
  used?: (stats: BrokerStats) => number;
}

/** Every limit of the broker; what an operator sets comes first. */
const LIMITS: Record<keyof Limits, LimitRow> = {
  connections: {
    setting: "MQTT_MAX_CONNECTIONS",
    unit: "connections",
    meaning: "Connections in all; further ones are refused.",
    used: ({ connections }) => connections,
  },
  connectionsPerAddress: {
    setting: "MQTT_MAX_CONNECTIONS_PER_ADDRESS",
    unit: "connections",
    meaning: "Connections from one address; further ones are refused.",
    zero: "no limit of its own",
  },
  packetBytes: {
    setting: "MQTT_MAX_PACKET_BYTES",
    unit: "bytes",
    meaning: "One packet; whoever sends a larger one is disconnected.",
  },
  queuedMessages: {
    setting: "MQTT_MAX_QUEUED_MESSAGES",
    unit: "messages",
    meaning: "Messages that wait for one client; further ones are dropped.",
  },
  queuedBytes: {
    setting: "MQTT_MAX_QUEUED_BYTES",
    unit: "bytes",
    meaning: "Bytes of messages that wait for one client; further ones are dropped.",
  },
  retainedMessages: {
    setting: "MQTT_MAX_RETAINED_MESSAGES",
    unit: "messages",
    meaning: "Retained messages in all; further ones are delivered and not kept.",
    used: ({ retainedMessages }) => retainedMessages,
  },
  retainedBytes: {
    setting: "MQTT_MAX_RETAINED_BYTES",
    unit: "bytes",
    meaning: "Bytes of retained messages in all; further ones are delivered and not kept.",
    used: ({ retainedBytes }) => retainedBytes,
  },
  publishesPerSecond: {
    setting: "MQTT_MAX_PUBLISHES_PER_S",
    unit: "messages/s",
    meaning: "Messages that one client publishes; it is not read for the rest of a second in which it has sent more.",
    zero: "no limit",
  },
  flappingConnects: {
    setting: "MQTT_FLAPPING_CONNECTS",
    unit: "connects",
    meaning: "Connects of one client identifier within the window; then it is shut out.",
    zero: "never shut out",
  },
  flappingBanMs: {
    setting: "MQTT_FLAPPING_BAN_S",
    factor: 1000,
    unit: "ms",
    meaning: "For how long a client identifier is shut out.",
  },
  memoryBytes: {
    setting: "MQTT_MEMORY_BYTES",
    unit: "bytes",
    meaning:
      "Memory of what is kept for others: messages that wait, retained ones, subscriptions. From 80 % QoS 0 is dropped, from 90 % publishers are not read, at 100 % new sessions and subscriptions are refused.",
    used: ({ heldBytes }) => heldBytes,
  },
  flappingWindowMs: { unit: "ms", meaning: "The window in which connects are counted." },
  connectTimeoutMs: { unit: "ms", meaning: "From the opening of a socket to its accepted CONNECT; then it is closed." },
  connectBytes: { unit: "bytes", meaning: "A CONNECT; whoever sends a larger one is disconnected." },
  topicBytes: { unit: "bytes", meaning: "A topic or filter; whoever sends a longer one is disconnected." },
  topicLevels: { unit: "levels", meaning: "Levels of a topic or filter; whoever sends a deeper one is disconnected." },
  clientIdBytes: { unit: "bytes", meaning: "A client identifier; a longer one is refused." },
  userProperties: { unit: "properties", meaning: "User properties of a packet; whoever sends more is disconnected." },
  keepAliveSeconds: {
    unit: "s",
    meaning: "The longest keep-alive, told to clients of 5.0.",
    zero: "as the client says",
  },
  sessions: {
    unit: "sessions",
    meaning: "Sessions in all, offline ones included; further ones are refused.",
    used: ({ sessions }) => sessions,
  },
  sessionExpirySeconds: { unit: "s", meaning: "How long a session may outlive its connection." },
  subscriptionsPerSession: {
    unit: "subscriptions",
    meaning: "Subscriptions of one session; further ones are refused.",
  },
  inflightMessages: { unit: "messages", meaning: "QoS 1 and 2 on their way to one client; further ones wait." },
  receiveMaximum: {
    unit: "messages",
    meaning: "QoS 1 and 2 on their way from one client; whoever sends more is disconnected or not read on.",
  },
  topicAliases: { unit: "aliases", meaning: "Topic aliases of a connection in each direction." },
  outboxShedBytes: {
    unit: "bytes",
    meaning: "Bytes that one socket has not taken; above, QoS 0 is dropped for it and the rest waits.",
  },
  outboxBytes: { unit: "bytes", meaning: "Bytes that one socket has not taken; above, it is disconnected." },
  slowReaderMs: { unit: "ms", meaning: "How long a socket may take nothing while something waits for it." },
  sysIntervalMs: { unit: "ms", meaning: "How often the figures under $SYS are published.", zero: "never" },
};

const NAMES = Object.keys(LIMITS) as (keyof Limits)[];

/** The broker's limits by the settings, the defaults where there is none. */
export function limitsOf(config: Config): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const name of NAMES) {
    const { setting, factor = 1 } = LIMITS[name];
    if (setting !== undefined) limits[name] = Number(config[setting]) * factor;
  }
  return limits;
}

/** The limits in force with what is in use of them. */
export function limitsInForce(limits: Limits, stats: BrokerStats): LimitInForce[] {
  return NAMES.map((name) => {
    const { unit, meaning, zero = null, setting = null, used } = LIMITS[name];
    return { name, value: limits[name], unit, meaning, zero, setting, used: used?.(stats) ?? null };
  });
}
