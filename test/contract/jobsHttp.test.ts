// Long because it is one walk along the contract: a test for each of its sentences.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  type Answer,
  type Caller,
  type Job,
  type JobsServer,
  PASSWORD,
  PREFIX,
  startJobs,
} from "../systems/jobs/support";

setDefaultTimeout(30_000);

let server: JobsServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startJobs({ JOBS_CONCURRENCY: "2" });
  [ada, bob] = [await server.user(), await server.user()];
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const nobody = () => "019ab0c4-0000-7000-8000-000000000000";
const anonymous = (method: string, path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${PREFIX}${path}`, { method, ...init });
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

interface ResultBody {
  result: unknown;
  result_url: string;
  result_size_bytes: number;
  output_format: string | null;
}

interface FaultBody {
  detail: { type: string; loc: (string | number)[]; msg: string; input?: unknown; ctx?: object }[];
}

async function faults(asked: Promise<Response>): Promise<[number, string, string][]> {
  const answer = await asked;
  const { detail } = (await answer.json()) as FaultBody;
  return detail.map(({ type, loc }) => [answer.status, type, loc.join(".")]);
}

describe("accounts", () => {
  const register = (body: object) => anonymous("POST", "/auth/register", { body: JSON.stringify(body) });

  test("registration answers 201 with the account, a taken email 409", async () => {
    const answer = await register({ email: "New@Example.org", password: PASSWORD, full_name: "New One" });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: "new@example.org",
      full_name: "New One",
      is_active: true,
      created_at: expect.stringMatching(RFC3339),
    });
    const again = await register({ email: "new@EXAMPLE.org", password: PASSWORD });
    expect([again.status, await again.json()]).toEqual([409, { detail: "User with this email already exists" }]);
  });

  const bad: [what: string, body: object, type: string, loc: string][] = [
    ["no email", { password: PASSWORD }, "missing", "body.email"],
    ["an email that is none", { email: "ada", password: PASSWORD }, "value_error", "body.email"],
    ["a short password", { email: "a@b.org", password: "1234567" }, "string_too_short", "body.password"],
    ["an endless password", { email: "a@b.org", password: "x".repeat(1025) }, "string_too_long", "body.password"],
    ["many bytes in few letters", { email: "a@b.org", password: "é".repeat(513) }, "value_error", "body.password"],
  ];
  test.each(bad)("registration with %s is refused, and the password is not repeated", async (_, body, type, loc) => {
    const answer = await register(body);
    const text = await answer.text();
    expect(answer.status).toBe(422);
    const { detail } = JSON.parse(text) as FaultBody;
    expect(detail.map((fault) => [fault.type, fault.loc.join(".")])).toEqual([[type, loc]]);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain("1234567");
  });

  test("sign-in takes a form with OAuth2's extras, and a JSON body lacks both members", async () => {
    await register({ email: "form@example.org", password: PASSWORD });
    const form = new URLSearchParams({
      username: "form@example.org",
      password: PASSWORD,
      grant_type: "password",
      client_id: "x",
    });
    const answer = await anonymous("POST", "/auth/login", { body: form });
    const token = (await answer.json()) as { access_token: string; token_type: string };
    expect([answer.status, token.token_type]).toEqual([200, "bearer"]);
    const [, payload] = token.access_token.split(".");
    const claims = JSON.parse(Buffer.from(payload!, "base64url").toString()) as {
      sub: string;
      exp: number;
      iat: number;
    };
    expect(claims.exp - claims.iat).toBe(1800);
    const me = await anonymous("GET", "/auth/me", { headers: { authorization: `Bearer ${token.access_token}` } });
    expect(await me.json()).toMatchObject({ id: claims.sub, email: "form@example.org" });
    const json = anonymous("POST", "/auth/login", {
      body: JSON.stringify({ username: "form@example.org", password: PASSWORD }),
      headers: { "content-type": "application/json" },
    });
    expect(await faults(json)).toEqual([
      [422, "missing", "body.username"],
      [422, "missing", "body.password"],
    ]);
  });

  test("a wrong password is 401, no token 401 with WWW-Authenticate", async () => {
    const form = new URLSearchParams({ username: "form@example.org", password: "wrong password" });
    const wrong = await anonymous("POST", "/auth/login", { body: form });
    expect([wrong.status, await wrong.json()]).toEqual([401, { detail: "Invalid email or password" }]);
    const none = await anonymous("GET", "/auth/me");
    expect([none.status, none.headers.get("www-authenticate"), await none.json()]).toEqual([
      401,
      "Bearer",
      { detail: "Not authenticated" },
    ]);
  });

  test("the token of the local user is for this machine's own programs and pages", async () => {
    const own = await anonymous("POST", "/auth/local");
    expect(own.status).toBe(200);
    for (const headers of [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "x-forwarded-for": "1.2.3.4" },
    ]) {
      expect((await anonymous("POST", "/auth/local", { headers: headers as Record<string, string> })).status).toBe(403);
    }
  });

  test("a webhook secret is shown once and can be replaced", async () => {
    expect((await ada.call("GET", "/auth/webhook-secret")).body).toEqual({ is_set: false });
    const first = await ada.call<{ webhook_secret: string }>("POST", "/auth/webhook-secret");
    const second = await ada.call<{ webhook_secret: string }>("POST", "/auth/webhook-secret");
    expect(first.body.webhook_secret).not.toBe(second.body.webhook_secret);
    expect((await ada.call("GET", "/auth/webhook-secret")).body).toEqual({ is_set: true });
  });
});

describe("submitting", () => {
  test("answers 202 with both names of the id", async () => {
    const answer = await ada.call<Job>("POST", "/simulations", {
      simulation_type: "selftest",
      parameters: {},
      unknown_member: 1,
    });
    expect(answer.status).toBe(202);
    const { job_id } = answer.body;
    expect(answer.body).toMatchObject({
      id: job_id,
      job_id,
      status: "PENDING",
      created_at: expect.stringMatching(RFC3339),
    });
    expect(job_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  const bad: [what: string, body: unknown, type: string, loc: string][] = [
    ["no body", undefined, "missing", "body"],
    ["a list", [], "model_attributes_type", "body"],
    ["no type", { parameters: {} }, "missing", "body.simulation_type"],
    ["an empty type", { simulation_type: "", parameters: {} }, "string_too_short", "body.simulation_type"],
    [
      "an endless type",
      { simulation_type: "x".repeat(256), parameters: {} },
      "string_too_long",
      "body.simulation_type",
    ],
    ["no parameters", { simulation_type: "selftest" }, "missing", "body.parameters"],
    ["a list of parameters", { simulation_type: "selftest", parameters: [] }, "dict_type", "body.parameters"],
    [
      "a text as metadata",
      { simulation_type: "x", parameters: {}, job_metadata: "x" },
      "dict_type",
      "body.job_metadata",
    ],
    [
      "an endless call-back",
      { simulation_type: "x", parameters: {}, callback_url: "x".repeat(2049) },
      "string_too_long",
      "body.callback_url",
    ],
    [
      "parameters that its type refuses",
      { simulation_type: "selftest", parameters: { seconds: 61 } },
      "too_big",
      "body.parameters.seconds",
    ],
    [
      "a time limit of nothing",
      { simulation_type: "selftest", parameters: { timeout_s: 0 } },
      "greater_than",
      "body.parameters.timeout_s",
    ],
    [
      "a priority of ten",
      { simulation_type: "x", parameters: {}, options: { priority: 10 } },
      "less_than_equal",
      "body.options.priority",
    ],
    ["broken JSON", '{"a":', "json_invalid", "body.5"],
  ];
  test.each(bad)("with %s is refused with 422", async (_, body, type, loc) => {
    const { status, body: answer } = await ada.call<FaultBody>("POST", "/simulations", body);
    expect([status, answer.detail[0]!.type, answer.detail[0]!.loc.join(".")]).toEqual([422, type, loc]);
  });

  test("a body over the limit is refused with 413", async () => {
    const small = await startJobs({ JOBS_MAX_BODY_BYTES: "2000" });
    try {
      const user = await small.user();
      const answer = await user.call("POST", "/simulations", {
        simulation_type: "x",
        parameters: { x: "y".repeat(3000) },
      });
      expect(answer.status).toBe(413);
    } finally {
      await small.stop();
    }
  });

  test("parameters over the threshold are kept as a blob, and the job runs all the same", async () => {
    const echo = "e".repeat(150_000);
    const id = await ada.submit("selftest", { echo });
    await ada.reaches(id, "COMPLETED");
    const { body } = await ada.call<{ result: { echo: string } }>("GET", `/simulations/${id}/result`);
    expect(body.result.echo).toBe(echo);
  });

  test("a trailing slash is served alike", async () => {
    expect((await ada.call("GET", "/simulations/")).status).toBe(200);
    expect((await ada.call("GET", "/reports/")).status).toBe(200);
  });
});

describe("an idempotency key", () => {
  const submit = (caller: Caller, key: string, echo: unknown, more: object = {}) =>
    caller.call<Job>(
      "POST",
      "/simulations",
      { simulation_type: "selftest", parameters: { echo, ...more } },
      { "idempotency-key": key },
    );

  test("gives the first job again for the same body, whatever the order of its members", async () => {
    const first = await submit(ada, "k1", { a: 1, b: 2 });
    await ada.reaches(first.body.job_id, "COMPLETED");
    expect((await submit(ada, "k1", { b: 2, a: 1 })).body.job_id).toBe(first.body.job_id);
  });

  test("with another body is refused with 409 that names the first job", async () => {
    const first = await submit(ada, "k2", 1);
    const second = await submit(ada, "k2", 2);
    expect(second.status).toBe(409);
    expect(JSON.stringify(second.body)).toContain(first.body.job_id);
  });

  test("is freed by a job that failed or was cancelled", async () => {
    const failed = await ada.call<Job>(
      "POST",
      "/simulations",
      { simulation_type: "no such type", parameters: {} },
      { "idempotency-key": "k3" },
    );
    await ada.reaches(failed.body.job_id, "FAILED");
    const second = await submit(ada, "k3", 1);
    expect([second.status, second.body.job_id === failed.body.job_id]).toEqual([202, false]);
  });

  test("is each user's own, and without one equal bodies are different jobs", async () => {
    const [mine, his] = [await submit(ada, "k4", 1), await submit(bob, "k4", 1)];
    expect(mine.body.job_id).not.toBe(his.body.job_id);
    expect(await ada.submit("selftest", {})).not.toBe(await ada.submit("selftest", {}));
  });

  test("that comes twice at once makes one job", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(ada, "k5", 1)));
    expect(new Set(answers.map(({ body }) => body.job_id)).size).toBe(1);
  });
});

describe("a job", () => {
  test("runs, and tells all of itself", async () => {
    const id = await ada.submit("selftest", { seconds: 0.1, echo: 1 }, { job_metadata: { name: "first", n: 1 } });
    const job = await ada.reaches(id, "COMPLETED");
    expect(job).toEqual({
      id,
      job_id: id,
      user_id: expect.any(String),
      simulation_type: "selftest",
      status: "COMPLETED",
      progress: 1,
      attempt: 1,
      job_metadata: { name: "first", n: 1 },
      created_at: expect.stringMatching(RFC3339),
      started_at: expect.stringMatching(RFC3339),
      completed_at: expect.stringMatching(RFC3339),
      error: null,
    });
  });

  test("of an unknown type fails at once and says so, also in lists", async () => {
    const id = await ada.submit("no such type", {});
    const { error, attempt } = await ada.reaches(id, "FAILED");
    expect([error!.code, attempt]).toEqual(["NO_HANDLER", 1]);
    const list = await ada.call<Job[]>("GET", "/simulations?simulation_type=no such type&limit=1");
    expect(list.body[0]!.error).toEqual(error);
  });

  test("that keeps failing has failed after its attempts; the waits stand in its timeline", async () => {
    const id = await ada.submit("selftest", { fail: "on purpose" }, { options: { max_attempts: 2 } });
    const job = await ada.reaches(id, "FAILED");
    expect([job.attempt, job.error]).toEqual([2, { code: "SIMULATION_ERROR", message: "on purpose" }]);
    const timeline = await ada.timeline(id);
    expect(timeline.map(({ data }) => data.status)).toEqual(["PENDING", "RUNNING", "PENDING", "RUNNING", "FAILED"]);
    expect(timeline.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(timeline[2]!.data["retry_in_ms"]).toBeWithin(0, 1001);
  });

  test("that fails once succeeds at its second attempt, with progress of its own", async () => {
    const id = await ada.submit("selftest", { fail_times: 1 });
    const job = await ada.reaches(id, "COMPLETED");
    expect(job.attempt).toBe(2);
  });

  test("that takes longer than it may is ended, not tried again", async () => {
    const id = await ada.submit("selftest", { seconds: 30, timeout_s: 0.3 });
    const job = await ada.reaches(id, "FAILED");
    expect([job.error!.code, job.attempt]).toEqual(["TIMEOUT", 1]);
    expect(Date.parse(job.completed_at!) - Date.parse(job.started_at!)).toBeLessThan(1500);
  });
});

describe("a result", () => {
  test("that is not there yet is told by the state", async () => {
    const id = await ada.submit("selftest", { seconds: 1 }, { options: { start_after: "2099-01-01T00:00:00Z" } });
    const { status, body } = await ada.call("GET", `/simulations/${id}/result`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      job_id: id,
      status: "PENDING",
      result: null,
      message: "Simulation is pending",
      output_format: null,
    });
    await ada.call("POST", `/simulations/${id}/cancel`);
    const cancelled = await ada.call("GET", `/simulations/${id}/result`);
    expect(cancelled.body).toMatchObject({ status: "CANCELLED", result: null, message: "Simulation is cancelled" });
  });

  test("over the threshold has a link besides, that needs no token", async () => {
    const id = await ada.submit("selftest", { result_kb: 300, echo: "ü" });
    await ada.reaches(id, "COMPLETED");
    const { body } = await ada.call<ResultBody>("GET", `/simulations/${id}/result`);
    expect(body.result_size_bytes).toBeGreaterThanOrEqual(300 * 1024);
    const linked = await fetch(body.result_url);
    expect(linked.headers.get("content-disposition")).toContain("attachment");
    expect(await linked.json()).toEqual(body.result);
    const left = await ada.call<ResultBody>("GET", `/simulations/${id}/result?inline=false`);
    expect([left.body.result, left.body.output_format]).toEqual([null, "json"]);
    expect((await fetch(left.body.result_url)).status).toBe(200);
  });

  test("below the threshold has no link", async () => {
    const id = await ada.submit("selftest", { echo: [1, { a: null }] });
    await ada.reaches(id, "COMPLETED");
    const { body } = await ada.call("GET", `/simulations/${id}/result`);
    expect(body).toMatchObject({
      result_url: null,
      url_expires_at: null,
      message: null,
      result: { echo: [1, { a: null }] },
    });
  });

  test("over the cap fails the job at once", async () => {
    const small = await startJobs({ JOBS_MAX_RESULT_BYTES: "20000" });
    try {
      const user = await small.user();
      const job = await user.reaches(await user.submit("selftest", { result_kb: 100 }), "FAILED");
      expect([job.error!.code, job.attempt]).toEqual(["RESULT_TOO_LARGE", 1]);
    } finally {
      await small.stop();
    }
  });
});

describe("cancelling", () => {
  test("ends a job that waits or runs, and no other", async () => {
    const waiting = await ada.submit("selftest", {}, { options: { start_after: "2099-01-01T00:00:00Z" } });
    const answer = await ada.call<Job>("POST", `/simulations/${waiting}/cancel`);
    expect([answer.status, answer.body.status]).toEqual([200, "CANCELLED"]);
    expect(answer.body.completed_at).toMatch(RFC3339);
    const again = await ada.call("POST", `/simulations/${waiting}/cancel`);
    expect([again.status, again.body]).toEqual([400, { detail: "Cannot cancel job with status CANCELLED" } as never]);
    const running = await ada.submit("selftest", { seconds: 30 });
    await ada.reaches(running, "RUNNING");
    expect((await ada.call<Job>("POST", `/simulations/${running}/cancel`)).body.status).toBe("CANCELLED");
    const done = await ada.submit("selftest", {});
    await ada.reaches(done, "COMPLETED");
    expect((await ada.call("POST", `/simulations/${done}/cancel`)).body).toEqual({
      detail: "Cannot cancel job with status COMPLETED",
    });
  });
});

describe("lists", () => {
  test("are newest first, paged, filtered and counted", async () => {
    const user = await server.user();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await user.submit(i === 2 ? "other" : "selftest", {}));
    await Promise.all(ids.map((id) => user.reaches(id)));
    const all = await user.call<Job[]>("GET", "/simulations");
    expect(all.body.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(all.headers.get("x-total-count")).toBe("5");
    const page = await user.call<Job[]>("GET", "/simulations?limit=2&offset=1");
    expect(page.body.map(({ id }) => id)).toEqual([ids[3]!, ids[2]!]);
    expect(page.headers.get("x-total-count")).toBe("5");
    const failed = await user.call<Job[]>("GET", "/simulations?status=FAILED");
    expect([failed.body.map(({ id }) => id), failed.headers.get("x-total-count")]).toEqual([[ids[2]!], "1"]);
    const typed = await user.call<Job[]>("GET", "/simulations?simulation_type=selftest&status=COMPLETED");
    expect([typed.body.length, typed.headers.get("x-total-count")]).toEqual([4, "4"]);
  });

  test.each([
    ["limit=0", "greater_than_equal", "query.limit"],
    ["limit=1001", "less_than_equal", "query.limit"],
    ["limit=x", "int_parsing", "query.limit"],
    ["offset=-1", "greater_than_equal", "query.offset"],
    ["status=completed", "enum", "query.status"],
  ])("?%s is refused with 422", async (query, type, loc) => {
    const { status, body } = await ada.call<FaultBody>("GET", `/simulations?${query}`);
    expect([status, body.detail[0]!.type, body.detail[0]!.loc.join(".")]).toEqual([422, type, loc]);
  });

  test("tell browsers of other origins the total", async () => {
    const answer = await ada.call("GET", "/simulations", undefined, { origin: "https://app.example" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(answer.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("x-total-count");
  });
});

describe("reports", () => {
  let done: string;
  beforeAll(async () => {
    done = await ada.submit("selftest", { echo: { mean: 2.5 } }, { job_metadata: { name: "Łódź" } });
    await ada.reaches(done, "COMPLETED");
  });

  interface Report {
    report_id: string;
    status: string;
    download_url: string;
    error: unknown;
    [member: string]: unknown;
  }

  async function report(caller: Caller, body: object): Promise<Answer<Report>> {
    return caller.call<Report>("POST", "/reports", body);
  }

  async function made(id: string): Promise<Report> {
    for (;;) {
      const { body } = await ada.call<Report>("GET", `/reports/${id}`);
      if (body.status === "COMPLETED" || body.status === "FAILED") return body;
      await Bun.sleep(20);
    }
  }

  test.each([
    ["PDF", "application/pdf", "%PDF-"],
    ["html", "text/html; charset=utf-8", "<!doctype html>"],
    ["Json", "application/json", "{"],
    ["CSV", "text/csv; charset=utf-8", ""],
  ])("are made as %s", async (output_format, contentType, begins) => {
    const { status, body } = await report(ada, { simulation_job_ids: [done], report_type: "summary", output_format });
    expect([status, body["output_format"], body["id"]]).toEqual([202, output_format.toUpperCase(), body.report_id]);
    const ready = await made(body.report_id);
    expect(ready).toMatchObject({
      status: "COMPLETED",
      content_type: contentType,
      error: null,
      completed_at: expect.stringMatching(RFC3339),
    });
    const file = await fetch(ready.download_url);
    expect(file.headers.get("content-type")).toBe(contentType);
    expect(file.headers.get("content-disposition")).toContain(`.${output_format.toLowerCase()}`);
    const bytes = await file.bytes();
    expect(bytes.byteLength).toBe(ready["size_bytes"] as number);
    expect(new TextDecoder().decode(bytes.subarray(0, 200)).toLowerCase()).toStartWith(begins.toLowerCase());
  });

  test("lists have no links and are counted", async () => {
    const list = await ada.call<Report[]>("GET", "/reports?status=COMPLETED&limit=2");
    expect(list.body.every(({ download_url }) => download_url === null)).toBe(true);
    expect(Number(list.headers.get("x-total-count"))).toBeGreaterThanOrEqual(list.body.length);
  });

  test("over somebody else's simulation are 404, over one that is not completed 400", async () => {
    const foreign = await report(bob, { simulation_job_ids: [done], report_type: "summary", output_format: "PDF" });
    expect([foreign.status, foreign.body]).toEqual([404, { detail: `Simulation job ${done} not found` } as never]);
    const his = await bob.submit("selftest", {});
    await bob.reaches(his, "COMPLETED");
    const mixed = await report(bob, { simulation_job_ids: [his, done], report_type: "summary", output_format: "PDF" });
    expect(mixed.status).toBe(404);
    const waiting = await ada.submit("selftest", {}, { options: { start_after: "2099-01-01T00:00:00Z" } });
    const early = await report(ada, { simulation_job_ids: [waiting], report_type: "summary", output_format: "PDF" });
    expect([early.status, early.body]).toEqual([
      400,
      { detail: `Simulation job ${waiting} is not completed` } as never,
    ]);
  });

  test.each([
    [{ output_format: "XML" }, "enum", "body.output_format"],
    [{ simulation_job_ids: [] }, "too_short", "body.simulation_job_ids"],
    [{ simulation_job_ids: ["x"] }, "uuid_parsing", "body.simulation_job_ids.0"],
    [{ report_type: "" }, "string_too_short", "body.report_type"],
  ])("with %j are refused with 422", async (wrong, type, loc) => {
    const body = { simulation_job_ids: [done], report_type: "summary", output_format: "PDF", ...wrong };
    const answer = await ada.call<FaultBody>("POST", "/reports", body);
    expect([answer.status, answer.body.detail[0]!.type, answer.body.detail[0]!.loc.join(".")]).toEqual([
      422,
      type,
      loc,
    ]);
  });

  test("of an unknown type fail with NO_HANDLER", async () => {
    const { body } = await report(ada, { simulation_job_ids: [done], report_type: "no such", output_format: "PDF" });
    expect(await made(body.report_id)).toMatchObject({
      status: "FAILED",
      error: { code: "NO_HANDLER" },
      download_url: null,
    });
  });
});

describe("isolation: what is somebody else's is not there", () => {
  test("every route of a job or report is 404 for another user, 422 for no UUID, 401 without a token", async () => {
    const job = await ada.submit("selftest", {});
    await ada.reaches(job, "COMPLETED");
    const made = await ada.call<{ report_id: string }>("POST", "/reports", {
      simulation_job_ids: [job],
      report_type: "summary",
      output_format: "JSON",
    });
    const schedule = await ada.call<{ id: string }>("POST", "/schedules", {
      cron: "0 0 1 1 *",
      job: { simulation_type: "selftest", parameters: {} },
    });
    const routes: [method: string, path: (id: string) => string, id: string, body?: object][] = [
      ["GET", (id) => `/simulations/${id}`, job],
      ["GET", (id) => `/simulations/${id}/result`, job],
      ["GET", (id) => `/simulations/${id}/events`, job],
      ["GET", (id) => `/simulations/${id}/timeline`, job],
      ["POST", (id) => `/simulations/${id}/events/ticket`, job],
      ["POST", (id) => `/simulations/${id}/cancel`, job],
      ["POST", (id) => `/simulations/${id}/retry`, job],
      ["GET", (id) => `/simulations/${id}/deliveries`, job],
      ["POST", (id) => `/simulations/${id}/deliveries/${nobody()}/resend`, job],
      ["GET", (id) => `/reports/${id}`, made.body.report_id],
      ["GET", (id) => `/schedules/${id}`, schedule.body.id],
      ["PATCH", (id) => `/schedules/${id}`, schedule.body.id, { enabled: false }],
      ["DELETE", (id) => `/schedules/${id}`, schedule.body.id],
    ];
    for (const [method, path, id, body] of routes) {
      const status = async (caller: Caller, of: string) => (await caller.call(method, path(of), body)).status;
      expect([method, path("ID"), await status(bob, id)]).toEqual([method, path("ID"), 404]);
      expect([method, path("ID"), await status(ada, nobody())]).toEqual([method, path("ID"), 404]);
      expect([method, path("ID"), await status(ada, "no-uuid")]).toEqual([method, path("ID"), 422]);
      expect([method, path("ID"), (await anonymous(method, path(id))).status]).toEqual([method, path("ID"), 401]);
    }
    for (const path of ["/simulations", "/reports", "/schedules"]) {
      const mine = await bob.call<{ id: string }[]>("GET", path);
      expect(mine.body.map(({ id }) => id)).not.toContain(job);
      expect((await anonymous("GET", path)).status).toBe(401);
    }
  });
});

describe("accounts and types, route by role", () => {
  const ROUTES: [method: string, path: string, anybody: number, user: number][] = [
    ["POST", "/auth/register", 422, 422],
    ["POST", "/auth/login", 422, 422],
    ["POST", "/auth/local", 200, 200],
    ["GET", "/auth/me", 401, 200],
    ["GET", "/auth/webhook-secret", 401, 200],
    ["POST", "/auth/webhook-secret", 401, 200],
    ["GET", "/handlers", 401, 200],
  ];

  test.each(ROUTES)("%s %s", async (method, path, anybody, user) => {
    const local = (await (await anonymous("POST", "/auth/local")).json()) as { access_token: string };
    const tokens = { user: ada.token, superuser: local.access_token, forged: `${ada.token.slice(0, -4)}AAAA` };
    const statuses: Record<string, number> = { anybody: (await anonymous(method, path)).status };
    for (const [role, token] of Object.entries(tokens)) {
      const headers = { authorization: `Bearer ${token}` };
      statuses[role] = (await anonymous(method, path, { headers })).status;
    }
    expect(statuses).toEqual({ anybody, user, superuser: user, forged: anybody });
  });

  test("are all that there are", async () => {
    const answer = await anonymous("GET", "/openapi.json");
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(PREFIX, "")}`),
    );
    const mine = listed.filter((route) => / \/(auth\/|handlers)/.test(route));
    expect(mine.sort()).toEqual(ROUTES.map(([method, path]) => `${method} ${path}`).sort());
  });
});

test("the types are listed with their schemas", async () => {
  const { body } = await ada.call<{
    simulations: { type: string; parameters: object; available: boolean }[];
    reports: object[];
  }>("GET", "/handlers");
  const selftest = body.simulations.find(({ type }) => type === "selftest")!;
  expect(selftest.parameters).toMatchObject({
    type: "object",
    properties: { seconds: { type: "number", maximum: 60 } },
  });
  expect(body.reports).toContainEqual({ type: "summary", formats: ["PDF", "HTML", "JSON", "CSV"] });
});
