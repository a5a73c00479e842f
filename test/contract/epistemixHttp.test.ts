// Long because it is one walk along the contract: a test for each of its sentences.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { unzipSync, zipSync } from "fflate";
import { run } from "../support/program";
import { until } from "../support/until";
import { callerOf, HEADERS, runRequest, tokenOf } from "../systems/epistemix/caller";
import { type EpistemixServer, openEpistemix, startEpistemix } from "../systems/epistemix/support";

setDefaultTimeout(30_000);

let server: EpistemixServer;
let call: ReturnType<typeof callerOf>;
beforeAll(async () => {
  server = await openEpistemix();
  call = callerOf(server.roots.mounted);
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const MODEL = "condition FLU {\n  states = S\n}\n";
const FLU = `simulation {
  start_date = 2020-Jan-01
  end_date = 2020-Jan-10
}
condition FLU {
  states = S
  state S {
    wait()
    next()
  }
}
`;
const zipOf = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])));

async function newJob(tags: string[] = ["info_job"], caller = call): Promise<number> {
  return (await caller<{ id: number }>("POST", "/jobs/register", { tags })).body.id;
}

interface Runs {
  runs: { id: number; status: string; podPhase: string; url: string | null }[];
}

/** A job whose run has ended. */
async function endedRun(
  zip: Uint8Array<ArrayBuffer>,
  more: object = {},
): Promise<{ jobId: number; runId: number; log: string; status: string }> {
  const jobId = await newJob();
  const { url } = (await call<{ url: string }>("POST", "/jobs", { jobId, context: "job", type: "input" })).body;
  expect((await fetch(url, { method: "PUT", body: zip })).status).toBe(200);
  const submitted = await call<{ runResponses: { runId: number }[] }>("POST", "/runs", {
    runRequests: [runRequest(jobId, more)],
  });
  const { runId } = submitted.body.runResponses[0]!;
  let status = "";
  await until(async () => {
    status = (await call<Runs>("GET", `/runs?id=${runId}`)).body.runs[0]!.status;
    return status === "DONE" || status === "ERROR";
  }, "the run to end");
  const { urls } = (await call<{ urls: { run_id: number; url: string }[] }>("GET", `/jobs/results?job_id=${jobId}`))
    .body;
  const files = unzipSync(new Uint8Array(await (await fetch(urls[0]!.url)).arrayBuffer()));
  return { jobId, runId, status, log: new TextDecoder().decode(files["work/outputs/logs.txt"]) };
}

describe("requests that are let in", () => {
  const register = (headers: Record<string, string>, body = '{"tags":[]}') =>
    fetch(`${server.roots.mounted}/jobs/register`, { method: "POST", headers, body });
  const { "content-type": type, ...rest } = HEADERS;
  const token = { "offline-token": tokenOf() };

  test.each([
    ["nothing", {}, 400, "Missing required headers"],
    ["no token", HEADERS, 400, "Missing required headers"],
    ["no version", { ...token, "content-type": type }, 400, "Missing required headers"],
    ["another type", { ...rest, ...token, "content-type": "text/plain" }, 400, "Content-Type must be application/json"],
    [
      "no bearer",
      { ...HEADERS, "offline-token": "abc" },
      400,
      "Invalid bearer token format. Expected 'Bearer <token>'",
    ],
  ])("%s is refused with the contract's sentence", async (_name, headers, status, sentence) => {
    const answer = await register(headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: sentence, description: sentence });
  });

  const encoded = (value: unknown) => `Bearer ${Buffer.from(JSON.stringify(value)).toString("base64")}`;
  test.each([
    ["no base64", "Bearer ???", "Failed to decode base64 token"],
    ["no UTF-8", `Bearer ${Buffer.from([0xff, 0xfe, 0xfd]).toString("base64")}`, "Failed to decode base64 token"],
    ["no JSON", `Bearer ${Buffer.from("{").toString("base64")}`, "Failed to parse token JSON"],
    ["no user", encoded({ scopes_hash: 1 }), "Token missing required 'user_id' field"],
    ["no scopes", encoded({ user_id: 1 }), "Token missing required 'scopes_hash' field"],
    [
      "a user that is no number",
      encoded({ user_id: "x", scopes_hash: 1 }),
      "Token contains invalid user_id or scopes_hash values",
    ],
    ["user 0", encoded({ user_id: 0, scopes_hash: 1 }), "User ID must be positive"],
  ])("a token with %s is refused", async (_name, header, sentence) => {
    const answer = await register({ ...HEADERS, "offline-token": header });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: string }).error).toStartWith(sentence);
  });

  test("a charset, the Authorization header, digits as user and URL-safe base64 are taken", async () => {
    const header = `Bearer ${Buffer.from('{"user_id":"77","scopes_hash":"??>>"}').toString("base64url")}`;
    const answer = await register({
      ...HEADERS,
      "content-type": "application/json; charset=utf-8",
      authorization: header,
    });
    expect(await answer.json()).toMatchObject({ userId: 77, tags: [] });
  });

  test.each(["{}", "[]", "null", "0", '""', "{", "", "\u0000"])(
    "the body %j is no JSON that says anything",
    async (body) => {
      const answer = await register({ ...HEADERS, ...token }, body);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: "Invalid JSON", description: "Invalid JSON" },
      ]);
    },
  );

  test("a body that is nested too deeply, or has a member of another kind, is refused in the contract's shape", async () => {
    const deep = await register({ ...HEADERS, ...token }, `{"tags":${"[".repeat(100_000)}`);
    expect([deep.status, await deep.json()]).toEqual([400, { error: "Invalid JSON", description: "Invalid JSON" }]);
    const wrong = await call("POST", "/runs", { runRequests: [{ ...runRequest(1), workingDir: 5 }] });
    expect(wrong.status).toBe(400);
    expect(wrong.body).toMatchObject({
      error: "Invalid request data",
      description: "Invalid request data",
      details: [{ type: "string_type", loc: ["runRequests", 0, "workingDir"], input: 5 }],
    });
  });

  test("bodies that are too large or wrongly encoded are refused in the contract's shape, with nothing kept", async () => {
    const eve = callerOf(server.roots.mounted, 31_337);
    const post = async (body: BodyInit) => {
      const headers = { ...HEADERS, "offline-token": tokenOf(31_337) };
      const answer = await fetch(`${server.roots.mounted}/jobs/register`, { method: "POST", headers, body });
      const { error, description } = (await answer.json()) as { error: string; description: string };
      expect(description).toBe(error);
      return [answer.status, error] as const;
    };
    const [status, sentence] = await post(`{"tags":["${"x".repeat(17 * 1024 * 1024)}"]}`);
    expect([status, sentence]).toEqual([413, expect.stringContaining("MAX_BODY_BYTES")]);
    const invalid = [400, "Invalid JSON"] as const;
    expect(await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))).toEqual(invalid);
    expect(await post(new Uint8Array(Buffer.from('{"tags":["a"]}', "utf16le")))).toEqual(invalid);
    const many = await post(JSON.stringify({ tags: Array.from({ length: 101 }, () => "a") }));
    expect(many).toEqual([400, "Invalid request data"]);
    expect((await eve("GET", "/jobs/me")).body["jobs"]).toEqual([]);
  });

  test("of a key that stands twice the last counts, and one that names a prototype is a key like others", async () => {
    const answer = await register({ ...HEADERS, ...token }, '{"tags":["a"],"__proto__":{"tags":["p"]},"tags":["b"]}');
    expect(await answer.json()).toMatchObject({ tags: ["b"] });
    expect(({} as { tags?: unknown }).tags).toBeUndefined();
  });

  test("unknown paths and methods are answered in the contract's shape, on both ports", async () => {
    for (const root of Object.values(server.roots)) {
      const missing = await fetch(`${root}/nothing`);
      expect([missing.status, await missing.json()]).toEqual([404, { error: "Not Found", description: "Not Found" }]);
      const method = await fetch(`${root}/jobs/register`, { method: "PUT" });
      expect([method.status, method.headers.get("allow")]).toEqual([405, "POST, DELETE"]);
      const health = (await (await fetch(`${root}/health`)).json()) as object;
      expect(health).toMatchObject({ status: "healthy", service: "epistemix-api" });
    }
  });
});

describe("jobs and uploads", () => {
  test("blank tags are refused, all others kept with their doubles", async () => {
    expect((await call("POST", "/jobs/register", { tags: ["a", "a", "é 😀"] })).body["tags"]).toEqual([
      "a",
      "a",
      "é 😀",
    ]);
    const blank = await call("POST", "/jobs/register", { tags: ["a", " "] });
    expect([blank.status, blank.body["error"]]).toEqual([400, 'Tag must be a non-empty string: " "']);
  });

  test("each wrong upload is refused with its sentence", async () => {
    const jobId = await newJob();
    const error = async (body: object) => (await call("POST", "/jobs", { jobId, ...body })).body["error"];
    expect(await error({ jobId: 0 })).toBe("Job ID must be positive");
    expect(await error({ jobId: 999_999 })).toBe("Job 999999 not found");
    expect(await error({ runId: 0 })).toBe("Run ID must be positive when provided");
    expect(await error({ context: "x" })).toStartWith("Invalid context: x");
    expect(await error({ type: "x" })).toStartWith("Invalid job_type: x");
    expect(await error({ type: "logs" })).toBe("Unsupported context job or job type logs");
    expect(await error({ context: "run", type: "results", runId: 1 })).toBe(
      "Unsupported context run or job type results",
    );
    expect(await error({ context: "run", type: "config", runId: 999_999 })).toBe("Run 999999 not found");
    expect((await call("POST", "/jobs", { jobId: String(jobId) })).status).toBe(200);
    expect(await error({})).toBe(`Job ${jobId} must be in CREATED status to be submitted, current status: SUBMITTED`);
  });

  test("somebody else's job is closed to every call", async () => {
    const jobId = await newJob();
    const { body } = await call<{ runResponses: { runId: number }[] }>("POST", "/runs", {
      runRequests: [runRequest(jobId)],
    });
    const { runId } = body.runResponses[0]!;
    const eve = callerOf(server.roots.mounted, 666);
    const tried = [
      await eve("POST", "/jobs", { jobId }),
      await eve("POST", "/runs", { runRequests: [runRequest(jobId)] }),
      await eve("GET", `/runs?job_id=${jobId}`),
      await eve("GET", `/runs?id=${runId}`),
      await eve("GET", `/jobs/results?job_id=${jobId}`),
      await eve("DELETE", `/jobs/${jobId}`),
      await eve("POST", "/runs/retry", `runRequestIds=${runId}`),
      await eve("GET", `/jobs/${jobId}/uploads`),
    ];
    expect(tried.map(({ status }) => status)).toEqual(tried.map(() => 403));
    expect((await eve("PATCH", `/runs?id=${runId}`)).body["failedIds"]).toEqual([{ runId, reason: "Forbidden" }]);
  });

  test("a run of a job that is not there leaves nothing behind", async () => {
    const jobId = await newJob();
    const refused = await call("POST", "/runs", { runRequests: [runRequest(jobId), runRequest(999_999)] });
    expect([refused.status, refused.body["description"]]).toEqual([400, "Job 999999 not found"]);
    expect((await call<Runs>("GET", `/runs?job_id=${jobId}`)).body.runs).toEqual([]);
  });
});

describe("runs", () => {
  test("seeds up to 2^64-1 come back as they were sent, and what cannot be run is told at once", async () => {
    const jobId = await newJob();
    const of = (...fredArgs: [string, string][]) =>
      runRequest(jobId, { fredArgs: fredArgs.map(([flag, value]) => ({ flag, value })) });
    const requests = [
      of(["-s", "18446744073709551615"]),
      of(["-s", "18446744073709551616"]),
      of(["--start-date", "2020-02-30"]),
      of(["--start-date", "2020-03-02"], ["--end-date", "2020-03-01"]),
      runRequest(jobId, { fredVersion: "10.1.0" }),
      runRequest(jobId, { population: null }),
      runRequest(jobId, { population: { version: "US_2010.v5", locations: ["Lovin_County_TX"] } }),
      of(["-l", "Elk_County_PA"], ["-l", "California"]),
      of(["-o", "betta=0.2"], ["-o", "beta=0.2"]),
      of(["-o", "beta"]),
    ];
    const { body } = await call<{
      runResponses: { status: string; errors: { key: string; error: string }[] | null; runRequest: object }[];
    }>("POST", "/runs", { runRequests: requests });
    expect(body.runResponses.map(({ runRequest }) => runRequest)).toEqual(requests);
    expect(body.runResponses.map(({ status, errors }) => [status, errors?.map(({ key }) => key)])).toEqual([
      ["Submitted", undefined],
      ["Failed", ["-s"]],
      ["Failed", ["--start-date"]],
      ["Failed", ["--end-date"]],
      ["Failed", ["fredVersion"]],
      ["Submitted", undefined],
      ["Failed", ["location"]],
      ["Failed", ["location"]],
      ["Failed", ["-o"]],
      ["Failed", ["-o"]],
    ]);
    const told = body.runResponses.flatMap(({ errors }) => errors ?? []).map(({ error }) => error);
    expect(told).toContainEqual(expect.stringContaining("Lovin_County_TX; the nearest are Loving_County_TX"));
    expect(told).toContainEqual(expect.stringContaining("people; a run has at most 5000000"));
    expect(told).toContainEqual(expect.stringContaining("no shared variable betta; the nearest known is beta"));
  });

  test("a value for a variable that the uploaded model has not is told at once, with the nearest", async () => {
    const jobId = await newJob();
    const { url } = (await call<{ url: string }>("POST", "/jobs", { jobId })).body;
    const body = zipOf({ "main.fred": `variables { shared numeric rate }\n${FLU}` });
    await fetch(url, { method: "PUT", body });
    const of = (value: string) => runRequest(jobId, { fredArgs: [{ flag: "-o", value }] });
    const answer = await call<{ runResponses: { errors: { key: string; error: string }[] | null }[] }>(
      "POST",
      "/runs",
      {
        runRequests: [of("rate=2"), of("rat=2")],
      },
    );
    expect(answer.body.runResponses.map(({ errors }) => errors)).toEqual([
      null,
      [{ key: "-o", error: "the model has no shared variable rat; the nearest known is rate; it has rate" }],
    ]);
  });

  test("an input without a model, and a job without an input, run the built-in epidemic", async () => {
    const { status, log } = await endedRun(zipOf({ "notes.txt": "nothing to run" }), {
      fredArgs: [
        { flag: "--start-date", value: "2020-01-01" },
        { flag: "--end-date", value: "2020-01-03" },
      ],
    });
    expect([status, log]).toEqual(["DONE", expect.stringContaining("the built-in SEIR model runs")]);
  });

  test("a model with a fault ends in an error whose log tells where", async () => {
    const { status, log } = await endedRun(zipOf({ "main.fred": `${MODEL}nonsense here\n` }));
    expect(status).toBe("ERROR");
    expect(log).toMatch(/^(\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] ERROR: [^\n]+\n)+$/);
    expect(log).toContain("main.fred:4");
  });

  test("a model without a fault is run to its end, and its days are in the result", async () => {
    const { status, log } = await endedRun(zipOf({ "main.fred": FLU }));
    expect([status, log]).toEqual(["DONE", expect.not.stringContaining("ERROR")]);
  });

  test.each([
    ["no ZIP", new TextEncoder().encode("this is no ZIP"), "The input is no ZIP"],
    ["a path that leads out", zipOf({ "../main.fred": MODEL }), '"../main.fred", which is not taken'],
    ["an absolute path", zipOf({ "/etc/main.fred": MODEL }), "which is not taken"],
    ["no main.fred", zipOf({ "other.fred": MODEL }), "there is no file main.fred; the model has other.fred"],
    [
      "more files than are taken",
      zipOf(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.txt`, ""]))),
      "more than 1000 files",
    ],
    ["more bytes than are taken", zipSync({ "main.fred": new Uint8Array(257 * 1024 * 1024) }), "inflates to more than"],
  ])("an input that is %s ends in an error that says so", async (_name, zip, sentence) => {
    const { status, log } = await endedRun(zip as Uint8Array<ArrayBuffer>);
    expect([status, log]).toEqual(["ERROR", expect.stringContaining(sentence)]);
  });

  test("an ended run cannot be stopped, can be run again, and goes with its job", async () => {
    const { jobId, runId } = await endedRun(zipOf({ "other.fred": MODEL }));
    const stopped = await call("PATCH", `/runs?id=${runId}&id=999999`);
    expect(stopped.body).toMatchObject({
      description: expect.stringContaining(`Run ${runId} has ended`),
      deletedIds: [],
      failedIds: [
        { runId, reason: "NotFound" },
        { runId: 999_999, reason: "NotFound" },
      ],
    });
    expect((await call("POST", "/runs/retry", `runRequestIds=${runId}`)).body["runRequestIds"]).toEqual([runId]);
    expect((await call("POST", "/runs/retry", "runRequestIds=x")).status).toBe(400);
    expect((await call("DELETE", `/jobs/${jobId}`)).status).toBe(200);
    const gone = await call("DELETE", `/jobs/${jobId}`);
    expect([gone.status, gone.body["description"]]).toEqual([404, `Job ${jobId} not found`]);
    expect((await call<Runs>("GET", `/runs?id=${runId}`)).body.runs).toEqual([]);
  });

  test("a run whose input is missing waits, and when stopped has a log that says so", async () => {
    const jobId = await newJob();
    await call("POST", "/jobs", { jobId });
    const { body } = await call<{ runResponses: { runId: number }[] }>("POST", "/runs", {
      runRequests: [runRequest(jobId)],
    });
    const { runId } = body.runResponses[0]!;
    const shown = async () => (await call<Runs>("GET", `/runs?job_id=${jobId}`)).body.runs[0];
    expect(await shown()).toMatchObject({ status: "QUEUED", podPhase: "Pending" });
    expect((await call("PATCH", `/runs?id=${runId}`)).body).toMatchObject({
      deletedIds: [{ runId, reason: "Success" }],
    });
    expect(await shown()).toMatchObject({ status: "ERROR", podPhase: "Failed" });
    const { urls } = (await call<{ urls: { url: string }[] }>("GET", `/jobs/results?job_id=${jobId}`)).body;
    const files = unzipSync(new Uint8Array(await (await fetch(urls[0]!.url)).arrayBuffer()));
    expect(new TextDecoder().decode(files["work/outputs/logs.txt"])).toContain("stopped by its user");
  });
});

test("jobs are found by all of their tags and their day, the latest first", async () => {
  const ada = callerOf(server.roots.alone, 4711);
  const [first, second] = [await newJob(["a", "b"], ada), await newJob(["a"], ada)];
  const found = async (query: string) =>
    (await ada<{ jobs: { id: number }[] }>("GET", `/jobs/me${query}`)).body.jobs.map(({ id }) => id);
  const today = new Date().toISOString().slice(0, 10);
  expect(await found("")).toEqual([second, first]);
  expect(await found("?tags=a&tags=b")).toEqual([first]);
  expect(await found(`?startDate=${today}&endDate=${today}`)).toEqual([second, first]);
  expect(await found("?endDate=2020-01-01")).toEqual([]);
  expect((await ada("GET", "/jobs/me?startDate=yesterday")).status).toBe(400);
  expect((await ada("GET", "/jobs?latest=true&tags=b")).body["id"]).toBe(first);
  expect((await ada("GET", "/jobs?latest=true&tags=none")).status).toBe(404);
});

test("with a secret, only tokens that the command signs are let in", async () => {
  const env = { EPISTEMIX_TOKEN_SECRET: "not for the log" };
  const signed = await startEpistemix({ ...env, HOST: "0.0.0.0" });
  const { out, code } = await run(["token", "--system", "epistemix", "123"], { env });
  expect(code).toBe(0);
  const tryWith = (token: string) =>
    callerOf(signed.roots.alone)("GET", "/jobs/me", undefined, { "offline-token": token });
  expect((await tryWith(`Bearer ${out.trim()}`)).status).toBe(200);
  expect((await tryWith(tokenOf(123))).status).toBe(403);
  expect(signed.err()).not.toContain("not for the log");
  expect(signed.err()).not.toContain("set EPISTEMIX_TOKEN_SECRET");
  expect((await startEpistemix()).err()).not.toContain("set EPISTEMIX_TOKEN_SECRET");
  expect((await startEpistemix({ HOST: "0.0.0.0" })).err()).toContain("set EPISTEMIX_TOKEN_SECRET");
});
