/** Every limit of the broker, in the unit that its name ends with, else a count. What happens at each of them is in docs/broker.md, "Limits". */
export interface Limits {
  /** Connections in all, and from one address (0: no limit of its own). */
  connections: number;
  connectionsPerAddress: number;
  /** Time from the opening of a socket to its accepted CONNECT. */
  connectTimeoutMs: number;
  /** Largest CONNECT, and largest packet of any kind after it. */
  connectBytes: number;
  packetBytes: number;
  topicBytes: number;
  topicLevels: number;
  clientIdBytes: number;
  userProperties: number;
  /** Longest keep-alive; a client that asks for more or for none is told this one (5.0). 0: as the client says. */
  keepAliveSeconds: number;
  /** Sessions that are kept in all, and the longest that one may outlive its connection. */
  sessions: number;
  sessionExpirySeconds: number;
  subscriptionsPerSession: number;
  /** QoS 1 and 2 messages on their way to one client, and from one. */
  inflightMessages: number;
  receiveMaximum: number;
  /** Topic aliases per connection and direction. */
  topicAliases: number;
  /** What may wait for one session. */
  queuedMessages: number;
  queuedBytes: number;
  retainedMessages: number;
  retainedBytes: number;
  /** Publications of one client; its socket is not read for the rest of a second in which it has sent more. 0: any. */
  publishesPerSecond: number;
  /** Bytes not yet taken by one socket: above the first QoS 0 is dropped, above the second the client is. */
  outboxShedBytes: number;
  outboxBytes: number;
  /** How long a socket may take nothing while something waits for it. */
  slowReaderMs: number;
  /** A client identifier that connects more often than this within the window is shut out for the ban. 0: never. */
  flappingConnects: number;
  flappingWindowMs: number;
  flappingBanMs: number;
  /** The watermark of bytes that are kept for others; docs/broker.md, "Overload". */
  memoryBytes: number;
  /** How often `$SYS` is published. 0: never. */
  sysIntervalMs: number;
}

/** What the protocol has room for, where that is not any amount. */
const ROOM: { [Name in keyof Limits]?: readonly [least: number, most: number] } = {
  packetBytes: [64, 268_435_460],
  topicBytes: [1, 65_535],
  clientIdBytes: [23, 65_535],
  keepAliveSeconds: [0, 65_535],
  sessionExpirySeconds: [0, 0xffff_ffff],
  inflightMessages: [1, 65_535],
  receiveMaximum: [1, 65_535],
  topicAliases: [0, 65_535],
};

/** All limits, the given instead of the defaults. Throws RangeError for a limit that is no amount, or too large for its packet. */
export function limitsOf(given: Partial<Limits>): Limits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const name of Object.keys(limits) as (keyof Limits)[]) {
    const value = limits[name];
    const [least, most] = ROOM[name] ?? [0, Number.MAX_SAFE_INTEGER];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    throw new RangeError(`the broker's limit ${name} is ${value}; it must be a whole number from ${least} to ${most}`);
  }
  return limits;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const DAY_SECONDS = 86_400;

/** Limits of a broker that shares a machine with other work. */
export const DEFAULT_LIMITS: Limits = {
  connections: 20_000,
  connectionsPerAddress: 0,
  connectTimeoutMs: 10_000,
  connectBytes: 64 * KIB,
  packetBytes: MIB,
  topicBytes: 1024,
  topicLevels: 64,
  clientIdBytes: 256,
  userProperties: 64,
  keepAliveSeconds: 0,
  sessions: 100_000,
  sessionExpirySeconds: 30 * DAY_SECONDS,
  subscriptionsPerSession: 20_000,
  inflightMessages: 1024,
  receiveMaximum: 1024,
  topicAliases: 32,
  queuedMessages: 50_000,
  queuedBytes: 64 * MIB,
  retainedMessages: 100_000,
  retainedBytes: 192 * MIB,
  publishesPerSecond: 0,
  outboxShedBytes: MIB,
  outboxBytes: 16 * MIB,
  slowReaderMs: 30_000,
  flappingConnects: 120,
  flappingWindowMs: 60_000,
  flappingBanMs: 60_000,
  memoryBytes: 512 * MIB,
  sysIntervalMs: 10_000,
};
