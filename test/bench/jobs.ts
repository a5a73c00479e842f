/**
 * Jobs under load, in a process of its own on the disk's own durability: `bun test/bench/jobs.ts [--seconds 3] [--rows
 * 1000000]`. Load and server share the machine: with two cores each has about one. With `--rows N` that many ended jobs
 * of the user are put into the database before lists are asked for. Beside each rate stands the processor time of the
 * server for one of them, which other work on the machine does not change.
 */
import { Database } from "bun:sqlite";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureFsyncMs } from "../../src/platform/database";
import { scratchFolder, serve } from "../support/program";
import { type Caller, caller, newUser, PREFIX } from "../systems/jobs/support";
import { httpLoad, requestBytes } from "./httpLoad";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "3" }, rows: { type: "string", default: "1000000" } },
});
const seconds = Number(values.seconds);
const rows = Number(values.rows);
const NOOP = { simulation_type: "selftest", parameters: { steps: 1 } };

const dataDir = scratchFolder();
const env = { LOG_LEVEL: "warning", JOBS_MAX_QUEUED_PER_USER: "10000000" };
let server = await serve(["--only", "jobs"], { dataDir, env: { ...env, JOBS_QUEUES: "none" } });
let user = await newUser(server.url);
console.log(`fsync ${(await measureFsyncMs(dataDir)).toFixed(2)} ms`);

const submitted = await submits();
await restart(env);
await noOps(submitted);
await startLatency();
await server.stop();
fill();
await restart({ ...env, JOBS_QUEUES: "none" });
await lists();
await server.stop();
rmSync(dataDir, { recursive: true });

async function restart(environment: Record<string, string>): Promise<void> {
  await server.stop();
  server = await serve(["--only", "jobs"], { dataDir, env: environment });
  user = caller(server.url, user.token);
}

function port(): number {
  return Number(new URL(server.url).port);
}

/** Processor time of the server so far, in milliseconds. */
function cpuMs(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Submissions a second in 16 connections, with nobody who runs them. */
async function submits(): Promise<number> {
  const request = requestBytes("POST", `${PREFIX}/simulations`, JSON.stringify(NOOP), {
    authorization: `Bearer ${user.token}`,
  });
  await measured("submit, 16 connections", request);
  return total(user);
}

/** How long the jobs that wait take: from the server's start until none is left. */
async function noOps(waiting: number): Promise<void> {
  const startedAt = performance.now();
  const cpuBefore = cpuMs();
  const before = await total(user, "COMPLETED");
  while ((await total(user, "COMPLETED")) < waiting) await Bun.sleep(50);
  const took = (performance.now() - startedAt) / 1000;
  const done = waiting - before;
  const cpu = ((cpuMs() - cpuBefore) / done).toFixed(2);
  const rate = (done / took).toFixed(0).padStart(7);
  console.log(`${"no-op jobs, all waiting at the start".padEnd(42)} ${rate} /s   ${cpu} ms of CPU each`);
}

/** From submission to start at 200 a second, as the rows tell it. */
async function startLatency(): Promise<void> {
  const ids: Promise<string>[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < 200 * seconds; i++) {
    ids.push(user.submit(NOOP.simulation_type, NOOP.parameters));
    const due = startedAt + (i + 1) * 5;
    if (due > performance.now()) await Bun.sleep(due - performance.now());
  }
  const waits: number[] = [];
  for (const id of await Promise.all(ids)) {
    const { created_at, started_at } = await user.reaches(id, "COMPLETED");
    waits.push(Date.parse(started_at!) - Date.parse(created_at));
  }
  waits.sort((a, b) => a - b);
  console.log(
    `submit to start at 200/s: p50 ${waits[waits.length >> 1]} ms, p99 ${waits[Math.floor(waits.length * 0.99)]} ms`,
  );
}

/** Ended jobs of the user, written as the server would have. */
function fill(): void {
  using database = new Database(join(dataDir, "foresight.db"));
  database.run("PRAGMA foreign_keys = OFF");
  const { id } = database.query<{ id: string }, []>("SELECT id FROM users LIMIT 1").get()!;
  database
    .query(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO simulation_jobs (id, user_id, simulation_type, status, progress, attempt, failures, losses, run_number,
         max_attempts, priority, job_metadata, event_count, created_at, started_at, completed_at, parameters)
       SELECT printf('00000000-0000-7000-8000-%012d', i), ?, 'selftest', 'COMPLETED', 1, 1, 0, 0, 1, 3, 0, '{}', 3,
         1700000000000 + i, 1700000000000 + i, 1700000000001 + i, '{}' FROM n`,
    )
    .run(rows, id);
  database.run("UPDATE job_counts SET jobs = jobs + ? WHERE status = 'COMPLETED'", [rows]);
}

async function lists(): Promise<void> {
  console.log(`${await total(user)} jobs of one user`);
  for (const query of ["", "?limit=20", "?limit=20&status=COMPLETED", "?limit=20&offset=100000"]) {
    const request = requestBytes("GET", `${PREFIX}/simulations${query}`, undefined, {
      authorization: `Bearer ${user.token}`,
    });
    await measured(`GET /simulations${query}`, request);
  }
}

async function total(of: Caller, status?: string): Promise<number> {
  const answer = await of.call("GET", `/simulations?limit=1${status === undefined ? "" : `&status=${status}`}`);
  return Number(answer.headers.get("x-total-count"));
}

async function measured(what: string, request: Uint8Array): Promise<void> {
  const before = cpuMs();
  const load = await httpLoad({ port: port(), connections: 16, seconds, request: () => request });
  const cpu = ((cpuMs() - before) / load.requests).toFixed(3);
  const wrong = load.failed > 0 ? `, ${load.failed} failed` : "";
  const rate = load.perSecond.toFixed(0).padStart(7);
  console.log(`${what.padEnd(42)} ${rate} /s   p99 ${load.p99Ms.toFixed(2)} ms   ${cpu} ms of CPU each${wrong}`);
}
