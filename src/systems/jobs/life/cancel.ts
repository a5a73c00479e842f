import { RequestError } from "../../../platform/errors";
import { QUEUES } from "../states";
import type { JobSummary } from "../store/jobs";
import { changeState } from "./change";
import type { Records } from "./records";

/**
 * Cancels a job that waits or runs. Whoever runs it is told by its caller.
 * @throws RequestError 400 that names the state of a job that has ended.
 */
export async function cancelJob(records: Records, job: JobSummary): Promise<JobSummary> {
  const { storage, queue, hub } = records;
  const cancelled = await storage.transactConditional(async (db) => {
    const set = { completedAt: await storage.nowMs(db), checkpoint: null };
    // It may start, or be given back, between the tries: in one of them it is in that state.
    for (const from of ["PENDING", "RUNNING", "PENDING", "RUNNING"] as const) {
      const changed = await changeState(db, records, { id: job.id, from, to: "CANCELLED", set });
      if (changed === undefined) continue;
      await queue.remove(db, QUEUES.simulations, job.id);
      return changed;
    }
    return undefined;
  });
  if (cancelled !== undefined) {
    hub.changed(job.id);
    return cancelled;
  }
  const now = await records.jobs.own(job.userId, job.id);
  throw new RequestError(400, `Cannot cancel job with status ${now?.status ?? job.status}`);
}
