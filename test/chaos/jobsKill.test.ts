import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../src/platform/random";
import { scratchFolder } from "../support/program";
import { isLongRun, seeds } from "../support/seeds";

setDefaultTimeout(isLongRun ? 600_000 : 120_000);

const VICTIM = join(import.meta.dir, "jobsVictim.ts");
const KILLED = 137;
const MAX_LIVES = 12;

/** Where the process dies, and how often it may come by before. */
const POINTS: [point: string, passes: number][] = [
  ["after a claim", 6],
  ["after a result", 6],
  ["before a result", 6],
  ["before a commit", 60],
  ["after a commit", 60],
  ["before a report", 1],
  ["after a report", 1],
];

async function live(folder: string, seed: number, point: string, count: number): Promise<number> {
  const child = Bun.spawn([process.execPath, VICTIM, folder, `${seed}`, point, `${count}`], {
    stdout: "ignore",
    stderr: "pipe",
  });
  const [code, err] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0 && code !== KILLED) throw new Error(`the victim ended with ${code}: ${err}`);
  return code;
}

interface Row {
  id: string;
  status: string;
  attempt: number;
  failures: number;
  progress: number | null;
  resultKey: string | null;
  eventCount: number;
}

/** What must hold when all is over, however often the process died. */
function check(folder: string): void {
  using database = new Database(join(folder, "foresight.db"), { readonly: true });
  const jobs = database
    .query<Row, []>(
      `SELECT id, status, attempt, failures, progress, result_key AS resultKey, event_count AS eventCount FROM simulation_jobs`,
    )
    .all();
  const acknowledged = existsSync(join(folder, "acknowledged.txt"))
    ? readFileSync(join(folder, "acknowledged.txt"), "utf8").trim().split("\n").filter(Boolean)
    : [];
  expect(acknowledged.filter((id) => !jobs.some((job) => job.id === id))).toEqual([]);
  for (const job of jobs) {
    expect(job).toMatchObject({ status: "COMPLETED", progress: 1 });
    expect(job.attempt).toBe(job.failures + 1);
    const events = database
      .query<{ number: number; data: string }, [string]>(
        "SELECT number, data FROM job_events WHERE job_id = ? ORDER BY number",
      )
      .all(job.id);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    expect(events.length).toBe(job.eventCount);
    const states = events.map(({ data }) => (JSON.parse(data) as { status: string }).status);
    expect(states.filter((state) => state === "COMPLETED")).toHaveLength(1);
    expect(states.at(-1)).toBe("COMPLETED");
    expect(existsSync(join(folder, "blobs", job.resultKey!))).toBe(true);
  }
  expect(database.query("SELECT count(*) AS n FROM work_queue").get()).toEqual({ n: 0 });
  expect(database.query("SELECT status FROM reports").all()).toEqual([{ status: "COMPLETED" }]);
  const counted = database.query<{ n: number }, []>("SELECT sum(jobs) AS n FROM job_counts").get()!.n;
  expect(counted).toBe(jobs.length);
}

describe.each(POINTS)("a process that is killed %s", (point, passes) => {
  test.each(seeds(1, Math.ceil(100 / POINTS.length)))(
    "loses no job and keeps no result twice, seed %i",
    async (seed) => {
      const random = seededRandom(seed * 1000 + passes);
      const folder = scratchFolder();
      let deaths = 0;
      for (let lives = 0; lives < MAX_LIVES; lives++) {
        // The last lives die no more, so that all comes to an end.
        const dies = lives < 3;
        const code = await live(folder, seed, dies ? point : "never", 1 + random.below(passes));
        if (code === 0) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(0);
      check(folder);
    },
  );
});
