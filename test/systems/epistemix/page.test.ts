import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type {
  CurvesAnswer,
  JobListAnswer,
  LaunchAnswer,
  ModelAnswer,
  SessionAnswer,
  ShownJob,
} from "../../../src/systems/epistemix/schema/page";
import { signedScopes, writeToken } from "../../../src/systems/epistemix/tokens/token";
import { scratchFolder, serve } from "../../support/program";
import { tokenOf } from "./caller";
import { FLU } from "./fred/flu";
import { type EpistemixServer, openEpistemix } from "./support";

// What the page of epidemics asks for.

setDefaultTimeout(60_000);

let server: EpistemixServer;
let authorization: string;

beforeAll(async () => {
  server = await openEpistemix();
  const session = await call<SessionAnswer>("POST", "/session", {});
  authorization = `Bearer ${session.body.token}`;
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}/api/epidemics${path}`, {
    method,
    headers: { ...(authorization && { authorization }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

const LAUNCH = {
  files: { "main.fred": FLU },
  main: "main.fred",
  locations: ["Loving_County_TX"],
  startDate: "2020-01-01",
  endDate: "2020-01-20",
  runs: 3,
  seed: "18446744073709551613",
};

/** Reads the stream of jobs until that job has ended. */
async function ended(jobId: number): Promise<void> {
  const answer = await fetch(`${server.url}/api/epidemics/events`, { headers: { authorization } });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.body!) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      if (!block.startsWith("event: state")) continue;
      const { jobs } = JSON.parse(block.slice(block.indexOf("data: ") + 6)) as JobListAnswer;
      const job = jobs.find(({ id }) => id === jobId);
      if (job !== undefined && job.counts.done + job.counts.failed === job.counts.all) return;
    }
  }
  throw new Error("the stream ended before the job did");
}

async function launch(more: object = {}): Promise<LaunchAnswer> {
  const { status, body } = await call<LaunchAnswer>("POST", "/jobs", { ...LAUNCH, ...more });
  expect(status).toBe(200);
  return body;
}

describe("a session", () => {
  test("is for callers of this machine, not for pages of elsewhere", async () => {
    const refused = await call("POST", "/session", {}, { origin: "http://elsewhere.example" });
    expect(refused.status).toBe(403);
    expect(JSON.stringify(refused.body)).toContain("foresight token --system epistemix");
  });

  test("is not for a closed server, which takes a signed token", async () => {
    const env = { EPISTEMIX_TOKEN_SECRET: "secret of the test" };
    const closed = await serve(["--only", "epistemix", "--host", "0.0.0.0"], { dataDir: scratchFolder(), env });
    const root = `${closed.url.replace("0.0.0.0", "127.0.0.1")}/api/epidemics`;
    expect((await fetch(`${root}/session`, { method: "POST" })).status).toBe(403);
    const jobsBy = (token: string) => fetch(`${root}/jobs`, { headers: { authorization: `Bearer ${token}` } });
    expect((await jobsBy(writeToken(7, "any"))).status).toBe(403);
    expect((await jobsBy(writeToken(7, signedScopes(7, env.EPISTEMIX_TOKEN_SECRET)))).status).toBe(200);
    expect(await closed.stop()).toBe(0);
  });
});

describe("a model", () => {
  test("is checked: each fault has its place, the line and the nearest word", async () => {
    const files = { "main.fred": FLU.replace("lognormal", "lognormall") };
    const { body } = await call<{ faults: unknown[] }>("POST", "/check", { files, main: "main.fred" });
    expect(body.faults).toEqual([
      {
        file: "main.fred",
        line: 16,
        column: 15,
        text: "    wait(24 * lognormall(1.9, 1.23))",
        message: "there is no function lognormall; the nearest known is lognormal",
      },
    ]);
  });

  test("without its main file is refused with a sentence", async () => {
    const { status, body } = await call<{ detail: string }>("POST", "/jobs", { ...LAUNCH, main: "other.fred" });
    expect([status, body.detail]).toEqual([422, 'There is no file "other.fred" in the model.']);
  });

  test.each([
    ["runs", 0],
    ["runs", 201],
    ["seed", "-1"],
    ["seed", 1],
    ["startDate", "1.1.2020"],
    ["locations", []],
    ["files", { "main.fred": 1 }],
  ])("with %s %j is refused, and the member is named", async (member, value) => {
    const { status, body } = await call<{ detail: { loc: unknown[] }[] }>("POST", "/jobs", {
      ...LAUNCH,
      [member]: value,
    });
    expect([status, body.detail[0]!.loc[1]]).toEqual([422, member]);
  });
});

describe("a job of the page", () => {
  let launched: LaunchAnswer;
  beforeAll(async () => {
    launched = await launch();
    await ended(launched.jobId);
  });

  test("has runs with seeds that follow each other up to the last of 64 bits, and is seen by the client's calls", async () => {
    const { body } = await call<ShownJob>("GET", `/jobs/${launched.jobId}`);
    expect(body.runs.map(({ seed, status }) => [seed, status])).toEqual([
      ["18446744073709551613", "DONE"],
      ["18446744073709551614", "DONE"],
      ["18446744073709551615", "DONE"],
    ]);
    const headers = { "offline-token": authorization, "fredcli-version": "0.4.0" };
    const client = await fetch(`${server.url}/epistemix/runs?job_id=${launched.jobId}`, { headers });
    expect(((await client.json()) as { runs: unknown[] }).runs).toHaveLength(3);
  });

  test("has curves of its runs, whose band holds them", async () => {
    const { body } = await call<CurvesAnswer>("GET", `/jobs/${launched.jobId}/curves`);
    expect([body.startDate, body.days, body.runs.length, body.leftOut]).toEqual(["2020-01-01", 20, 3, 0]);
    const [flu] = body.conditions;
    expect(flu!.states.map(({ name }) => name)).toEqual(["Well", "Caught", "Ill", "Silent", "Over", "Seed"]);
    const { there, single } = flu!.states[0]!;
    for (const [day, low] of there.low.entries()) {
      const values = single.map((curve) => curve[day]!).sort((a, b) => a - b);
      expect(values[1]).toBe(there.median[day]!);
      expect(low).toBeWithin(values[0]!, values[1]! + 0.01);
    }
    const caught = flu!.states.find(({ name }) => name === "Caught")!;
    expect(flu!.exposed).toEqual(caught.total);
  });

  test("gives places, files, a file and the model as it was run", async () => {
    const run = launched.runIds[0];
    const { body: places } = await call<{ places: { kind: string; place: string }[] }>("GET", `/runs/${run}/places`);
    expect(places.places.find(({ kind }) => kind === "County")?.place).toBe("Loving_County_TX");
    const { body: files } = await call<{ files: { path: string }[] }>("GET", `/runs/${run}/files`);
    expect(files.files.map(({ path }) => path)).toContain("DAILY/FLU.Ill.txt");
    const { body: log } = await call<{ text: string }>("GET", `/runs/${run}/file?path=logs.txt`);
    expect(log.text).toContain("INFO: the run is done");
    expect((await call("GET", `/runs/${run}/file?path=../main.fred`)).status).toBe(404);
    const { body: model } = await call<ModelAnswer>("GET", `/jobs/${launched.jobId}/model`);
    expect(model).toEqual({ main: "main.fred", files: { "main.fred": FLU } });
  });

  test("gives a report as PDF and as HTML with figures and the model", async () => {
    const path = `${server.url}/api/epidemics/jobs/${launched.jobId}/report`;
    const pdf = await fetch(path, { headers: { authorization } });
    expect([pdf.status, pdf.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    expect(new TextDecoder().decode((await pdf.bytes()).slice(0, 5))).toBe("%PDF-");
    const html = await (await fetch(`${path}?format=HTML`, { headers: { authorization } })).text();
    for (const words of [
      "exposed by place",
      "Entered in all",
      "18446744073709551615",
      "import_exposures",
      "2010 Census",
    ])
      expect(html).toContain(words);
  });

  test("is for its user alone", async () => {
    const other = { authorization: tokenOf(7) };
    for (const path of ["", "/curves", "/model", "/main.fred", "/report"]) {
      expect((await call("GET", `/jobs/${launched.jobId}${path}`, undefined, other)).status).toBe(403);
    }
    for (const path of ["/places", "/files", "/file?path=logs.txt"]) {
      expect((await call("GET", `/runs/${launched.runIds[0]}${path}`, undefined, other)).status).toBe(403);
    }
    expect((await call<JobListAnswer>("GET", "/jobs", undefined, other)).body.jobs).toEqual([]);
    expect((await call("GET", "/jobs/999999")).status).toBe(404);
    expect((await call("GET", "/jobs", undefined, { authorization: "" })).status).toBeOneOf([400, 401]);
  });
});

test("configurations of a sweep are told apart, and each has curves of its own", async () => {
  const headers = { "offline-token": authorization, "fredcli-version": "0.4.0", "user-agent": "epx_client_1.2.2" };
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${server.url}/epistemix${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, number>;
  };
  const { id } = await post("/jobs/register", { tags: ["sweep"] });
  const request = (beta: string, seed: string) => ({
    jobId: id,
    workingDir: "/",
    size: "hot",
    fredVersion: "latest",
    population: { version: "US_2010.v5", locations: ["Loving_County_TX"] },
    fredArgs: [
      { flag: "-p", value: "main.fred" },
      { flag: "-o", value: `beta=${beta}` },
      { flag: "-s", value: seed },
      { flag: "--start-date", value: "2020-01-01" },
      { flag: "--end-date", value: "2020-01-05" },
    ],
    fredFiles: ["main.fred"],
  });
  await post("/runs", { runRequests: [request("0", "1"), request("0", "2"), request("5", "1"), request("5", "2")] });
  await ended(id!);
  const { body } = await call<ShownJob>("GET", `/jobs/${id}`);
  expect(body.configurations.map(({ parameters }) => parameters)).toEqual([{ beta: "0" }, { beta: "5" }]);
  const exposed = async (configuration: number) => {
    const { body: curves } = await call<CurvesAnswer>("GET", `/jobs/${id}/curves?configuration=${configuration}`);
    expect(curves.runs).toHaveLength(2);
    return curves.conditions[0]!.states.find(({ name }) => name === "E")!.total.median;
  };
  expect(await exposed(0)).toBe(0);
  expect(await exposed(1)).toBeGreaterThan(10);
});
