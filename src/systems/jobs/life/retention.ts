import { QUEUES } from "../states";
import type { JobSummary } from "../store/jobs";
import type { ReportRow } from "../tables";
import { jobFolder, reportFolder } from "./keys";
import type { Records } from "./records";

export interface RetentionOptions {
  keepDays: number;
  keepEventsDays: number;
}

const DAY_MS = 86_400_000;
/** Rows of one transaction, so that others come in between. */
const SLICE = 200;
const KEYS_KEPT_MS = DAY_MS;

/** Removes what is older than it is to be kept, rows and blobs; gives how many jobs and reports. */
export async function removeOld(records: Records, options: RetentionOptions, nowMs: number): Promise<number> {
  const beforeMs = nowMs - options.keepDays * DAY_MS;
  let removed = 0;
  for (;;) {
    const reports = await records.reports.endedBefore(beforeMs, SLICE);
    for (const report of reports) await removeReport(records, report);
    const jobs = await records.jobs.endedBefore(beforeMs, SLICE);
    for (const job of jobs) await removeJob(records, job);
    removed += reports.length + jobs.length;
    if (reports.length < SLICE && jobs.length < SLICE) break;
  }
  while ((await records.events.removeBefore(nowMs - options.keepEventsDays * DAY_MS, SLICE)) === SLICE);
  await records.deliveries.removeBefore(beforeMs);
  await records.idempotency.removeBefore(nowMs - KEYS_KEPT_MS);
  await records.tickets.removeBefore(nowMs);
  for (const queue of Object.values(QUEUES)) await records.queue.forgetIdleOwners(queue);
  return removed;
}

/** The row first: what then is left of blobs is never shown, while a row without its blob would be. */
async function removeJob({ storage, jobs, counts, blobs }: Records, job: JobSummary): Promise<void> {
  await storage.transactConditional(async (db) => {
    await jobs.remove(db, job.id);
    await counts.move(db, job, job.status, undefined);
  });
  // Runs whose worker died may have left results that no row knows.
  await blobs.deleteUnder(jobFolder(job));
}

async function removeReport({ storage, reports, blobs }: Records, report: ReportRow): Promise<void> {
  await storage.transactConditional((db) => reports.remove(db, report.id));
  await blobs.deleteUnder(reportFolder(report));
}
