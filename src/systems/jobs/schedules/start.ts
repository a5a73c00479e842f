import type { Registry } from "../handlers/registry";
import type { Records } from "../life/records";
import { type SubmitLimits, submitJob } from "../life/submit";
import { submission } from "../schema/simulations";
import type { ScheduleRow } from "../tables";
import { nextRunMs } from "./nextRun";

const MAX_AT_ONCE = 100;

/**
 * Starts the jobs of the schedules whose time has come; however long ago that was, each once. A schedule whose last job
 * still waits or runs is left out, and that is counted. Gives how many jobs were started.
 */
export async function startDue(
  records: Records,
  registry: Registry,
  limits: SubmitLimits,
  nowMs: number,
): Promise<number> {
  const due = await records.schedules.due(nowMs, MAX_AT_ONCE);
  let started = 0;
  for (const schedule of due) {
    if (await start(records, registry, limits, schedule, nowMs)) started += 1;
  }
  return started;
}

async function start(
  records: Records,
  registry: Registry,
  limits: SubmitLimits,
  schedule: ScheduleRow,
  nowMs: number,
): Promise<boolean> {
  const nextAt = nextRunMs(schedule.cron, schedule.zone, nowMs);
  const isMine = await records.storage.transactConditional(async (db) => {
    const busy = (await records.jobs.unsettledOf(db, schedule.id)) > 0;
    const skipped = schedule.skipped + (busy ? 1 : 0);
    const moved = await records.schedules.advance(db, schedule, {
      nextAt,
      skipped,
      ...(busy ? {} : { lastAt: nowMs }),
    });
    return moved && !busy;
  });
  if (!isMine) return false;
  const job = await submitJob(records, registry, limits, schedule.userId, submission.parse(JSON.parse(schedule.job)), {
    scheduleId: schedule.id,
  });
  await records.schedules.update(schedule.userId, schedule.id, { lastJobId: job.id });
  return true;
}
