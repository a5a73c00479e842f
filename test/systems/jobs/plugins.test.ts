import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../../support/program";
import { until } from "../../support/until";
import { type Caller, type JobsServer, startJobs } from "./support";

setDefaultTimeout(60_000);

const root = join(import.meta.dir, "../../..");
let server: JobsServer;
let user: Caller;

/** The code blocks of the page of plug-ins, by the file that each begins with. */
function documented(): Map<string, string> {
  const page = readFileSync(join(root, "docs/plugins.md"), "utf8");
  const blocks = [...page.matchAll(/```ts\n\/\/ plugins\/(\S+)\n([\s\S]*?)```/g)];
  return new Map(blocks.map(([, name, code]) => [name!, code!]));
}

const HOSTILE: Record<string, string> = {
  "aborts.ts": `export default ({ z }) => ({ type: "aborts", params: z.object({}), run: () => process.abort() });`,
  "eats.js": `export default ({ z }) => ({ type: "eats", params: z.object({}), async run() {
    const held = [];
    for (;;) { held.push(new Uint8Array(32 * 2 ** 20).fill(1)); await Bun.sleep(1); }
  } });`,
  "spins.ts": `export default ({ z }) => ({ type: "spins", params: z.object({}), run() { for (;;); } });`,
  "throws.ts": `export default ({ z }) => ({ type: "throws", params: z.object({ permanent: z.boolean().default(false) }), run({ permanent }) {
    throw Object.assign(new Error("on purpose"), { name: permanent ? "PermanentError" : "Error" });
  } });`,
  "saves.ts": `export default ({ z }) => ({ type: "saves", params: z.object({ bytes: z.number() }),
    run({ bytes }, { attempt, checkpoint, saveCheckpoint }) {
      if (attempt > 1) return { length: checkpoint.length };
      saveCheckpoint("x".repeat(bytes - 2));
      throw new Error("after it saved");
    } });`,
  "talks.ts": `export default ({ z }) => ({ type: "talks", params: z.object({}), run(_, { log }) {
    for (let i = 0; i < 300; i++) log(String(i).padStart(8000, "."));
    return { told: 300 };
  } });`,
  "secrets.ts": `export default ({ z }) => ({ type: "secrets", params: z.object({}), run: () => ({ names: Object.keys(process.env).sort() }) });`,
  "selftest.ts": `export default ({ z }) => ({ type: "selftest", params: z.object({}), run: () => ({ mine: true }) });`,
  "broken.ts": `export default () => ({ type: "" });`,
  "syntax.ts": `export default (`,
  "notes.txt": "no plug-in",
};

beforeAll(async () => {
  const folder = join(scratchFolder(), "plugins");
  mkdirSync(folder);
  for (const [name, code] of [...documented(), ...Object.entries(HOSTILE)]) writeFileSync(join(folder, name), code);
  const env = { PLUGINS_DIR: folder, PLUGIN_MEMORY_MB: "400", JOBS_CONCURRENCY: "2", SECRET_KEY: "never to be seen" };
  server = await startJobs(env);
  user = await server.user();
});
afterAll(() => server.stop());

async function resultOf(id: string): Promise<Record<string, unknown>> {
  await user.reaches(id, "COMPLETED");
  return (await user.call<{ result: Record<string, unknown> }>("GET", `/simulations/${id}/result`)).body.result;
}

describe("the plug-ins of the page that tells of them", () => {
  test("run: a simulation with progress and log, and a report of it", async () => {
    expect([...documented().keys()]).toEqual(["monte-carlo.ts", "summary-report.ts"]);
    const id = await user.submit("monte_carlo_pi", { iterations: 400_000 });
    const { output } = (await resultOf(id)) as { output: { estimate: number } };
    expect(Math.abs(output.estimate - Math.PI)).toBeLessThan(0.02);
    const lines = (await user.timeline(id)).filter(({ type }) => type === "log").map(({ data }) => data["line"]);
    expect(lines).toEqual(["begins at 0"]);
    const body = { simulation_job_ids: [id], report_type: "plain_summary", output_format: "CSV" };
    const made = await user.call<{ report_id: string }>("POST", "/reports", body);
    let report: { status: string; download_url: string } | undefined;
    await until(async () => {
      report = (await user.call<typeof report & object>("GET", `/reports/${made.body.report_id}`)).body;
      return report.status === "COMPLETED" || report.status === "FAILED";
    }, "the report");
    expect(await (await fetch(report!.download_url)).text()).toStartWith(
      `"id","type","output"\n"${id}","monte_carlo_pi"`,
    );
    const pdf = await user.call("POST", "/reports", { ...body, output_format: "PDF" });
    expect([pdf.status, JSON.stringify(pdf.body)]).toEqual([422, expect.stringContaining("output_format")]);
  });

  test("have their parameters checked when they are submitted", async () => {
    const bad = { simulation_type: "monte_carlo_pi", parameters: { iterations: 0 } };
    const answer = await user.call("POST", "/simulations", bad);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining("iterations")]);
  });
});

// sidekiq#3400, #4633
test("one that kills its process costs its own job, and nothing of anybody else's", async () => {
  const other = await server.user();
  const beside = await Promise.all(Array.from({ length: 10 }, () => other.submit("seir", { replicates: 20 })));
  const id = await user.submit("aborts", {});
  const job = await user.reaches(id, "FAILED");
  expect([job.error!.code, job.attempt]).toEqual(["WORKER_LOST", 1]);
  expect((await user.timeline(id)).filter(({ data }) => data.status === "RUNNING")).toHaveLength(3);
  await Promise.all(beside.map((one) => other.reaches(one, "COMPLETED")));
});

test("one that takes too much memory is ended with the limit's name", async () => {
  const job = await user.reaches(await user.submit("eats", {}), "FAILED");
  expect([job.error!.code, job.attempt]).toEqual(["SIMULATION_ERROR", 1]);
  expect(job.error!.message).toContain("400 MB of memory (PLUGIN_MEMORY_MB)");
});

test("one that spins is ended by cancelling and by its time", async () => {
  const id = await user.submit("spins", {});
  await user.reaches(id, "RUNNING");
  await user.call("POST", `/simulations/${id}/cancel`);
  const late = await user.reaches(await user.submit("spins", { timeout_s: 1 }), "FAILED");
  expect(late.error!.code).toBe("TIMEOUT");
  const next = await user.submit("monte_carlo_pi", {});
  await user.reaches(next, "COMPLETED");
});

test("what one throws is tried again, unless it is permanent", async () => {
  const twice = await user.submit("throws", {}, { options: { max_attempts: 2 } });
  expect(await user.reaches(twice, "FAILED")).toMatchObject({ attempt: 2, error: { message: "on purpose" } });
  expect((await user.reaches(await user.submit("throws", { permanent: true }), "FAILED")).attempt).toBe(1);
});

test("a checkpoint of 64 KiB comes back in the next attempt, a larger one fails the job", async () => {
  const most = 64 * 1024;
  expect(await resultOf(await user.submit("saves", { bytes: most }))).toEqual({ length: most - 2 });
  const job = await user.reaches(await user.submit("saves", { bytes: most + 1 }), "FAILED");
  expect([job.attempt, job.error!.message]).toEqual([1, "A checkpoint of 65537 bytes; the limit is 65536."]);
});

test("the log of an attempt ends at 1 MiB, said in its last line, and the job goes on", async () => {
  const id = await user.submit("talks", {});
  await user.reaches(id, "COMPLETED");
  const lines = (await user.timeline(id)).filter(({ type }) => type === "log").map(({ data }) => String(data["line"]));
  const most = Math.floor((1024 * 1024) / 8000);
  expect(lines).toHaveLength(most + 1);
  expect(lines.at(-2)).toEndWith(`.${most - 1}`);
  expect(lines.at(-1)).toBe("The log of this attempt ends here: the limit is 1048576 bytes.");
});

test("one is told no secret of the server", async () => {
  const { names } = (await resultOf(await user.submit("secrets", {}))) as { names: string[] };
  expect(names.filter((name) => !["HOME", "PATH", "TMPDIR"].includes(name) && !/^(NODE_|BUN_)/.test(name))).toEqual([]);
});

test("one of a built-in's type takes its place, and broken files are told and left out", async () => {
  expect(await resultOf(await user.submit("selftest", {}))).toEqual({ mine: true });
  expect(server.err()).toContain("a plug-in takes the place of a handler");
  for (const file of ["broken.ts", "syntax.ts"]) {
    expect(server.err()).toMatch(new RegExp(`a plug-in cannot be used","file":"[^"]*${file}"`));
  }
});
