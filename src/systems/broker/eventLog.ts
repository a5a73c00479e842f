import type { Broker, DropReason, Identity } from "../../mqtt";
import { runChores } from "../../platform/chores";
import type { Clock } from "../../platform/clock";
import { type Log, logFaults } from "../../platform/log";

const MINUTE_MS = 60_000;
const SUCCESS = 0;
/** So many lines of one kind are written in a minute; the others are counted, and told at its end. */
const MAX_LINES_PER_MINUTE = 1000;
/** Of so many clients drops are counted each by itself in a minute. */
const MAX_COUNTED_CLIENTS = 1000;

/**
 * Writes into the log what an operator wants to find there: who was refused, disconnected or denied a right and why,
 * each with client, user and address, and what was dropped, summed by client and minute. The returned function ends that.
 */
export function logEvents(broker: Broker, clock: Clock, log: Log): () => void {
  const lines = new Map<string, number>();
  const drops = new Map<string, Partial<Record<DropReason, number>>>();

  function write(level: "info" | "warning", message: string, fields: Record<string, unknown>): void {
    const count = (lines.get(message) ?? 0) + 1;
    lines.set(message, count);
    if (count <= MAX_LINES_PER_MINUTE) log.write(level, message, fields);
  }

  function tellMinute(): void {
    for (const [message, count] of lines) {
      const more = count - MAX_LINES_PER_MINUTE;
      if (more > 0) log.write("warning", "lines of one kind were left out", { kind: message, count: more });
    }
    lines.clear();
    for (const [clientId, dropped] of drops) log.write("warning", "messages were dropped", { clientId, dropped });
    drops.clear();
  }

  const whoIs = ({ clientId, username, address }: Identity) => ({ clientId, user: username, address });
  const ends = [
    broker.on("refused", ({ clientId, username, address, reason, message }) => {
      write("warning", "a connection was refused", { clientId, user: username, address, reason, why: message });
    }),
    broker.on("disconnected", ({ identity, reason, message }) => {
      if (reason === SUCCESS) return;
      write("info", "a client was disconnected", { ...whoIs(identity), reason, why: message });
    }),
    broker.on("denied", ({ identity, action, topic }) => {
      write("warning", "a right was refused", { ...whoIs(identity), action, topic });
    }),
    broker.on("dropped", ({ clientId, reason }) => {
      const name = drops.has(clientId) || drops.size < MAX_COUNTED_CLIENTS ? clientId : "(others)";
      const counts = drops.get(name) ?? {};
      counts[reason] = (counts[reason] ?? 0) + 1;
      drops.set(name, counts);
    }),
  ];
  const chore = { what: "telling drops", everyMs: MINUTE_MS, firstAfterMs: MINUTE_MS, run: tellMinute };
  const endChore = runChores(clock, [chore], logFaults(log));
  return () => {
    for (const end of ends) end();
    void endChore();
    tellMinute();
  };
}
