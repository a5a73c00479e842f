import type { SqliteDatabase } from "../../../platform/database";
import type { Hit } from "../../../platform/system";
import type { LiveState } from "../live/state";
import type { Mode } from "../rights";
import { gpuLabel } from "../rules/offers";
import type { Worker } from "../rules/worker";
import { leasesBeginningWith } from "../store/leases";
import type { LeaseRow } from "../tables";

const MAX_FOUND = 8;
/** A lease's identifier begins so; with fewer characters every lease would be found. */
const LEASE_START = /^lease-[0-9a-f]{2}/;

export interface FindOptions {
  database: Pick<SqliteDatabase, "read">;
  live: Pick<LiveState, "workers">;
  mode: Mode;
}

/**
 * What the palette finds: workers by a part of their id or address in any case, the shortest id first; in open mode,
 * where everybody sees them, leases by the beginning of their id.
 */
export function findInMarket({ live, database, mode }: FindOptions, query: string): Hit[] {
  const asked = query.trim().toLowerCase();
  if (LEASE_START.test(asked) && mode === "open") {
    return database.read((db) => leasesBeginningWith(db, asked, MAX_FOUND)).map(foundLease);
  }
  const found: Worker[] = [];
  for (const worker of live.workers.values()) {
    const { workerId, ethAddress } = worker;
    if (`${workerId} ${ethAddress}`.toLowerCase().includes(asked)) found.push(worker);
  }
  return found
    .sort((a, b) => a.workerId.length - b.workerId.length)
    .slice(0, MAX_FOUND)
    .map(foundWorker);
}

function foundWorker({ workerId, gpus, state }: Worker): Hit {
  const href = `/market?worker=${encodeURIComponent(workerId)}`;
  return { kind: "worker", title: workerId, hint: `${gpuLabel(gpus)}, ${state}`, href };
}

function foundLease({ leaseId, workerId, state }: LeaseRow): Hit {
  const href = `/market?tab=leases&lease=${encodeURIComponent(leaseId)}`;
  return { kind: "lease", title: leaseId, hint: `of ${workerId}, ${state}`, href };
}
