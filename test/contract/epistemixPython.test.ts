import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { LaunchAnswer, SessionAnswer, ShownJob } from "../../src/systems/epistemix/schema/page";
import { pythonLines } from "../../static/epidemics/python";
import { lacks } from "../support/lacks";
import { run, scratchFolder } from "../support/program";
import { FLU } from "../systems/epistemix/fred/flu";
import { openEpistemix } from "../systems/epistemix/support";

setDefaultTimeout(120_000);

/** The lines of Python that the page shows, run as they stand. `EPX_PYTHON` names a Python that has the client. */

const python = process.env["EPX_PYTHON"] ?? "python3";
const hasClient = Bun.which(python) !== null && (await run(["-c", "import epx"], { command: [python] })).code === 0;

const ORDER = {
  locations: ["Loving_County_TX"],
  startDate: "2020-01-01",
  endDate: "2020-01-10",
  runs: 2,
  seed: "18446744073709551614",
  parameters: "",
};

test("the lines are five, and hold what anybody typed as text", () => {
  const lines = pythonLines({
    ...ORDER,
    token: "t",
    apiUrl: "http://127.0.0.1:8080/epistemix",
    jobId: 0,
    locations: ["O'Brien_County_IA", "a\\'); import os #"],
    parameters: "beta=0.5, name=two words",
  });
  expect(lines.trimEnd().split("\n")).toHaveLength(5);
  expect(lines).toContain("['O\\'Brien_County_IA', 'a\\\\\\'); import os #']");
  expect(lines).toContain("model_params={'beta': 0.5, 'name': 'two words'}");
});

describe.skipIf(lacks("a Python 3.11 with epx (EPX_PYTHON)", hasClient))("the page's lines of Python", () => {
  test("run the model of the page's job with the same seeds, and the page shows the run", async () => {
    const server = await openEpistemix();
    const call = async <T>(path: string, init: RequestInit = {}): Promise<T> =>
      (await (await fetch(`${server.url}/api/epidemics${path}`, init)).json()) as T;
    const { token, apiUrl } = await call<SessionAnswer>("/session", { method: "POST" });
    const headers = { authorization: `Bearer ${token}` };
    const { locations, startDate, endDate, runs, seed } = ORDER;
    const body = { files: { "main.fred": FLU }, main: "main.fred", locations, startDate, endDate, runs, seed };
    const { jobId } = await call<LaunchAnswer>("/jobs", { method: "POST", headers, body: JSON.stringify(body) });
    const cwd = scratchFolder();
    const lines = pythonLines({ ...ORDER, token, apiUrl, jobId });
    const { code, err, out } = await run(["-c", lines], { command: [python], cwd });
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    expect(out.trim()).toEndWith("DONE");
    expect(await Bun.file(`${cwd}/main.fred`).text()).toBe(FLU);
    const { jobs } = await call<{ jobs: ShownJob[] }>("/jobs", { headers });
    expect(jobs.map(({ tags }) => tags)).toEqual([["notebook"], ["model"]]);
    const [notebook, page] = await Promise.all(
      jobs.map(async ({ id }) => (await call<ShownJob>(`/jobs/${id}`, { headers })).runs.map((one) => one.seed)),
    );
    expect(notebook).toEqual(page!);
    const curves = await Promise.all(jobs.map(({ id }) => call<object>(`/jobs/${id}/curves`, { headers })));
    const conditions = curves.map((one) => (one as { conditions: unknown }).conditions);
    expect(conditions[0]).toEqual(conditions[1]);
    await server.stop();
    await rm(cwd, { recursive: true });
  });
});
