import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../support/until";
import { startJobsForTest } from "./startJobsForTest";
import { type Caller, caller, type Job, PREFIX, statesOf, type TimelineEvent } from "./support";

setDefaultTimeout(60_000);

const HOUR_S = 3600;

/** CPU time of a process and its threads so far, in clock ticks of a hundredth of a second. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Whether the row of a job names one. */
function hasCheckpoint(dataDir: string, id: string): boolean {
  using database = new Database(join(dataDir, "foresight.db"), { readonly: true });
  const row = database.query("SELECT checkpoint FROM simulation_jobs WHERE id = ? AND checkpoint NOT NULL").get(id);
  return row !== null;
}

describe("a server that is killed", () => {
  // sidekiq#6829, #3845; graphile/worker#204, #222; prefect#10141
  test("in the middle of a job runs it again when it is back, as the same attempt, once", async () => {
    const first = await startJobsForTest({ JOBS_CONCURRENCY: "2" });
    const user = await first.user();
    const id = await user.submit("selftest", { seconds: 2, steps: 20 });
    const waiting = await user.submit(
      "selftest",
      { seconds: 0, echo: "waits" },
      { options: { start_after: "2026-01-01T00:00:00Z" } },
    );
    await user.reaches(id, "RUNNING");
    await first.stop("SIGKILL");
    const second = await startJobsForTest({ JOBS_CONCURRENCY: "2" }, { dataDir: first.dataDir });
    const again = callerOf(second.url, user);
    const startedAt = performance.now();
    await until(async () => (await again.timeline(id)).filter(isStart).length === 2, "the second start");
    expect(performance.now() - startedAt).toBeLessThan(3000);
    const job = await again.reaches(id, "COMPLETED");
    expect(job.attempt).toBe(1);
    expect(statesOf(await again.timeline(id))).toEqual(["PENDING", "RUNNING", "PENDING", "RUNNING", "COMPLETED"]);
    await again.reaches(waiting, "COMPLETED");
  });

  test("in the middle of a sweep goes on from its last checkpoint, to the same result", async () => {
    const sweep = {
      method: "latin_hypercube",
      runs: 12_000,
      seed: 7,
      forecast_length_days: 1825,
      axes: { rbp: { low: 1, high: 10 } },
      output: ["circ_supply"],
      step_days: 30,
    };
    const only = { args: ["--only", "jobs,filecoin"] };
    const first = await startJobsForTest({ JOBS_CONCURRENCY: "1" }, only);
    const user = await first.user();
    const id = await user.submit("filecoin_sweep", sweep);
    const kept = new Bun.Glob(`blobs/**/${id}/**/checkpoint-*`);
    const isKept = () => kept.scanSync(first.dataDir).next().done !== true;
    await until(() => hasCheckpoint(first.dataDir, id), "the first checkpoint");
    expect(isKept()).toBe(true);
    await first.stop("SIGKILL");
    const second = await startJobsForTest({ JOBS_CONCURRENCY: "1" }, { ...only, dataDir: first.dataDir });
    const again = callerOf(second.url, user);
    const job = await again.reaches(id, "COMPLETED");
    expect(job.attempt).toBe(1);
    const log = (await again.timeline(id)).filter(({ type }) => type === "log").map(({ data }) => JSON.stringify(data));
    expect(log.join()).toMatch(/Goes on after \d+ runs\./);
    expect(isKept()).toBe(false);
    const whole = await again.submit("filecoin_sweep", sweep);
    await again.reaches(whole, "COMPLETED");
    const figures = async (of: string) => {
      const { body } = await again.call<{ result: Record<string, unknown> }>("GET", `/simulations/${of}/result`);
      const { stamp: _stamp, ...rest } = body.result;
      return rest;
    };
    expect(await figures(id)).toEqual(await figures(whole));
  });

  test("three times over one job ends it with WORKER_LOST", async () => {
    let server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
    const user = await server.user();
    const id = await user.submit("selftest", { seconds: 30 });
    let caller: Caller = user;
    for (let i = 0; i < 3; i++) {
      await until(async () => (await caller.timeline(id)).filter(isStart).length === i + 1, `start ${i + 1}`);
      await server.stop("SIGKILL");
      server = await startJobsForTest({ JOBS_CONCURRENCY: "1" }, { dataDir: server.dataDir });
      caller = callerOf(server.url, user);
    }
    const job = await caller.reaches(id, "FAILED");
    expect([job.error!.code, job.attempt]).toEqual(["WORKER_LOST", 1]);
  });
});

test("a server that is stopped gives back what runs, and no attempt is lost", async () => {
  const env = { JOBS_CONCURRENCY: "1", DRAIN_TIMEOUT_S: "1" };
  const first = await startJobsForTest(env);
  const user = await first.user();
  const short = await user.submit("selftest", { seconds: 0.5 });
  const long = await user.submit("selftest", { seconds: 3 });
  await user.reaches(short, "COMPLETED");
  await user.reaches(long, "RUNNING");
  expect(await first.stop("SIGTERM")).toBe(0);
  const second = await startJobsForTest(env, { dataDir: first.dataDir });
  const again = callerOf(second.url, user);
  const job = await again.reaches(long, "COMPLETED");
  expect(job.attempt).toBe(1);
  expect(statesOf(await again.timeline(long))).toEqual(["PENDING", "RUNNING", "PENDING", "RUNNING", "COMPLETED"]);
});

// celery#7529, prefect#21616, dust-tt/dust#4272
test("cancelling ends a handler that spins: its CPU time stands still and its slot takes the next job", async () => {
  const server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
  const user = await server.user();
  const spinning = await user.submit("selftest", { seconds: 60, steps: 1 });
  await user.reaches(spinning, "RUNNING");
  const before = cpuTicks(server.pid);
  await until(() => cpuTicks(server.pid) > before + 20, "the handler to spin");
  const cancelledAt = performance.now();
  await user.call("POST", `/simulations/${spinning}/cancel`);
  const next = await user.submit("selftest", {});
  await user.reaches(next, "COMPLETED");
  expect(performance.now() - cancelledAt).toBeLessThan(1000);
  const idle = cpuTicks(server.pid);
  await Bun.sleep(1000);
  expect(cpuTicks(server.pid) - idle).toBeLessThan(40);
  expect((await user.status(spinning)).status).toBe("CANCELLED");
});

// bullmq#3056, celery#5935
test("a handler that spins longer than a lease lasts runs once", async () => {
  const server = await startJobsForTest({ JOBS_CONCURRENCY: "2" });
  const user = await server.user();
  const id = await user.submit("selftest", { seconds: 7, steps: 1 });
  const job = await user.reaches(id, "COMPLETED");
  expect(job.attempt).toBe(1);
  expect((await user.timeline(id)).filter(isStart)).toHaveLength(1);
});

// trigger.dev#888
test("cancelled at the moment of its completion, a job has one end", async () => {
  const server = await startJobsForTest({ JOBS_CONCURRENCY: "2" });
  const user = await server.user();
  for (let i = 0; i < 200; i++) {
    const id = await user.submit("selftest", { steps: 1 });
    if (i % 2 === 0) await Bun.sleep(i % 7);
    const answer = await user.call<Job>("POST", `/simulations/${id}/cancel`);
    const job = await user.reaches(id);
    expect(job.status).toBe(answer.status === 200 ? "CANCELLED" : "COMPLETED");
    const ends = statesOf(await user.timeline(id)).filter((state) => state !== "PENDING" && state !== "RUNNING");
    expect(ends).toEqual([job.status]);
  }
});

describe("the stream of events", () => {
  async function read(url: string, path: string, headers: Record<string, string>) {
    const answer = await fetch(`${url}${PREFIX}${path}`, { headers });
    if (answer.status !== 200) return { status: answer.status, events: [] };
    const events = (await answer.text())
      .split("\n\n")
      .filter((block) => block !== "")
      .map((block) => {
        const member = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        return {
          id: member("id"),
          event: member("event"),
          data: JSON.parse(member("data")!) as Record<string, unknown>,
        };
      });
    return { status: 200, events };
  }

  // NVIDIA aiq#272, whatwg/html#8297
  test("goes on after the number that was seen last, each event once, and ends with the job", async () => {
    const server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
    const user = await server.user();
    const id = await user.submit("selftest", { seconds: 0.6, fail_times: 1 });
    const bearer = { authorization: `Bearer ${user.token}` };
    const live = await read(server.url, `/simulations/${id}/events`, bearer);
    const numbered = live.events.filter((event) => event.id !== undefined);
    expect(numbered.map((event) => event.id)).toEqual(["1", "2", "3", "4", "5"]);
    expect(numbered.at(-1)!.data["status"]).toBe("COMPLETED");
    const progress = live.events.filter(({ event }) => event === "progress");
    expect(progress.length).toBeGreaterThan(2);
    expect(progress.every((event) => event.id === undefined)).toBe(true);
    const later = await read(server.url, `/simulations/${id}/events`, { ...bearer, "last-event-id": "3" });
    expect(later.events.map((event) => event.id)).toEqual(["4", "5"]);
  });

  // NVIDIA aiq#272
  test("begins with one resync where retention took the next number", async () => {
    const server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
    const user = await server.user();
    const id = await user.submit("selftest", { fail_times: 1 });
    await user.reaches(id, "COMPLETED");
    {
      using database = new Database(join(server.dataDir, "foresight.db"));
      database.run("PRAGMA busy_timeout = 5000");
      database.run("DELETE FROM job_events WHERE job_id = ? AND number <= 3", [id]);
    }
    const bearer = { authorization: `Bearer ${user.token}` };
    const after = async (number: string) => {
      const { events } = await read(server.url, `/simulations/${id}/events`, { ...bearer, "last-event-id": number });
      return events.map((event) => event.id ?? event.event);
    };
    expect(await after("1")).toEqual(["resync", "4", "5"]);
    expect(await after("3")).toEqual(["4", "5"]);
    const { events } = await read(server.url, `/simulations/${id}/events`, { ...bearer, "last-event-id": "1" });
    expect(events[0]!.data).toEqual({ job_id: id, status: "COMPLETED", first_kept: 4 });
  });

  test("takes a ticket once, for its own job", async () => {
    const server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
    const user = await server.user();
    const [id, other] = [await user.submit("selftest", {}), await user.submit("selftest", {})];
    const { body } = await user.call<{ ticket: string }>("POST", `/simulations/${id}/events/ticket`);
    const stream = (of: string) => read(server.url, `/simulations/${of}/events?ticket=${body.ticket}`, {});
    expect((await stream(other)).status).toBe(401);
    expect((await stream(id)).events.length).toBeGreaterThan(1);
    expect((await stream(id)).status).toBe(401);
  });
});

// bull#1409, graphile/worker#331
test("who comes after somebody with a long queue is served next", async () => {
  const server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
  const [a, b] = [await server.user(), await server.user()];
  const first = await a.submit("selftest", { seconds: 1 });
  await Promise.all(Array.from({ length: 300 }, () => a.submit("selftest", {})));
  const his = await b.submit("selftest", {});
  await a.reaches(first, "COMPLETED");
  const done = await b.reaches(his, "COMPLETED");
  const before = await a.call<Job[]>("GET", "/simulations?status=COMPLETED&limit=1000");
  const between = before.body.filter((job) => job.started_at! > done.created_at && job.started_at! < done.started_at!);
  expect(between.length).toBeLessThanOrEqual(1);
});

test("among one's own jobs the higher priority goes first", async () => {
  const server = await startJobsForTest({ JOBS_CONCURRENCY: "1" });
  const user = await server.user();
  await user.reaches(await user.submit("selftest", { seconds: 0.5 }), "RUNNING");
  const low = await user.submit("selftest", {}, { options: { priority: 1 } });
  const high = await user.submit("selftest", {}, { options: { priority: 9 } });
  const [first, second] = [await user.reaches(high, "COMPLETED"), await user.reaches(low, "COMPLETED")];
  expect(first.started_at! <= second.started_at!).toBe(true);
});

test("a job does not start before it shall", async () => {
  const server = await startJobsForTest();
  const user = await server.user();
  const startAfter = new Date(Date.now() + 1500);
  const id = await user.submit("selftest", {}, { options: { start_after: startAfter.toISOString() } });
  const job = await user.reaches(id, "COMPLETED");
  expect(Date.parse(job.started_at!)).toBeGreaterThanOrEqual(startAfter.getTime());
  expect(Date.parse(job.started_at!)).toBeLessThan(startAfter.getTime() + HOUR_S);
});

function isStart({ data }: TimelineEvent): boolean {
  return data.status === "RUNNING";
}

/** The same user at another address: tokens outlive the server, whose key is kept. */
function callerOf(url: string, { token }: Caller): Caller {
  return caller(url, token);
}
