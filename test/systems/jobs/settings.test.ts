import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../support/until";
import { startJobsForTest } from "./startJobsForTest";
import type { Caller, Job } from "./support";

setDefaultTimeout(60_000);

interface ReportState {
  status: string;
  download_url: string | null;
}

async function reportOf(user: Caller, id: string, report_type: string): Promise<ReportState> {
  const body = { simulation_job_ids: [id], report_type, output_format: "JSON" };
  const { report_id } = (await user.call<{ report_id: string }>("POST", "/reports", body)).body;
  let state: ReportState | undefined;
  await until(async () => {
    state = (await user.call<ReportState>("GET", `/reports/${report_id}`)).body;
    return state.status === "COMPLETED" || state.status === "FAILED";
  }, "the report");
  return state!;
}

describe("JOBS_UNKNOWN_TYPE=echo", () => {
  test("completes simulations and reports of unknown types with a placeholder", async () => {
    const server = await startJobsForTest({ JOBS_UNKNOWN_TYPE: "echo" });
    const user = await server.user();
    const id = await user.submit("nobody_knows_it", { any: [1, "thing"] });
    await user.reaches(id, "COMPLETED");
    const { body } = await user.call<{ result: object }>("GET", `/simulations/${id}/result`);
    expect(body.result).toMatchObject({ simulation_id: id, parameters: { any: [1, "thing"] } });
    const report = await reportOf(user, id, "nobody_knows_this_either");
    expect(report.status).toBe("COMPLETED");
    expect((await fetch(report.download_url!)).status).toBe(200);
  });

  test("leaves the types alone that are known", async () => {
    const server = await startJobsForTest({ JOBS_UNKNOWN_TYPE: "echo" });
    const user = await server.user();
    const id = await user.submit("selftest", { echo: "mine" });
    await user.reaches(id, "COMPLETED");
    const { body } = await user.call<{ result: object }>("GET", `/simulations/${id}/result`);
    expect(body.result).toMatchObject({ echo: "mine" });
  });
});

// inngest's limits of concurrency by key
test("JOBS_MAX_RUNNING_PER_USER leaves the other slots to others", async () => {
  const server = await startJobsForTest({ JOBS_CONCURRENCY: "3", JOBS_MAX_RUNNING_PER_USER: "1" });
  const [greedy, other] = [await server.user(), await server.user()];
  const long = await greedy.submit("selftest", { seconds: 60, steps: 60 });
  const next = await greedy.submit("selftest", {});
  await greedy.reaches(long, "RUNNING");
  await other.reaches(await other.submit("selftest", {}), "COMPLETED");
  expect((await greedy.status(next)).status).toBe("PENDING");
  await greedy.call<Job>("POST", `/simulations/${long}/cancel`);
  await greedy.reaches(next, "COMPLETED");
});

test("a setting of the original that counts for nothing here is said once in the log", async () => {
  const secret = "redis://:hidden@cache:6379/1";
  const server = await startJobsForTest({ CELERY_RESULT_BACKEND: secret });
  expect(server.err().split("CELERY_RESULT_BACKEND is not used").length - 1).toBe(1);
  expect(server.err()).not.toContain("hidden");
});
