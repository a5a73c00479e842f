import { expect, test } from "bun:test";
import { createLog } from "../../../../src/platform/log";
import { mlflowTracker, type TrackedRun } from "../../../../src/systems/forecasting/original/mlflow";
import { atTestEnd } from "../../../support/endings";
import { manualClock } from "../../../support/manualClock";

const run: TrackedRun = { model: "timesfm20", params: { horizon_len: "24" }, metrics: { total_time_seconds: 0.5 } };

/** An MLflow server that keeps what it is told. */
function mlflow(status = 200) {
  const calls: [path: string, body: unknown][] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      calls.push([new URL(request.url).pathname, await request.json()]);
      return Response.json({ run: { info: { run_id: "r1" } } }, { status });
    },
  });
  atTestEnd(() => server.stop(true));
  return { calls, url: `http://127.0.0.1:${server.port}` };
}

function tracked(url: string) {
  const lines: string[] = [];
  const clock = manualClock(1000);
  const log = createLog({ level: "info", clock, sink: (line) => void lines.push(line) });
  return { lines, track: mlflowTracker(url, clock, log) };
}

test("a run is created, gets its parameters and measures, and is finished", async () => {
  const { calls, url } = mlflow();
  await tracked(url).track(async () => run);
  expect(calls).toEqual([
    ["/api/2.0/mlflow/runs/create", { experiment_id: "0", run_name: "timesfm20 inference", start_time: 1000 }],
    [
      "/api/2.0/mlflow/runs/log-batch",
      {
        run_id: "r1",
        params: [{ key: "horizon_len", value: "24" }],
        metrics: [{ key: "total_time_seconds", value: 0.5, timestamp: 1000, step: 0 }],
      },
    ],
    ["/api/2.0/mlflow/runs/update", { run_id: "r1", status: "FINISHED", end_time: 1000 }],
  ]);
});

test("what the server refuses, or that it is gone, is in the log and throws nothing", async () => {
  for (const url of [mlflow(500).url, "http://127.0.0.1:1"]) {
    const { lines, track } = tracked(url);
    await track(async () => run);
    expect(lines.join("")).toContain("a run was not recorded");
  }
});
