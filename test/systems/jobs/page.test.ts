import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Caller, type JobsServer, startJobs } from "./support";

// What the server answers for the page of jobs, to its owner alone.

setDefaultTimeout(60_000);

let server: JobsServer;
let user: Caller;
let other: Caller;
beforeAll(async () => {
  server = await startJobs({ JOBS_RETENTION_DAYS: "7" });
  [user, other] = await Promise.all([server.user(), server.user()]);
});
afterAll(() => server.stop());

const PARAMETERS = { iterations: 1000, seed: 7 };

async function finished(metadata: object = {}): Promise<string> {
  const id = await user.submit("monte_carlo", PARAMETERS, { job_metadata: metadata, options: { priority: 3 } });
  await user.reaches(id, "COMPLETED");
  return id;
}

describe("the submission of a job", () => {
  test("is what was asked for, and submitted again gives the same output", async () => {
    const id = await finished({ title: "Darts" });
    const { status, body } = await user.call("GET", `/simulations/${id}/submission`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      simulation_type: "monte_carlo",
      parameters: PARAMETERS,
      job_metadata: { title: "Darts" },
      options: { priority: 3 },
    });
    const again = await user.call<{ id: string }>("POST", "/simulations", body);
    expect(again.status).toBe(202);
    await user.reaches(again.body.id, "COMPLETED");
    type Result = { result: { output: object } };
    const [first, second] = await Promise.all(
      [id, again.body.id].map((one) => user.call<Result>("GET", `/simulations/${one}/result`)),
    );
    expect(second!.body.result.output).toEqual(first!.body.result.output);
  });

  test("is unknown to others", async () => {
    const id = await finished();
    expect((await other.call("GET", `/simulations/${id}/submission`)).status).toBe(404);
  });
});

describe("the preview of a report", () => {
  const order = (ids: string[], report_type = "summary") => ({
    simulation_job_ids: ids,
    report_type,
    output_format: "PDF",
  });

  test("shows the sections that the report would have, and keeps nothing", async () => {
    const id = await finished({ title: "Darts" });
    interface Shown {
      simulations: { title: string; sections: { keyFigures?: { name: string; value: unknown }[] }[] }[];
    }
    const { status, body } = await user.call<Shown>("POST", "/reports/preview", order([id]));
    expect(status).toBe(200);
    expect(body.simulations[0]!.title).toBe("Darts");
    const figures = body.simulations[0]!.sections.flatMap(({ keyFigures = [] }) => keyFigures);
    expect(figures.some(({ value }) => typeof value === "number" && Math.abs(value - Math.PI) < 0.3)).toBe(true);
    expect((await user.call("GET", "/reports")).headers.get("x-total-count")).toBe("0");
  });

  test("is refused as the report would be", async () => {
    const id = await finished();
    expect((await user.call("POST", "/reports/preview", order([id], "comparison"))).status).toBe(422);
    expect((await user.call("POST", "/reports/preview", order([id], "poetry"))).status).toBe(422);
    expect((await other.call("POST", "/reports/preview", order([id]))).status).toBe(404);
    expect((await user.call("POST", "/reports/preview", order([]))).status).toBe(422);
  });
});

describe("storage", () => {
  test("adds up one's own results, and says what retention takes within a week", async () => {
    const fresh = await server.user();
    const id = await fresh.submit("selftest", { seconds: 0, result_kb: 64 });
    await fresh.reaches(id, "COMPLETED");
    interface Storage {
      keep_days: number;
      users: { jobs: { count: number; bytes: number }; due: { count: number; bytes: number }; is_partial: boolean }[];
    }
    const { body } = await fresh.call<Storage>("GET", "/storage");
    expect(body.keep_days).toBe(7);
    expect(body.users).toHaveLength(1);
    const [mine] = body.users;
    expect(mine!.jobs.count).toBe(1);
    expect(mine!.jobs.bytes).toBeGreaterThanOrEqual(64 * 1024);
    // With seven days of retention everything that has ended goes within seven days.
    expect(mine!.due).toEqual(mine!.jobs);
    expect(mine!.is_partial).toBe(false);
  });
});
