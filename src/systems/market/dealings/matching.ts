import type { Clock } from "../../../platform/clock";
import type { SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { LiveState } from "../live/state";
import { matchWorker, type Wish } from "../rules/matching";
import { activeLeaseOf } from "../store/leases";
import { findWorker } from "../store/workers";
import type { WorkerRow } from "../tables";

/**
 * The worker for a wish, free in memory and on the disk; `busy` gains those that only looked free.
 * @throws RequestError 404 when nothing is free, 400 when what is free is not what is wished for.
 */
export function chooseWorker(
  db: SqliteHandle,
  wish: Wish,
  busy: Set<string>,
  { live, clock }: { live: Pick<LiveState, "workers">; clock: Clock },
): WorkerRow {
  for (;;) {
    const match = matchWorker(live.workers, wish, (workerId) => busy.has(workerId), clock.now());
    if (match === undefined) throw new RequestError(404, "No available workers");
    if ("refused" in match) throw new RequestError(400, match.refused);
    const { workerId } = match.worker;
    const worker = findWorker(db, workerId);
    busy.add(workerId);
    // The live state lags behind the disk by the transactions of this batch.
    if (worker?.state === "AVAILABLE" && activeLeaseOf(db, workerId) === undefined) return worker;
  }
}
