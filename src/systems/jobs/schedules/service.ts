import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import type { Registry } from "../handlers/registry";
import { told, toldOrNull } from "../life/answer";
import type { Records } from "../life/records";
import type { ScheduleAnswer, ScheduleRequest } from "../schema/schedules";
import type { ScheduleRow } from "../tables";
import { nextRunMs, scheduleFault } from "./nextRun";

/** Schedules of users. */
export interface ScheduleService {
  create(userId: string, request: ScheduleRequest): Promise<ScheduleAnswer>;
  list(userId: string): Promise<ScheduleAnswer[]>;
  /** @throws RequestError 404 */
  read(userId: string, id: string): Promise<ScheduleAnswer>;
  /** @throws RequestError 404 */
  enable(userId: string, id: string, isEnabled: boolean): Promise<ScheduleAnswer>;
  /** @throws RequestError 404 */
  remove(userId: string, id: string): Promise<void>;
}

const MAX_SCHEDULES_PER_USER = 100;

export function createScheduleService(
  { storage, schedules }: Records,
  registry: Registry,
  clock: Clock,
): ScheduleService {
  const found = (row: ScheduleRow | undefined, id: string): ScheduleAnswer => {
    if (row === undefined) throw new RequestError(404, `Schedule ${id} not found`);
    return answerOf(row);
  };
  return {
    async create(userId, request) {
      registry.check(request.job);
      const schedule = newSchedule(userId, request, clock.now());
      await storage.transact(async (db) => {
        if ((await schedules.total(db, userId)) >= MAX_SCHEDULES_PER_USER) {
          throw new RequestError(429, `You have ${MAX_SCHEDULES_PER_USER} schedules, the limit. Remove one first.`);
        }
        await schedules.insert(db, schedule);
      });
      return answerOf(schedule);
    },
    list: async (userId) => (await schedules.list(userId)).map(answerOf),
    read: async (userId, id) => found(await schedules.own(userId, id), id),
    async enable(userId, id, isEnabled) {
      const schedule = await schedules.own(userId, id);
      const nextAt = schedule && isEnabled ? nextRunMs(schedule.cron, schedule.zone, clock.now()) : null;
      return found(schedule && (await schedules.update(userId, id, { isEnabled, nextAt })), id);
    },
    async remove(userId, id) {
      if (!(await schedules.remove(userId, id))) throw new RequestError(404, `Schedule ${id} not found`);
    },
  };
}

function newSchedule(userId: string, { name, cron, zone, enabled, job }: ScheduleRequest, now: number): ScheduleRow {
  const fault = scheduleFault(cron, zone);
  if (fault !== undefined) {
    const expected = fault.member === "cron" ? "a cron pattern of five or six fields" : "an IANA time zone";
    throw new RequestError(422, `${fault.member}: ${fault.reason}`, {
      faults: [{ path: ["body", fault.member], expected, got: fault.reason }],
    });
  }
  const { start_after, ...conditions } = job.options ?? {};
  const startAfter = start_after === undefined ? {} : { start_after: new Date(start_after).toISOString() };
  return {
    id: Bun.randomUUIDv7(),
    userId,
    name,
    cron,
    zone,
    // Kept as it would be sent, so that it is read again by the same rules.
    job: JSON.stringify({ ...job, ...(job.options && { options: { ...conditions, ...startAfter } }) }),
    isEnabled: enabled,
    nextAt: enabled ? nextRunMs(cron, zone, now) : null,
    lastAt: null,
    lastJobId: null,
    skipped: 0,
    createdAt: now,
  };
}

function answerOf(row: ScheduleRow): ScheduleAnswer {
  return {
    id: row.id,
    schedule_id: row.id,
    name: row.name,
    cron: row.cron,
    zone: row.zone,
    enabled: row.isEnabled,
    job: JSON.parse(row.job),
    next_at: toldOrNull(row.nextAt),
    last_at: toldOrNull(row.lastAt),
    last_job_id: row.lastJobId,
    skipped: row.skipped,
    created_at: told(row.createdAt),
  };
}
