import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { KNOWN_API_KEY } from "../../src/systems/forecasting";
import { lacks } from "../support/lacks";
import { run, type Served, scratchFolder, serve } from "../support/program";
import recorded from "./nixtlaRequests.json";

setDefaultTimeout(180_000);

/** The `nixtla` client: its recorded requests, and itself where `NIXTLA_PYTHON` names a Python that has it. */

const CLIENT_VERSION = "0.9.0";
const python = process.env["NIXTLA_PYTHON"] ?? "python3";
const LIMIT_BYTES = 8 * 1024 * 1024;

async function clientVersion(): Promise<string | undefined> {
  if (Bun.which(python) === null) return undefined;
  const script = "from importlib.metadata import version; print(version('nixtla'))";
  const { out } = await run(["-c", script], { command: [python] });
  return out.trim();
}

const isThere = (await clientVersion()) === CLIENT_VERSION;

let served: Served;
beforeAll(async () => {
  const env = { WORKERS: "2", FORECAST_MAX_BODY_BYTES: String(LIMIT_BYTES) };
  served = await serve(["--only", "forecasting"], { dataDir: scratchFolder(), env });
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

const headers = { authorization: `Bearer ${KNOWN_API_KEY}` };

async function ask(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
  const isBytes = body instanceof Uint8Array;
  const answer = await fetch(served.url + path, {
    method,
    headers: { ...headers, ...more },
    ...(body !== undefined && { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

interface Recorded {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Record<string, unknown> & { series?: { sizes: number[] }; h?: number; level?: number[] | number | null };
  status: number;
}

const requests = recorded as unknown as Recorded[];
const named = requests.map((one, place) => [`${place}: ${one.method} ${one.path}`, one] as const);

describe("a recorded request is answered as the client needs it", () => {
  test.each(named)("%s", async (_name, { method, path, headers: own, body, status }) => {
    const answer = await ask(method, path, body, own);
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.body.detail).toEqual(expect.any(String));
    if (status !== 200 || body?.series === undefined) return;
    const { mean, intervals, sizes, idxs, anomaly } = answer.body as Record<string, never[]>;
    const rows = sizes === undefined ? body.series.sizes.length * body.h! : sizes.reduce((sum, size) => sum + size, 0);
    expect(mean!.length).toBe(rows);
    const levels = [body.level ?? []].flat();
    const keys = [...new Set(levels)].flatMap((level) => [`lo-${level}`, `hi-${level}`]);
    expect(Object.keys(intervals ?? {}).sort()).toEqual(keys.sort());
    for (const values of Object.values(intervals ?? {})) expect((values as never[]).length).toBe(rows);
    if (path.includes("cross_validation") || path.includes("online")) expect(idxs!.length).toBe(rows);
    if (path.includes("anomaly")) expect(anomaly!.length).toBe(rows);
  });
});

describe("bodies compressed with zstd", () => {
  const payload = (series: number) => ({
    series: { y: Array.from({ length: series * 30 }, (_, t) => (t * 7) % 13), sizes: Array(series).fill(30) },
    h: 2,
    model: "seasonal_naive",
  });
  const compressed = (value: unknown) => new Uint8Array(Bun.zstdCompressSync(JSON.stringify(value)));
  const zstd = { "content-encoding": "zstd" };

  test("are read", async () => {
    const { status, body } = await ask("POST", "/v2/forecast", compressed(payload(40)), zstd);
    expect([status, body.mean.length]).toEqual([200, 80]);
  });

  test("that inflate beyond the limit are refused with 413, however small they are", async () => {
    const bomb = new Uint8Array(Bun.zstdCompressSync(new Uint8Array(LIMIT_BYTES + 1)));
    expect(bomb.length).toBeLessThan(10_000);
    const { status, body } = await ask("POST", "/v2/forecast", bomb, zstd);
    expect([status, body.detail]).toEqual([413, expect.stringContaining(`more than ${LIMIT_BYTES} bytes`)]);
  });

  test("that are damaged, or compressed otherwise, are refused", async () => {
    const damaged = compressed(payload(40)).fill(0, 8, 40);
    expect((await ask("POST", "/v2/forecast", damaged, zstd)).status).toBe(400);
    expect((await ask("POST", "/v2/forecast", damaged, { "content-encoding": "br" })).status).toBe(415);
  });
});

describe("jobs", () => {
  const body = { series: { y: [1, 2, 3, 4, 5, 6], sizes: [6] }, h: 2, model: "drift" };
  const stateOf = async (id: string) => (await ask("GET", `/v2/forecast/jobs/${id}`)).body;

  test("are taken on, asked after, and give the answer that the request itself gives", async () => {
    const submitted = await ask("POST", "/v2/forecast/async", body);
    expect(submitted.status).toBe(202);
    let job = await stateOf(submitted.body.job_id);
    while (job.status === "pending" || job.status === "running") job = await stateOf(submitted.body.job_id);
    expect(job).toMatchObject({ status: "succeeded", error: null });
    expect(job.result).toEqual((await ask("POST", "/v2/forecast", body)).body);
    expect((await ask("POST", `/v2/async/jobs/${submitted.body.job_id}/cancel`)).status).toBe(409);
  });

  test("fail with a sentence, and one that is not known is not found", async () => {
    const { job_id } = (await ask("POST", "/v2/forecast/async", { ...body, model: "nobody" })).body;
    let job = await stateOf(job_id);
    while (job.status === "pending" || job.status === "running") job = await stateOf(job_id);
    expect(job).toMatchObject({ status: "failed", error: expect.stringContaining("There is no model nobody") });
    expect((await ask("GET", "/v2/forecast/jobs/none")).status).toBe(404);
  });
});

const needed = `a Python 3.11 with nixtla ${CLIENT_VERSION} (NIXTLA_PYTHON)`;
describe.skipIf(lacks(needed, isThere))("the nixtla client", () => {
  let told: Record<string, unknown>;
  beforeAll(async () => {
    const script = join(import.meta.dir, "nixtlaClient.py");
    const { out, err, code } = await run([script, served.url, KNOWN_API_KEY], { command: [python] });
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    told = JSON.parse(out.trim().split("\n").at(-1)!);
  });

  test("has its key accepted, and is told of usage and models", () => {
    expect(told).toMatchObject({ valid: true, usage: { minute: { limit: null } } });
    expect(told["models"]).toEqual(expect.arrayContaining(["ensemble", "timegpt-1"]));
  });

  test("forecasts several series with levels, quantiles, covariates and what they explain", () => {
    expect(told["forecast"]).toMatchObject({
      ids: ["a", "a", "a", "b", "b", "b"],
      dates: ["2024-01-01", "2024-02-01", "2024-03-01", "2024-01-01", "2024-02-01", "2024-03-01"],
    });
    expect(told["quantiles"]).toEqual(["unique_id", "ds", "TimeGPT", "TimeGPT-q-10", "TimeGPT-q-50", "TimeGPT-q-90"]);
    expect([told["ordered"], told["promo"]]).toEqual([true, [15, 10, 15]]);
    expect(told["shares"]).toBeLessThan(1e-9);
    expect(told["history"]).toEqual([expect.any(Number), 0]);
  });

  test("cross-validates, and finds anomalies in the past and at the end", () => {
    expect(told["cross_validation"]).toMatchObject([12, ["2023-06-01", "2023-09-01"], expect.any(Array)]);
    expect(told["actuals"]).toBe(true);
    expect(told["anomalies"]).toContain("2023-05-01");
    expect(told["online"]).toEqual([4, [false, false, false, true]]);
  });

  test("submits jobs, waits for them and cancels one", () => {
    expect(told).toMatchObject({ job: true, job_anomalies: 4, status: "cancelled" });
  });

  test("sends more than a megabyte, whole and in parts, and is told what is not served", () => {
    expect([told["many"], told["partitions"]]).toEqual([3000, 3000]);
    expect(told["finetune"]).toEqual([422, expect.stringContaining("Fine-tuning is not served")]);
    expect(told["simulate"]).toEqual([501, expect.stringContaining("is not served here")]);
    expect(told["no_model"]).toEqual([404, expect.stringContaining("There is no model nobody here")]);
  });
});
