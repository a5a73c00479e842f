import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { unzipSync, zipSync } from "fflate";
import { scratchFolder } from "../../support/program";
import { until } from "../../support/until";
import { callerOf, runRequest } from "./caller";
import { ENDLESS } from "./fred/outputs";
import { type EpistemixServer, startEpistemix } from "./support";

setDefaultTimeout(60_000);

interface Shown {
  id: number;
  status: string;
  podPhase: string;
  progress: number;
}

const callTo = ({ roots }: EpistemixServer) => callerOf(roots.mounted);

/** Submits a run of the model and gives its id. */
async function submit(server: EpistemixServer, model: string): Promise<number> {
  const call = callTo(server);
  const jobId = (await call<{ id: number }>("POST", "/jobs/register", { tags: ["running"] })).body.id;
  const { url } = (await call<{ url: string }>("POST", "/jobs", { jobId })).body;
  const body = zipSync({ "main.fred": new TextEncoder().encode(model) });
  expect((await fetch(url, { method: "PUT", body })).status).toBe(200);
  const request = runRequest(jobId, { population: null });
  const { body: answer } = await call<{ runResponses: { runId: number }[] }>("POST", "/runs", {
    runRequests: [request],
  });
  return answer.runResponses[0]!.runId;
}

const shown = async (server: EpistemixServer, id: number) =>
  (await callTo(server)<{ runs: Shown[] }>("GET", `/runs?id=${id}`)).body.runs[0]!;

async function whenShown(server: EpistemixServer, id: number, wanted: (run: Shown) => boolean, what: string) {
  let run = await shown(server, id);
  await until(async () => {
    run = await shown(server, id);
    return wanted(run);
  }, what);
  return run;
}

const isRunning = ({ status }: Shown) => status === "RUNNING";
const hasEnded = ({ status }: Shown) => status === "ERROR" || status === "DONE";

async function logOf(server: EpistemixServer, id: number): Promise<string> {
  const { jobId } = (await callTo(server)<{ runs: { jobId: number }[] }>("GET", `/runs?id=${id}`)).body.runs[0]!;
  const { urls } = (await callTo(server)<{ urls: { url: string }[] }>("GET", `/jobs/results?job_id=${jobId}`)).body;
  const zip = new Uint8Array(await (await fetch(urls[0]!.url)).arrayBuffer());
  return new TextDecoder().decode(unzipSync(zip)["work/outputs/logs.txt"]);
}

describe("a run", () => {
  test("tells of its days while it goes on, and ends when it is called off", async () => {
    const server = await startEpistemix();
    const id = await submit(server, ENDLESS);
    const running = await whenShown(server, id, ({ progress }) => progress > 0, "the first days to be told");
    expect([running.status, running.podPhase]).toEqual(["RUNNING", "Running"]);
    expect(running.progress).toBeLessThan(1);
    const { body } = await callTo(server)("PATCH", `/runs?id=${id}`);
    expect(body["deletedIds"]).toEqual([{ runId: id, reason: "Success" }]);
    expect(await shown(server, id)).toMatchObject({ status: "ERROR", podPhase: "Failed" });
    expect(await logOf(server, id)).toContain("ERROR: The run was stopped by its user.");
    // Its thread is free for another.
    const next = await submit(
      server,
      "simulation {\n start_date = 2020-Jan-01\n days = 3\n}\ncondition C { state S { } }",
    );
    expect((await whenShown(server, next, hasEnded, "the next run to end")).status).toBe("DONE");
  });

  test("that takes longer than it may is ended with a sentence", async () => {
    const server = await startEpistemix({ EPISTEMIX_TIMEOUT_S: "1" });
    const id = await submit(server, ENDLESS);
    expect(await whenShown(server, id, hasEnded, "the time limit")).toMatchObject({
      status: "ERROR",
      podPhase: "Failed",
    });
    expect(await logOf(server, id)).toContain("took longer than 1 s and was ended (EPISTEMIX_TIMEOUT_S)");
  });

  test("goes back into the queue when the program is told to stop, and is taken up by the next", async () => {
    const dataDir = scratchFolder();
    const env = { DRAIN_TIMEOUT_S: "1" };
    const first = await startEpistemix(env, { dataDir });
    const id = await submit(first, ENDLESS);
    await whenShown(first, id, isRunning, "the run to begin");
    expect(await first.stop("SIGTERM")).toBe(0);
    const second = await startEpistemix(env, { dataDir });
    await whenShown(second, id, isRunning, "the run to begin again");
    await callTo(second)("PATCH", `/runs?id=${id}`);
  });

  test("whose program is killed three times ends in an error, and before that is begun again", async () => {
    const dataDir = scratchFolder();
    let server = await startEpistemix({}, { dataDir });
    const id = await submit(server, ENDLESS);
    for (let loss = 0; loss < 3; loss++) {
      const { progress } = await whenShown(server, id, (run) => run.progress > 0, "the run to go on");
      await server.stop("SIGKILL");
      server = await startEpistemix({}, { dataDir });
      await whenShown(server, id, (run) => run.progress !== progress, "the loss to be noticed");
    }
    expect(await whenShown(server, id, hasEnded, "the run to be given up")).toMatchObject({
      status: "ERROR",
      podPhase: "Failed",
    });
    expect(await logOf(server, id)).toContain("ended 3 times before the run did");
  });
});
