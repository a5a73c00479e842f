import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import type { LiveState } from "../live/state";
import type { Work } from "../rules/evidence";
import { hear, rest, type WorkChange, type WorkLog, work } from "../rules/work";
import { removeGap, saveGap } from "../store/gaps";
import { saveBeginning } from "../store/leases";

/** Keeps which seconds of each lease its worker works, as its messages show it (docs/market.md, Billing). */
export interface WorkKeeper {
  /** A message of a worker has come. Ends when what it changes is on the disk; undefined where it changes nothing. */
  heard(workerId: string, shows: Work | undefined): Promise<void> | undefined;
  /** The worker is not there any more. */
  gone(workerId: string): Promise<void> | undefined;
}

export interface WorkKeeperOptions {
  database: SqliteDatabase;
  clock: Clock;
  live: LiveState;
}

export function createWorkKeeper({ database, clock, live }: WorkKeeperOptions): WorkKeeper {
  /** The log of the worker's lease, and the time that counts: what comes after the lease's end changes nothing. */
  function logOf(workerId: string): { leaseId: string; log: WorkLog; nowMs: number } | undefined {
    const leaseId = live.workers.get(workerId)?.activeLeaseId ?? undefined;
    const lease = leaseId === undefined ? undefined : live.activeLeases.get(leaseId);
    if (lease === undefined || live.billOffline) return undefined;
    return { leaseId: lease.leaseId, log: lease.work, nowMs: Math.min(clock.now(), lease.expiresAtMs) };
  }

  function keep(leaseId: string, changes: readonly WorkChange[]): Promise<void> | undefined {
    if (changes.every((change) => Object.keys(change).length === 0)) return undefined;
    return database.transact((db) => {
      for (const { began, saved, dropped } of changes) {
        if (began !== undefined) saveBeginning(db, leaseId, began);
        if (saved !== undefined) saveGap(db, leaseId, saved);
        if (dropped !== undefined) removeGap(db, leaseId, dropped);
      }
    });
  }

  return {
    heard(workerId, shows) {
      const found = logOf(workerId);
      if (found === undefined) return undefined;
      const { leaseId, log, nowMs } = found;
      return keep(leaseId, [hear(log, nowMs), shown(log, shows, nowMs)]);
    },
    gone(workerId) {
      const found = logOf(workerId);
      return found && keep(found.leaseId, [rest(found.log, "offline", found.nowMs)]);
    },
  };
}

function shown(log: WorkLog, shows: Work | undefined, nowMs: number): WorkChange {
  if (shows === undefined) return {};
  if (shows === "works") return work(log, nowMs);
  // Who is back and computes goes on with what it did; who said that it rests must say that it works.
  if (shows === "active") return log.openGap?.reason === "offline" ? work(log, nowMs) : {};
  return rest(log, shows, nowMs);
}
