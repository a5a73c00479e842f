import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createAccounts } from "../../../src/platform/auth/accounts";
import type { BlobStore } from "../../../src/platform/blobs/blobs";
import { seededRandom } from "../../../src/platform/random";
import { createRegistry } from "../../../src/systems/jobs/handlers/registry";
import { selftest } from "../../../src/systems/jobs/handlers/selftest";
import { cancelJob } from "../../../src/systems/jobs/life/cancel";
import { openRecords } from "../../../src/systems/jobs/life/records";
import { removeOld } from "../../../src/systems/jobs/life/retention";
import { retryDelayMs } from "../../../src/systems/jobs/life/retry";
import { submitJob } from "../../../src/systems/jobs/life/submit";
import { nextRunMs } from "../../../src/systems/jobs/schedules/nextRun";
import { createScheduleService } from "../../../src/systems/jobs/schedules/service";
import { startDue } from "../../../src/systems/jobs/schedules/start";
import { scheduleRequest } from "../../../src/systems/jobs/schema/schedules";
import { submission } from "../../../src/systems/jobs/schema/simulations";
import { atTestEnd } from "../../support/endings";
import type { ManualClock } from "../../support/manualClock";
import { sqliteStorage } from "../../support/storages";

setDefaultTimeout(30_000);

const DAY_MS = 86_400_000;
const LIMITS = { thresholdBytes: 100, maxAttempts: 3, maxQueuedPerUser: 1000 };
const JOB = { simulation_type: "selftest", parameters: {} };

/** Blobs that are only remembered by their keys. */
function memoryBlobs(): BlobStore & { keys: Set<string> } {
  const keys = new Set<string>();
  return {
    keys,
    put: async (key) => {
      keys.add(key);
      return { sizeBytes: 0, md5: "" };
    },
    get: async () => undefined,
    stat: async () => undefined,
    delete: async (key) => void keys.delete(key),
    deleteUnder: async (segments) => {
      for (const key of keys) if (key.startsWith(`${segments}/`)) keys.delete(key);
    },
    presign: () => "",
  };
}

async function open() {
  const under = await sqliteStorage();
  atTestEnd(() => under[Symbol.asyncDispose]());
  const clock = under.clock as ManualClock;
  const blobs = memoryBlobs();
  const records = openRecords(under.storage, blobs);
  const registry = createRegistry([selftest]);
  const accounts = createAccounts({ storage: under.storage, secretKey: "x", clock, tokenLifetimeS: 60 });
  const { id: userId } = await accounts.register({ email: "a@b.org", password: "12345678", fullName: null });
  const schedules = createScheduleService(records, registry, clock);
  const add = (cron: string, zone = "UTC") => schedules.create(userId, scheduleRequest.parse({ cron, zone, job: JOB }));
  const tick = () => startDue(records, registry, LIMITS, clock.now());
  const jobs = () => records.jobs.list(userId, {}, 1000, 0);
  return { clock, records, registry, schedules, userId, add, tick, jobs, blobs };
}

// celery#6438, #1604, #9653
describe("half past two in Paris", () => {
  test.each([
    ["when the clocks go forward", "2026-03-27T12:00:00Z", ["03-28T01:30", "03-29T01:00", "03-30T00:30"]],
    ["when the clocks go back", "2026-10-23T12:00:00Z", ["10-24T00:30", "10-25T00:30", "10-26T01:30"]],
  ])("comes once a night, also %s", (_, from, expected) => {
    let at = Date.parse(from);
    const runs = expected.map(() => {
      at = nextRunMs("30 2 * * *", "Europe/Paris", at)!;
      return new Date(at).toISOString().slice(5, 16);
    });
    expect(runs).toEqual(expected);
  });
});

describe("a schedule", () => {
  test("starts its job at its time, and not twice", async () => {
    const { clock, add, tick, jobs } = await open();
    const schedule = await add("0 13 * * *");
    expect(schedule.next_at).toBe("2026-03-01T13:00:00.000Z");
    clock.advance(59 * 60_000);
    expect(await tick()).toBe(0);
    clock.advance(60_000);
    expect(await tick()).toBe(1);
    expect(await tick()).toBe(0);
    expect((await jobs())[0]).toMatchObject({ scheduleId: schedule.id, status: "PENDING" });
  });

  test("makes up one run after three days without the server", async () => {
    const { clock, add, tick, schedules, userId } = await open();
    const { id } = await add("0 13 * * *");
    clock.advance(3 * DAY_MS);
    expect(await tick()).toBe(1);
    expect(await tick()).toBe(0);
    expect((await schedules.read(userId, id)).next_at).toBe("2026-03-04T13:00:00.000Z");
  });

  // windmill#2919
  test("leaves out what would overlap, and counts it", async () => {
    const { clock, add, tick, jobs, records, schedules, userId } = await open();
    const { id } = await add("*/5 * * * * *");
    clock.advance(5000);
    expect(await tick()).toBe(1);
    for (let i = 0; i < 2; i++) {
      clock.advance(5000);
      expect(await tick()).toBe(0);
    }
    expect((await schedules.read(userId, id)).skipped).toBe(2);
    await cancelJob(records, (await jobs())[0]!);
    clock.advance(5000);
    expect(await tick()).toBe(1);
  });

  test("that rests starts nothing, and goes on from now", async () => {
    const { clock, add, tick, schedules, userId } = await open();
    const { id } = await add("0 13 * * *");
    await schedules.enable(userId, id, false);
    clock.advance(2 * DAY_MS);
    expect(await tick()).toBe(0);
    const on = await schedules.enable(userId, id, true);
    expect(on.next_at).toBe("2026-03-03T13:00:00.000Z");
    await schedules.remove(userId, id);
    clock.advance(2 * DAY_MS);
    expect(await tick()).toBe(0);
  });

  test.each([
    ["61 * * * *", "UTC", "cron"],
    ["* * *", "UTC", "cron"],
    ["* * * * *", "Mars/Olympus", "zone"],
  ])("with %s in %s is refused for its %s", async (cron, zone, member) => {
    const { add } = await open();
    const refusal = (await add(cron, zone).catch((error: unknown) => error)) as { status: number; detail: string };
    expect([refusal.status, refusal.detail.startsWith(member)]).toEqual([422, true]);
  });
});

// onestep#108, cds-videos#854
test("what failed together does not come back together", () => {
  const random = seededRandom(7);
  const delays = Array.from({ length: 200 }, () => retryDelayMs(2, random));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...delays)).toBeLessThan(4000);
  const tenths = new Map<number, number>();
  for (const delay of delays) tenths.set(Math.floor(delay / 400), (tenths.get(Math.floor(delay / 400)) ?? 0) + 1);
  expect(tenths.size).toBe(10);
  expect(Math.max(...tenths.values())).toBeLessThanOrEqual(40);
});

test("what is old is removed with its blobs and counted no longer; what waits stays, and events go before", async () => {
  const { clock, records, registry, userId, blobs } = await open();
  const large = submission.parse({ simulation_type: "selftest", parameters: { echo: "x".repeat(500) } });
  const [old, waiting] = [
    await submitJob(records, registry, LIMITS, userId, large),
    await submitJob(records, registry, LIMITS, userId, large),
  ];
  await cancelJob(records, old);
  expect(blobs.keys.size).toBe(2);
  clock.advance(40 * DAY_MS);
  expect(await removeOld(records, { keepDays: 365, keepEventsDays: 30 }, clock.now())).toBe(0);
  expect(await records.events.after(old.id, 0, 10)).toEqual([]);
  expect(await records.events.after(waiting.id, 0, 10)).toHaveLength(1);
  clock.advance(400 * DAY_MS);
  expect(await removeOld(records, { keepDays: 365, keepEventsDays: 30 }, clock.now())).toBe(1);
  expect((await records.jobs.list(userId, {}, 10, 0)).map(({ id }) => id)).toEqual([waiting.id]);
  expect(await records.counts.total(userId, {})).toBe(1);
  expect([...blobs.keys]).toEqual([waiting.parametersKey!]);
});
