import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { freePort } from "../../support/ports";
import { until } from "../../support/until";
import { type Caller, caller, type JobsServer, login, PASSWORD, PREFIX, startJobs } from "./support";

setDefaultTimeout(60_000);

const BOSS = "boss@example.org";
const FLOWER = "flower:secret";
const jobsPort = freePort();
const flowerPort = freePort();
let server: JobsServer;
let boss: Caller;
let user: Caller;
beforeAll(async () => {
  const env = {
    JOBS_PORT: `${jobsPort}`,
    FLOWER_PORT: `${flowerPort}`,
    FLOWER_BASIC_AUTH: FLOWER,
    APP_NAME: "My Service",
  };
  server = await startJobs(env, { args: ["--admin", BOSS] });
  await fetch(`${server.url}${PREFIX}/auth/register`, {
    method: "POST",
    body: JSON.stringify({ email: BOSS, password: PASSWORD }),
  });
  boss = caller(server.url, await login(server.url, BOSS, PASSWORD));
  user = await server.user();
});
afterAll(() => server.stop());

describe("the monitor", () => {
  test("is for superusers alone", async () => {
    const routes = [
      ["GET", "/monitor/workers"],
      ["GET", "/monitor/queues"],
      ["GET", "/monitor/tasks"],
      ["POST", `/monitor/tasks/${crypto.randomUUID()}/retry`],
      ["POST", "/monitor/queues/simulations/pause"],
    ] as const;
    for (const [method, path] of routes) {
      expect([path, (await user.call(method, path)).status]).toEqual([path, 403]);
      expect([path, (await fetch(`${server.url}${PREFIX}${path}`, { method })).status]).toEqual([path, 401]);
    }
  });

  test("shows everybody's jobs, and submits one again for its own user", async () => {
    const id = await user.submit("no such type", {});
    await user.reaches(id, "FAILED");
    const tasks = await boss.call<{ job_id: string; worker: string }[]>(
      "GET",
      "/monitor/tasks?state=FAILED&type=no such type",
    );
    expect(tasks.body.map(({ job_id }) => job_id)).toContain(id);
    const again = await boss.call<{ job_id: string }>("POST", `/monitor/tasks/${id}/retry`);
    expect(again.status).toBe(202);
    expect((await user.reaches(again.body.job_id, "FAILED"))["simulation_type"]).toBe("no such type");
  });

  test("pauses a queue and goes on with it", async () => {
    await boss.call("POST", "/monitor/queues/simulations/pause");
    const id = await user.submit("selftest", {});
    const queues = await boss.call<{ queue: string; ready: number; paused: boolean }[]>("GET", "/monitor/queues");
    expect(queues.body.find(({ queue }) => queue === "simulations")).toMatchObject({ ready: 1, paused: true });
    expect((await user.status(id)).status).toBe("PENDING");
    await boss.call("POST", "/monitor/queues/simulations/resume");
    await user.reaches(id, "COMPLETED");
    expect((await boss.call("POST", "/monitor/queues/none/pause")).status).toBe(404);
  });

  test("tells what is at work", async () => {
    const id = await user.submit("selftest", { seconds: 5 });
    await user.reaches(id, "RUNNING");
    const workers = await boss.call<{ queue: string; running: string[] }[]>("GET", "/monitor/workers");
    expect(workers.body.find(({ queue }) => queue === "simulations")!.running).toContain(id);
    await user.call("POST", `/simulations/${id}/cancel`);
  });

  test("has figures for Prometheus, without a token", async () => {
    await until(async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return (
        /foresight_jobs\{type="selftest",status="COMPLETED"\} \d+/.test(text) &&
        text.includes("foresight_jobs_queue_depth")
      );
    }, "the figures");
    const text = await (await fetch(`${server.url}/metrics`)).text();
    for (const name of [
      "foresight_jobs_wait_seconds_count",
      "foresight_jobs_run_seconds_count",
      "foresight_jobs_slots",
    ]) {
      expect(text).toContain(name);
    }
  });
});

describe("Flower's API", () => {
  const basic = { authorization: `Basic ${Buffer.from(FLOWER).toString("base64")}` };

  test.each([
    ["on its own port", () => `http://127.0.0.1:${flowerPort}/api`],
    ["on the main port", () => `${server.url}/flower/api`],
  ])("stands %s, behind its password", async (_, base) => {
    for (const headers of [{}, { authorization: `Bearer ${boss.token}` }, { authorization: "Basic eDp5" }]) {
      const answer = await fetch(`${base()}/workers`, { headers: headers as Record<string, string> });
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="flower"']);
    }
    const id = await user.submit("selftest", { fail_times: 1 });
    await user.reaches(id, "COMPLETED");
    const get = async (path: string) => (await fetch(`${base()}${path}`, { headers: basic })).json();
    expect(await get(`/task/info/${id}`)).toMatchObject({ uuid: id, name: "selftest", state: "SUCCESS", retries: 1 });
    expect(Object.keys((await get("/tasks?limit=5")) as object)).toContain(id);
    expect(await get("/queues/length")).toMatchObject({
      active_queues: expect.arrayContaining([{ name: "simulations", messages: 0 }]),
    });
    const [worker] = Object.values((await get("/workers")) as Record<string, { status: boolean }>);
    expect(worker!.status).toBe(true);
    const waiting = await user.submit("selftest", {}, { options: { start_after: "2099-01-01T00:00:00Z" } });
    const revoked = await fetch(`${base()}/task/revoke/${waiting}`, { method: "POST", headers: basic });
    expect(revoked.status).toBe(200);
    expect((await user.status(waiting)).status).toBe("CANCELLED");
  });

  test("is alone on its port", async () => {
    const answer = await fetch(`http://127.0.0.1:${flowerPort}${PREFIX}/simulations`);
    expect(answer.status).toBe(404);
  });
});

describe("alone on its own port", () => {
  const own = `http://127.0.0.1:${jobsPort}`;

  test("jobs answer as the original does", async () => {
    expect(await (await fetch(`${own}/health`)).json()).toMatchObject({ status: "healthy", service: "My Service" });
    const there = caller(own, user.token);
    const id = await there.submit("selftest", { result_kb: 200 });
    await there.reaches(id, "COMPLETED");
    const { body } = await there.call<{ result_url: string }>("GET", `/simulations/${id}/result?inline=false`);
    expect(body.result_url).toStartWith(own);
    expect((await fetch(body.result_url)).status).toBe(200);
  });

  test.each([
    ["the main port", () => server.url],
    ["its own", () => own],
  ])("%s describes this system alone below its prefix", async (_, base) => {
    const document = (await (await fetch(`${base()}${PREFIX}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { responses: object }>>;
    };
    const paths = Object.keys(document.paths);
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.every((path) => path.startsWith(PREFIX))).toBe(true);
    expect(paths).toContain(`${PREFIX}/simulations/{job_id}/result`);
    for (const page of ["docs", "redoc"]) {
      const answer = await fetch(`${base()}${PREFIX}/${page}`);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    }
  });
});
