import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { run, scratchFolder } from "../support/program";
import { until } from "../support/until";
import { callerOf, runRequest } from "../systems/epistemix/caller";
import { type EpistemixServer, openEpistemix } from "../systems/epistemix/support";

setDefaultTimeout(60_000);

const MODEL = "simulation {\n start_date = 2020-Jan-01\n days = 2\n}\ncondition C { state S { } }\n";
const folder = scratchFolder();
let server: EpistemixServer;
let jobId: number;
let runId: number;
const foresight = (...words: string[]) => run(["epistemix", ...words, "--data-dir", server.dataDir], { cwd: folder });

beforeAll(async () => {
  server = await openEpistemix();
  const call = callerOf(server.roots.mounted, 77);
  jobId = (await call<{ id: number }>("POST", "/jobs/register", { tags: ["kept"] })).body.id;
  const { url } = (await call<{ url: string }>("POST", "/jobs", { jobId })).body;
  await fetch(url, { method: "PUT", body: zipSync({ "main.fred": new TextEncoder().encode(MODEL) }) });
  const { body } = await call<{ runResponses: { runId: number }[] }>("POST", "/runs", {
    runRequests: [runRequest(jobId)],
  });
  runId = body.runResponses[0]!.runId;
  await until(async () => {
    const { runs } = (await call<{ runs: { status: string }[] }>("GET", `/runs?id=${runId}`)).body;
    return runs[0]!.status === "DONE";
  }, "the run to end");
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

test("jobs are listed and told of beside a running server", async () => {
  const listed = await foresight("jobs", "list");
  expect([listed.code, listed.out]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${jobId}  user 77  submitted  20\\S+Z  1 DONE  kept\\n$`)),
  ]);
  expect((await foresight("jobs", "list", "--user", "78")).out).toBe("");
  const info = await foresight("jobs", "info", String(jobId));
  expect(JSON.parse(info.out)).toMatchObject({
    job: { id: jobId, userId: 77, tags: ["kept"] },
    runs: [{ id: runId, status: "Done" }],
    files: [{ uploadType: "input" }, { uploadType: "results", runId }],
  });
  expect(await foresight("jobs", "info", "999999")).toMatchObject({
    code: 2,
    err: "foresight: There is no job 999999.\n",
  });
  expect((await foresight("jobs", "list", "--limit", "x")).code).toBe(2);
});

test("uploads and results are listed and copied, and nothing is written over without being told", async () => {
  expect((await foresight("uploads", "list", String(jobId))).out).toMatch(
    new RegExp(`^job ${jobId}  job input  \\d+ bytes  jobs/${jobId}/\\S+/job_input.zip\\n$`),
  );
  const copied = await foresight("uploads", "download", String(jobId), "--out", "up");
  const input = unzipSync(readFileSync(join(folder, copied.out.trim())));
  expect(new TextDecoder().decode(input["main.fred"])).toBe(MODEL);
  const again = await foresight("uploads", "download", String(jobId), "--out", "up");
  expect([again.code, again.err]).toEqual([2, expect.stringContaining("is there already; say --force")]);
  expect((await foresight("uploads", "download", String(jobId), "--out", "up", "--force")).code).toBe(0);
  const { out } = await foresight("results", String(jobId), "--out", "res");
  expect(Object.keys(unzipSync(readFileSync(join(folder, out.trim()))))).toContain("work/outputs/logs.txt");
});

test("uploads of old jobs are moved to a folder, after a look at what would be", async () => {
  const archive = (days: string, ...more: string[]) =>
    foresight("uploads", "archive", "--days-since-create", days, "--out", "old", ...more);
  expect((await archive("1")).out).toBe("");
  expect((await archive("0", "--dry-run")).out).toContain(`job ${jobId}  job input`);
  expect(existsSync(join(folder, "old"))).toBe(false);
  const moved = await archive("0");
  expect([moved.code, readdirSync(join(folder, "old/jobs"))]).toEqual([0, [String(jobId)]]);
  expect(existsSync(join(folder, moved.out.trim()))).toBe(true);
  expect((await foresight("uploads", "list", String(jobId))).out).toBe("");
  expect((await foresight("results", String(jobId), "--out", "res2")).out).not.toBe("");
});
