import type { StorageHandle } from "../../../platform/database";
import type { Records } from "../records";
import { RUN_QUEUE } from "../records";
import { inputWaitMs } from "../running/inputWait";
import type { RunRequest } from "../schema/requests";
import type { JobRow } from "../tables";
import type { TokenHolder } from "../tokens/token";
import type { ConfigurationFault } from "./arguments";
import type { FaultFinder } from "./configuration";
import { type Ownership, reachableJob } from "./ownership";

export interface SubmittedRun {
  runId: number;
  jobId: number;
  status: "Submitted" | "Failed";
  errors: ConfigurationFault[] | null;
  runRequest: RunRequest;
}

export interface SubmitOptions {
  records: Records;
  ownership: Ownership;
  /** Whether runs are run; in the recorded contract they are not. */
  runs: boolean;
  /** What is wrong with a configuration beyond its words. */
  faultsOf: FaultFinder;
}

/**
 * Keeps the runs and queues those whose configuration can be read, all of them or none.
 * @throws RequestError 400 where a job is not there, 403 where it is somebody else's.
 */
export async function submitRuns(
  { records, ownership, runs, faultsOf }: SubmitOptions,
  holder: TokenHolder,
  requests: readonly RunRequest[],
  epxClientVersion: string,
  nowMs: number,
): Promise<SubmittedRun[]> {
  if (requests.length === 0) return [];
  const jobIds = [...new Set(requests.map(({ jobId }) => jobId))];
  const waits = await inputWaits(records, jobIds);
  const faults = await faultsOf(requests);
  return records.storage.transact(async (db) => {
    for (const id of jobIds) await reachableJob(records, db, ownership, holder, id);
    const first = await records.ids.take(db, "runs", requests.length);
    const submitted: SubmittedRun[] = [];
    for (const [index, runRequest] of requests.entries()) {
      const id = first + index;
      const own = faults[index]!;
      const [status, podPhase] =
        own.length === 0 ? (["Submitted", "Pending"] as const) : (["Failed", "Failed"] as const);
      const { jobId } = runRequest;
      const row = { id, jobId, userId: holder.userId, request: { ...runRequest }, podPhase, status, epxClientVersion };
      await records.runs.insert(db, row, nowMs);
      if (runs && status === "Submitted")
        await enqueue(records, db, holder.userId, id, nowMs + (waits.get(jobId) ?? 0));
      submitted.push({ runId: id, jobId, status, errors: own.length === 0 ? null : [...own], runRequest });
    }
    return submitted;
  });
}

/** Puts a run into the queue; it is not begun before it is due. */
export async function enqueue(
  { queue }: Records,
  db: StorageHandle,
  userId: number,
  id: number,
  dueAtMs?: number,
): Promise<void> {
  await queue.add(db, { queue: RUN_QUEUE, id: String(id), owner: String(userId), priority: 0, dueAtMs });
}

/** For each job whose input was asked for and is not there yet, after how long to look for it. */
async function inputWaits({ storage, jobs, blobs }: Records, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await storage.read(async (db) => {
    const found: (JobRow | undefined)[] = [];
    for (const id of ids) found.push(await jobs.find(db, id));
    return found;
  });
  const waits = new Map<number, number>();
  for (const job of rows) {
    if (job?.inputLocation == null) continue;
    if ((await blobs.stat(job.inputLocation)) === undefined) waits.set(job.id, inputWaitMs(0));
  }
  return waits;
}
