import type { BrokerStats } from "../../../mqtt";
import { runChores } from "../../../platform/chores";
import type { Clock } from "../../../platform/clock";
import { type Log, logFaults } from "../../../platform/log";
import type { RatePoint } from "../schema";

export const SAMPLE_EVERY_MS = 1000;
/** Five minutes. */
const MAX_POINTS = 300;

export interface Rates {
  /** The last five minutes, the oldest first. */
  recent(): readonly RatePoint[];
  stop(): void;
}

/** Looks at the counters once a second, so that whoever opens the page sees the last minutes at once. */
export function sampleRates(clock: Clock, log: Log, stats: () => BrokerStats, clients: () => number): Rates {
  let points: RatePoint[] = [];
  let last = totalsOf(stats());
  let lastMs = clock.now();

  function sample(): void {
    const timeMs = clock.now();
    const totals = totalsOf(stats());
    // The clock of the machine may have been set back; a rate over no time would be infinite.
    const seconds = Math.max(timeMs - lastMs, SAMPLE_EVERY_MS / 2) / 1000;
    const rate = (name: keyof typeof totals) => (totals[name] - last[name]) / seconds;
    const point: RatePoint = {
      timeMs,
      messagesIn: rate("messagesIn"),
      messagesOut: rate("messagesOut"),
      bytesIn: rate("bytesIn"),
      bytesOut: rate("bytesOut"),
      dropped: rate("dropped"),
      clients: clients(),
    };
    points = [...points.slice(1 - MAX_POINTS), point];
    last = totals;
    lastMs = timeMs;
  }

  const chore = { what: "sampling the rates", everyMs: SAMPLE_EVERY_MS, firstAfterMs: SAMPLE_EVERY_MS, run: sample };
  const stop = runChores(clock, [chore], logFaults(log));
  return { recent: () => points, stop: () => void stop() };
}

function totalsOf({ messagesReceived, messagesSent, bytesReceived, bytesSent, dropped }: BrokerStats) {
  return {
    messagesIn: sum(messagesReceived),
    messagesOut: sum(messagesSent),
    bytesIn: bytesReceived,
    bytesOut: bytesSent,
    dropped: sum(Object.values(dropped)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
