import { deliver } from "../delivery/deliver";
import { publish } from "../delivery/publish";
import { lowerQos } from "../packet/publish";
import { INSIDE } from "../rights/rights";
import type { Core } from "../state/core";
import { createMessage, type Message } from "../state/message";
import { heldBytes } from "../state/overload";
import type { Subscription } from "../state/session";
import { matches } from "../topic/rules";

const NO_PROPERTIES = new Uint8Array(0);

/** What the broker tells of itself under `$SYS/broker/`. */
const FIGURES: { [topic: string]: (core: Core) => number } = {
  uptime: (core) => Math.floor((core.clock.now() - core.startedAtMs) / 1000),
  "clients/connected": (core) => core.connections.size,
  "clients/total": (core) => core.sessions.size,
  "messages/received": ({ counters }) => sum(counters.messagesReceived),
  "messages/sent": ({ counters }) => sum(counters.messagesSent),
  "messages/dropped": ({ counters }) => sum(Object.values(counters.dropped)),
  "bytes/received": ({ counters }) => counters.bytesReceived,
  "bytes/sent": ({ counters }) => counters.bytesSent,
  "retained/count": ({ retained }) => retained.count,
  "store/bytes": (core) => heldBytes(core),
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function figureMessage(core: Core, topic: string): Message {
  const payload = Buffer.from(String(FIGURES[topic]!(core)));
  return createMessage(core.topics.named(`$SYS/broker/${topic}`), 0, false, payload, NO_PROPERTIES, 0, INSIDE);
}

/** Publishes all figures to whoever has subscribed to them. */
export function publishStatistics(core: Core): void {
  for (const topic of Object.keys(FIGURES)) publish(core, figureMessage(core, topic));
}

/** A new subscriber gets the figures that it asked for at once, as if they were retained. */
export function sendStatistics(core: Core, subscription: Subscription): void {
  const { session, levels, qos, ids } = subscription;
  if (levels[0] !== "$SYS") return;
  for (const topic of Object.keys(FIGURES)) {
    const name = `$SYS/broker/${topic}`;
    if (!matches(levels, name)) continue;
    if (core.authorize !== null && !core.authorize(session.identity, "read", name)) continue;
    deliver(core, session, figureMessage(core, topic), lowerQos(qos, 0), true, ids, null);
  }
}
