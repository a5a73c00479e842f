import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { isLongRun } from "../support/seeds";
import { startJobsForTest } from "../systems/jobs/startJobsForTest";
import { type Caller, caller, type Job, PREFIX } from "../systems/jobs/support";

setDefaultTimeout(900_000);

const JOBS = isLongRun ? 100_000 : 1000;
const AT_ONCE = 16;
/** What the heap of a server may differ by from one look to the next, with nothing kept. */
const MAX_GROWTH_BYTES = 100e6;

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}

async function localUser(url: string): Promise<Caller> {
  const answer = await fetch(`${url}${PREFIX}/auth/local`, { method: "POST" });
  return caller(url, ((await answer.json()) as { access_token: string }).access_token);
}

async function tasksSeenBy(user: Caller): Promise<unknown[]> {
  const { body } = await user.call<Job[]>("GET", "/monitor/tasks?limit=1000");
  return body.map(({ id, status, attempt }) => ({ id, status, attempt }));
}

async function total(user: Caller, status: string): Promise<number> {
  return Number((await user.call("GET", `/simulations?status=${status}&limit=1`)).headers.get("x-total-count"));
}

/** Submits so many jobs with the monitor open, and waits until all have ended. */
async function runMany(user: Caller, count: number): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await user.submit("selftest", { steps: 1 });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  // The test's own time limit ends this, where jobs do not.
  while ((await total(user, "PENDING")) + (await total(user, "RUNNING")) > 0) await tasksSeenBy(user);
}

// flower#134, #1305, #203
test(`over ${JOBS} jobs with the monitor open memory stays flat, and a restart shows the same tasks`, async () => {
  const env = { JOBS_CONCURRENCY: "2", LOG_LEVEL: "warning" };
  const server = await startJobsForTest(env);
  const user = await localUser(server.url);
  await runMany(user, JOBS / 2);
  const half = residentBytes(server.pid);
  await runMany(user, JOBS / 2);
  const growth = residentBytes(server.pid) - half;
  process.stderr.write(`measured: ${(growth / 1e6).toFixed(0)} MB more after the second ${JOBS / 2} jobs\n`);
  expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
  const before = await tasksSeenBy(user);
  expect(before).toHaveLength(1000);
  await server.stop("SIGTERM");
  const again = await startJobsForTest(env, { dataDir: server.dataDir });
  expect(await tasksSeenBy(await localUser(again.url))).toEqual(before);
});
