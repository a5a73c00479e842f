import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { LiveState } from "../live/state";
import type { MessageBus } from "../ports/messageBus";
import type { Evidence } from "../rules/evidence";
import { findLease } from "../store/leases";
import type { Message } from "../store/outbox";
import { type Outbox, RESEND_AFTER_MS } from "./outbox";
import { releaseOf, secondsLeft, taskOf } from "./tasks";

/**
 * Answers a worker that shows something else than what holds: one that works for a lease that has ended is released, one
 * that has lost its task gets it again, for the time that is left (docs/market.md, Outbox).
 */
export type Corrections = (workerId: string, shows: Evidence) => void;

export interface CorrectionsOptions {
  database: SqliteDatabase;
  bus: Pick<MessageBus, "publish">;
  clock: Clock;
  log: Log;
  live: LiveState;
  outbox: Pick<Outbox, "isWaiting">;
}

export function createCorrections({ database, bus, clock, log, live, outbox }: CorrectionsOptions): Corrections {
  /** When each worker was last corrected: its answer may be under way. */
  const corrected = new Map<string, number>();

  function send({ topic, payload }: Message): void {
    bus.publish(topic, payload).catch((error) => {
      log.write("warning", "a worker could not be corrected", { topic, reason: messageOf(error) });
    });
  }

  return (workerId, { leaseId: shown }) => {
    const holds = live.workers.get(workerId)?.activeLeaseId ?? null;
    // What is on its way is sent again by the outbox.
    if (shown === undefined || shown === holds || outbox.isWaiting(workerId)) return;
    const nowMs = clock.now();
    if (Math.abs(nowMs - (corrected.get(workerId) ?? Number.NEGATIVE_INFINITY)) < RESEND_AFTER_MS) return;
    corrected.set(workerId, nowMs);
    if (shown !== null) send(releaseOf({ leaseId: shown, workerId }));
    const lease = holds === null ? undefined : database.read((db) => findLease(db, holds));
    if (lease?.state === "active") send(taskOf(lease, secondsLeft(lease, nowMs)));
  };
}
