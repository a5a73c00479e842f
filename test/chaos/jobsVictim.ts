import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load";
import { createWorker } from "../../src/createWorker";
import type { BlobStore } from "../../src/platform/blobs/blobs";
import type { Storage } from "../../src/platform/database";
import { openPlatform } from "../../src/platform/openPlatform";
import { seededRandom } from "../../src/platform/random";
import type { System } from "../../src/platform/system";
import { createJobs } from "../../src/systems/jobs";
import { die } from "./die";

/**
 * Jobs and reports in a process that dies at a named point: `jobsVictim.ts FOLDER SEED POINT COUNT`, where the COUNTth
 * time that the point is come to is the last. It takes work in once, writes down what was acknowledged, and ends with 0
 * when everything has come to an end.
 */
const [folder = "", seed = "1", point = "never", count = "1"] = process.argv.slice(2);
const acknowledged = join(folder, "acknowledged.txt");
const PREFIX = "http://localhost/api/v1";
const JOBS = 14;

let left = Number(count);
function reach(name: string): void {
  if (name !== point) return;
  left -= 1;
  if (left === 0) die();
}

/** Dies after a claim is committed, or before or after any other commit. */
function fragileStorage(storage: Storage): Storage {
  return {
    ...storage,
    async transactConditional(work) {
      reach("before a commit");
      const result = await storage.transactConditional(work);
      reach("after a commit");
      const isClaim = Array.isArray(result) && result.some((entry) => typeof entry?.number === "number" && entry.owner);
      if (isClaim) reach("after a claim");
      return result;
    },
  };
}

/** Dies when a result or the file of a report is kept and its state is not, or before. */
function fragileBlobs(blobs: BlobStore): BlobStore {
  return {
    ...blobs,
    async put(key, content, maxBytes) {
      const kind = key.startsWith("reports/") ? "report" : "result";
      reach(`before a ${kind}`);
      const facts = await blobs.put(key, content, maxBytes);
      reach(`after a ${kind}`);
      return facts;
    },
  };
}

await using closing = new AsyncDisposableStack();
const loaded = loadConfig({
  environment: {
    DATA_DIR: folder,
    JOBS_CONCURRENCY: "2",
    // So that every result is a blob and can be lost between blob and row.
    PARAMETERS_SIZE_THRESHOLD: "200",
    JOBS_MAX_LOST: "100",
    LOG_LEVEL: "critical",
  },
});
const platform = await openPlatform(loaded, createWorker, closing, new AbortController().signal);
const system = createJobs(
  { ...platform, storage: fragileStorage(platform.storage), blobs: fragileBlobs(platform.blobs) },
  { mode: "open", handlers: [], unavailable: [] },
);
const token = await tokenOf(system);
await system.start();
if (!existsSync(acknowledged) || readFileSync(acknowledged, "utf8").split("\n").length <= JOBS) await takeIn(system);
await settled(system);
await system.stop();
process.exit(0);

async function tokenOf(jobs: System): Promise<string> {
  const form = new URLSearchParams({ username: "victim@example.org", password: "correct horse" });
  const account = JSON.stringify({ email: "victim@example.org", password: "correct horse" });
  await jobs.routes.handle(new Request(`${PREFIX}/auth/register`, { method: "POST", body: account }));
  const answer = await jobs.routes.handle(new Request(`${PREFIX}/auth/login`, { method: "POST", body: form }));
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function call<T>(
  jobs: System,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: T }> {
  const headers = { authorization: `Bearer ${token}` };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const answer = await jobs.routes.handle(new Request(`${PREFIX}${path}`, init));
  return { status: answer.status, body: (await answer.json()) as T };
}

async function takeIn(jobs: System): Promise<void> {
  const random = seededRandom(Number(seed));
  for (let i = 0; i < JOBS; i++) {
    const parameters = {
      seconds: random.next() * 0.02,
      result_kb: 1,
      fail_times: random.next() < 0.2 ? 1 : 0,
      echo: i,
    };
    const answer = await call<{ job_id: string }>(jobs, "POST", "/simulations", {
      simulation_type: "selftest",
      parameters,
    });
    if (answer.status === 202) appendFileSync(acknowledged, `${answer.body.job_id}\n`);
  }
}

/** Asks for a report of the first job that is done, and waits until nothing waits or runs. */
async function settled(jobs: System): Promise<void> {
  let asked = (await call<object[]>(jobs, "GET", "/reports")).body.length > 0;
  for (;;) {
    const list = (await call<{ id: string; status: string }[]>(jobs, "GET", "/simulations?limit=1000")).body;
    const reports = (await call<{ status: string }[]>(jobs, "GET", "/reports")).body;
    const done = list.find(({ status }) => status === "COMPLETED");
    if (!asked && done !== undefined) {
      const order = { simulation_job_ids: [done.id], report_type: "summary", output_format: "CSV" };
      asked = (await call(jobs, "POST", "/reports", order)).status === 202;
      continue;
    }
    const isOpen = (status: string) => ["PENDING", "RUNNING", "GENERATING"].includes(status);
    if (![...list, ...reports].some(({ status }) => isOpen(status)) && asked) return;
    await Bun.sleep(10);
  }
}
