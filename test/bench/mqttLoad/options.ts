/** What load to make. Every option is a number, `--name value`. */
export const STANDARD = {
  port: 1883,
  pubs: 1,
  subs: 1,
  /** Subscribers of a topic: each message is delivered so many times. */
  fanout: 1,
  /** 0 or 1, of publications and of subscriptions. */
  qos: 0,
  /** Publications in all. */
  messages: 10_000,
  /** Bytes of a message, 8 at least: the time of sending stands inside. */
  payload: 64,
  /** Publications, over all publishers, that have not been delivered everywhere. */
  window: 2000,
  /** QoS 1: unacknowledged publications of a publisher. */
  inflight: 20,
  /** Packets that a publisher puts into one write. */
  batch: 32,
  /** Publications a second over all publishers; 0: as fast as the windows let. */
  rate: 0,
  keepalive: 60,
  /** Idle connections instead of messages, how many are opened at a time, and how long they are held, in seconds. */
  connections: 0,
  ramp: 100,
  hold: 2,
  /** 1: each idle connection subscribes to a topic of its own. */
  subscribe: 0,
};

export type LoadOptions = typeof STANDARD;

/** @throws Error for an option that there is not, or that is no number. */
export function optionsFrom(args: readonly string[]): LoadOptions {
  const options = { ...STANDARD };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i]!.replace(/^--/, "") as keyof LoadOptions;
    const value = Number(args[i + 1]);
    if (!Object.hasOwn(STANDARD, name) || !Number.isFinite(value)) {
      throw new Error(`expected --NAME NUMBER with one of ${Object.keys(STANDARD).join(", ")}, got ${args[i]}`);
    }
    options[name] = value;
  }
  return { ...options, payload: Math.max(8, options.payload) };
}
