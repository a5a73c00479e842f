import { RequestError } from "../../../platform/errors";
import type { Records } from "../records";
import { RUN_QUEUE } from "../records";
import { failureFiles, packResult } from "../results/pack";
import type { StopOutcome } from "../schema/answers";
import type { RunRow } from "../tables";
import type { TokenHolder } from "../tokens/token";
import { resultsKey } from "./keys";
import { isAllowed, type Ownership } from "./ownership";
import { ENDED, UNENDED } from "./states";
import { enqueue } from "./submit";

const STOPPED = "The run was stopped by its user.";

/** What became of each run that was to be stopped. */
export interface Stopped {
  description: string;
  deletedIds: StopOutcome[];
  failedIds: StopOutcome[];
}

/** Calls off runs that wait or run. What is called off ends with a log that says so. */
export async function stopRuns(
  records: Records,
  ownership: Ownership,
  holder: TokenHolder,
  ids: readonly number[],
  nowMs: number,
): Promise<Stopped> {
  const deletedIds: StopOutcome[] = [];
  const failedIds: StopOutcome[] = [];
  const sentences: string[] = [];
  for (const runId of ids) {
    const [run] = await records.storage.read((db) => records.runs.byIds(db, [runId]));
    const refusal = await stopOne(records, ownership, holder, runId, run, nowMs);
    if (refusal === undefined) deletedIds.push({ runId, reason: "Success" });
    else {
      failedIds.push({ runId, reason: refusal.reason });
      sentences.push(refusal.sentence);
    }
  }
  const counted = `${deletedIds.length} of ${ids.length} runs stopped`;
  return { description: [counted, ...sentences].join("; "), deletedIds, failedIds };
}

async function stopOne(
  records: Records,
  ownership: Ownership,
  holder: TokenHolder,
  id: number,
  run: RunRow | undefined,
  nowMs: number,
): Promise<{ reason: StopOutcome["reason"]; sentence: string } | undefined> {
  if (run === undefined) return { reason: "NotFound", sentence: `Run ${id} not found` };
  if (!isAllowed(ownership, holder, run)) return { reason: "Forbidden", sentence: `Run ${id} belongs to another user` };
  const job = await records.storage.read((db) => records.jobs.find(db, run.jobId));
  if (ENDED.includes(run.status) || job === undefined) return { reason: "NotFound", sentence: `Run ${id} has ended` };
  const key = resultsKey(job, id);
  const isStopped = await records.storage.transact(async (db) => {
    const set = {
      status: "Cancelled",
      podPhase: "Failed",
      error: STOPPED,
      resultsUrl: key,
      resultsUploadedAt: nowMs,
    } as const;
    if ((await records.runs.change(db, id, UNENDED, set, nowMs)) === undefined) return false;
    await records.queue.remove(db, RUN_QUEUE, String(id));
    return true;
  });
  if (!isStopped) return { reason: "NotFound", sentence: `Run ${id} has ended` };
  await records.blobs.put(key, packResult(failureFiles([STOPPED], nowMs)));
  return undefined;
}

/**
 * Queues again those of the runs that ended in an error, and gives their ids.
 * @throws RequestError 403 where one is somebody else's, 404 where none is there.
 */
export async function retryRuns(
  records: Records,
  ownership: Ownership,
  holder: TokenHolder,
  ids: readonly number[],
  nowMs: number,
): Promise<number[]> {
  return records.storage.transact(async (db) => {
    const found = await records.runs.byIds(db, ids);
    if (found.length === 0) throw new RequestError(404, `Run ${ids.join(", ")} not found`);
    const foreign = found.find((run) => !isAllowed(ownership, holder, run));
    if (foreign !== undefined) throw new RequestError(403, `Run ${foreign.id} belongs to another user`);
    const again: number[] = [];
    for (const { id, userId } of found) {
      const set = {
        status: "Submitted",
        podPhase: "Pending",
        progress: 0,
        error: null,
        losses: 0,
        resultsUrl: null,
        resultsUploadedAt: null,
      } as const;
      if ((await records.runs.change(db, id, ["Failed", "Cancelled"], set, nowMs)) === undefined) continue;
      await enqueue(records, db, userId, id);
      again.push(id);
    }
    return again;
  });
}
