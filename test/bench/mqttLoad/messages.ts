import { type Connection, openConnection } from "./connection";
import type { LoadOptions } from "./options";
import { DISCONNECT, PacketType, pubacks, publishTemplate, subscribePacket } from "./packets";

interface Publisher {
  connection: Connection;
  template: Buffer;
  topic: number;
  /** Where the payload begins in the template. */
  payloadAt: number;
  left: number;
  lastId: number;
  /** When each unacknowledged identifier was sent. */
  sentAtMs: Map<number, number>;
  isBlocked: boolean;
}

/** What has happened so far; times in milliseconds of `performance.now`. */
interface Progress {
  sent: number;
  acked: number;
  delivered: number;
  expected: number;
  lastMs: number;
  endMs: number;
  deliveryMs: number[];
  ackMs: number[];
}

/** Nothing for so long: what is missing is lost. */
const PATIENCE_MS = 10_000;

/** Publishes, reads what comes, and says how fast that was and what was lost. */
export async function exchangeMessages(options: LoadOptions, tag: string) {
  const { qos, messages } = options;
  const topicName = (topic: number) => `load/${tag}/${topic}`;
  const topics = Math.max(1, options.subs > 0 ? Math.ceil(options.subs / options.fanout) : options.pubs);
  const progress: Progress = newProgress();
  const publishers: Publisher[] = [];
  let isWaking = false;
  let startMs = 0;
  const wake = () => {
    if (isWaking) return;
    isWaking = true;
    setImmediate(() => {
      isWaking = false;
      for (const publisher of publishers) {
        if (pump(publisher, options, progress, startMs) && options.rate === 0) wake();
      }
    });
  };

  const subscribers: Connection[] = [];
  for (let i = 0; i < options.subs; i++) {
    const topic = topicName(Math.floor(i / options.fanout));
    subscribers.push(await openSubscriber(options, `sub-${tag}-${i}`, topic, progress, wake));
  }
  for (let i = 0; i < options.pubs; i++) {
    const topic = i % topics;
    const left = Math.floor(messages / options.pubs) + (i < messages % options.pubs ? 1 : 0);
    const template = publishTemplate(topicName(topic), qos, options.payload);
    publishers.push(await openPublisher(options, `pub-${tag}-${i}`, { topic, left, template }, progress, wake));
  }

  startMs = progress.lastMs = performance.now();
  const ticker = setInterval(wake, options.rate > 0 ? 1 : 60_000);
  wake();
  const isDone = () =>
    progress.sent >= messages && progress.delivered >= progress.expected && (qos === 0 || progress.acked >= messages);
  while (!isDone() && performance.now() - progress.lastMs < PATIENCE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  clearInterval(ticker);
  for (const { socket } of [...subscribers, ...publishers.map(({ connection }) => connection)]) {
    socket.write(DISCONNECT);
    socket.destroy();
  }
  return { isWhole: isDone() && progress.delivered === progress.expected, figures: told(options, progress, startMs) };
}

function newProgress(): Progress {
  return { sent: 0, acked: 0, delivered: 0, expected: 0, lastMs: 0, endMs: 0, deliveryMs: [], ackMs: [] };
}

/** Kept when the subscription stands. */
async function openSubscriber(
  options: LoadOptions,
  clientId: string,
  topic: string,
  progress: Progress,
  wake: () => void,
): Promise<Connection> {
  let confirm = () => undefined as unknown;
  const subscribed = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  let toAck: number[] = [];
  const acknowledge = () => {
    connection.socket.write(pubacks(toAck));
    toAck = [];
  };
  const connection = await openConnection({
    ...options,
    clientId,
    onPacket(type, flags, bytes, from) {
      if (type === PacketType.suback) confirm();
      if (type !== PacketType.publish) return;
      let at = from + 2 + bytes.readUInt16BE(from);
      if (((flags >> 1) & 3) > 0) {
        if (toAck.length === 0) queueMicrotask(acknowledge);
        toAck.push(bytes[at]!, bytes[at + 1]!);
        at += 2;
      }
      const nowMs = performance.now();
      progress.deliveryMs.push(nowMs - bytes.readDoubleBE(at));
      progress.delivered++;
      progress.lastMs = progress.endMs = nowMs;
      wake();
    },
  });
  connection.socket.write(subscribePacket(topic, options.qos));
  await subscribed;
  return connection;
}

async function openPublisher(
  options: LoadOptions,
  clientId: string,
  part: Pick<Publisher, "topic" | "left" | "template">,
  progress: Progress,
  wake: () => void,
): Promise<Publisher> {
  const sentAtMs = new Map<number, number>();
  const connection = await openConnection({
    ...options,
    clientId,
    onPacket(type, _flags, bytes, from) {
      const sentMs = type === PacketType.puback ? sentAtMs.get(bytes.readUInt16BE(from)) : undefined;
      if (sentMs === undefined) return;
      sentAtMs.delete(bytes.readUInt16BE(from));
      const nowMs = performance.now();
      progress.ackMs.push(nowMs - sentMs);
      progress.acked++;
      progress.lastMs = progress.endMs = nowMs;
      wake();
    },
  });
  const payloadAt = part.template.length - options.payload;
  const publisher: Publisher = { ...part, connection, payloadAt, lastId: 0, sentAtMs, isBlocked: false };
  connection.socket.on("drain", () => {
    publisher.isBlocked = false;
    wake();
  });
  return publisher;
}

/** How many a publisher may send now. */
function allowance(publisher: Publisher, options: LoadOptions, progress: Progress, startMs: number): number {
  if (publisher.isBlocked || !publisher.connection.isAlive) return 0;
  const { qos, subs, fanout, window, rate } = options;
  const unacknowledged = qos === 0 ? 0 : progress.sent - progress.acked;
  const open = subs > 0 ? (progress.expected - progress.delivered) / fanout : unacknowledged;
  return Math.min(
    publisher.left,
    options.batch,
    qos === 0 ? Number.POSITIVE_INFINITY : options.inflight - publisher.sentAtMs.size,
    Math.floor(window - open),
    rate === 0 ? Number.POSITIVE_INFINITY : Math.floor(((performance.now() - startMs) / 1000) * rate) - progress.sent,
  );
}

/** Sends what may be sent in one write; gives whether the socket would take more. */
function pump(publisher: Publisher, options: LoadOptions, progress: Progress, startMs: number): boolean {
  const count = allowance(publisher, options, progress, startMs);
  if (count <= 0) return false;
  const { template, payloadAt, sentAtMs } = publisher;
  const out = Buffer.allocUnsafe(count * template.length);
  const nowMs = performance.now();
  for (let at = 0; at < out.length; at += template.length) {
    template.copy(out, at);
    if (options.qos > 0) {
      do publisher.lastId = (publisher.lastId % 65_535) + 1;
      while (sentAtMs.has(publisher.lastId));
      out.writeUInt16BE(publisher.lastId, at + payloadAt - 2);
      sentAtMs.set(publisher.lastId, nowMs);
    }
    out.writeDoubleBE(nowMs, at + payloadAt);
  }
  publisher.left -= count;
  progress.sent += count;
  progress.expected += count * subscribersOf(publisher.topic, options);
  progress.lastMs = nowMs;
  publisher.isBlocked = !publisher.connection.socket.write(out);
  return !publisher.isBlocked;
}

function subscribersOf(topic: number, { subs, fanout }: LoadOptions): number {
  return Math.max(0, Math.min(fanout, subs - topic * fanout));
}

function told(options: LoadOptions, progress: Progress, startMs: number) {
  const { sent, acked, delivered, expected } = progress;
  const seconds = ((progress.endMs || performance.now()) - startMs) / 1000;
  return {
    ...{ sent, acked: options.qos === 0 ? null : acked, delivered, expected, lost: expected - delivered, seconds },
    published_per_s: Math.round(sent / seconds),
    delivered_per_s: Math.round(delivered / seconds),
    delivery_ms: quantiles(progress.deliveryMs),
    ack_ms: quantiles(progress.ackMs),
  };
}

function quantiles(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return value === undefined ? null : Number(value.toFixed(3));
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
