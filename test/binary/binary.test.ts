import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { extractText } from "unpdf";
import { swiftShaderEnvironment } from "../support/chromium";
import { until } from "../support/until";
import { buildAlone, type Executable, filesHeldBy, residentBytes } from "./executable";

setDefaultTimeout(30_000);

/** Measured on this machine and printed; these are the limits beyond which something is wrong. */
const MAX_FIRST_ANSWER_MS = 1000;
const MAX_IDLE_BYTES = 150e6;
/** With every system loaded, the threads of batches and of jobs at work, and the description of the API made. */
const MAX_USED_BYTES = 220e6;
const STARTS = 3;

let executable: Executable;
let base: string;
let bare: Record<string, string>;
/** Servers to end when a test failed before it ended them. */
const running = new Set<Bun.Subprocess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "foresight-binary-"));
  bare = { PATH: "/usr/bin:/bin", XDG_CACHE_HOME: join(base, "cache") };
  executable = await buildAlone(join(base, "alone"));
  const { sizeBytes, buildMs } = executable;
  measured(`executable of ${(sizeBytes / 1e6).toFixed(0)} MB, built in ${(buildMs / 1000).toFixed(1)} s`);
}, 120_000);

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

function measured(what: string): void {
  process.stderr.write(`measured: ${what}\n`);
}

async function run(args: string[], environment: Record<string, string> = {}) {
  const child = Bun.spawn([executable.path, ...args], {
    cwd: base,
    env: { ...bare, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { out, err, exitCode: await child.exited };
}

/** Starts the server on a free port and waits for its first answer. */
async function serve(dataDir: string, environment: Record<string, string> = {}) {
  const began = performance.now();
  const args = ["serve", "--port", "0", "--mqtt-port", "0", "--data-dir", dataDir];
  const child = Bun.spawn([executable.path, ...args], {
    cwd: base,
    env: { ...bare, ...environment },
    stdin: "ignore",
    stderr: "pipe",
  });
  running.add(child);
  const lines: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      lines.push(decoder.decode(chunk, { stream: true }));
      const url = /serves on (\S+)/.exec(lines.join(""))?.[1];
      if (url !== undefined) resolve(url);
    }
    resolve("");
  })();
  const url = await promise;
  if (url === "") throw new Error(`the server did not start:\n${lines.join("")}`);
  const health = await fetch(new URL("/health", url));
  expect(health.status).toBe(200);
  const firstAnswerMs = performance.now() - began;
  async function stop() {
    child.kill("SIGTERM");
    const exitCode = await child.exited;
    await reading;
    return { exitCode, signal: child.signalCode as string | null, log: lines.join("") };
  }
  return { url, firstAnswerMs, pid: child.pid, stop };
}

async function get(url: string, path: string, accept = "application/json") {
  const answer = await fetch(new URL(path, url), { headers: { accept } });
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", body: await answer.text() };
}

describe("the executable, alone in a folder, its sources gone", () => {
  test("starts fast, is small while idle, and ends with 0 on SIGTERM", async () => {
    const firstAnswersMs: number[] = [];
    let idleBytes = 0;
    for (let start = 0; start < STARTS; start++) {
      const server = await serve(join(base, "same-data"));
      firstAnswersMs.push(server.firstAnswerMs);
      idleBytes = Math.max(idleBytes, await residentBytes(server.pid));
      expect(await server.stop()).toMatchObject({ exitCode: 0, signal: null });
    }
    const median = firstAnswersMs.sort((a, b) => a - b)[STARTS >> 1]!;
    measured(
      `first answer after ${median.toFixed(0)} ms (median of ${STARTS}), ${(idleBytes / 1e6).toFixed(0)} MB idle`,
    );
    expect(median).toBeLessThan(MAX_FIRST_ANSWER_MS);
    expect(idleBytes).toBeLessThan(MAX_IDLE_BYTES);
  });

  test("serves pages, the API page and calculations, holding no file but its own and the system's", async () => {
    const dataDir = join(base, "data");
    const server = await serve(dataDir);
    const simulated = await fetch(new URL("/simulate", server.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ forecast_length_days: 30 }),
    });
    expect(simulated.status).toBe(200);
    expect(JSON.stringify(await simulated.json()).length).toBeGreaterThan(100);
    const plots = await get(server.url, "/latest-simulation/plots?max_plots=1");
    expect([plots.status, plots.body.includes("iVBORw0KGgo")]).toEqual([200, true]);

    for (const place of ["/", "/docs"]) {
      const page = await get(server.url, place, "text/html");
      expect(page).toMatchObject({ status: 200, type: expect.stringContaining("text/html") });
      const scripts = [...page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
      expect(scripts.length).toBeGreaterThan(2);
      for (const path of scripts.filter((one) => one.includes(".")))
        expect((await get(server.url, path)).status).toBe(200);
    }
    expect(JSON.parse((await get(server.url, "/openapi.json")).body).openapi).toStartWith("3.");
    expect((await get(server.url, "/metrics")).body).toContain("foresight_build_info");
    const examined = JSON.parse((await get(server.url, "/api/system/doctor")).body) as {
      name: string;
      outcome: string;
    }[];
    expect(examined.filter(({ outcome }) => outcome === "fails")).toEqual([]);
    expect(examined.find(({ name }) => name === "inference")?.outcome).toBe("works");

    const own = [executable.path, dataDir, join(base, "cache")];
    const system = /^\/(usr|lib|lib64|etc|dev|proc|sys)\/|^\/memfd:/;
    const held = await filesHeldBy(server.pid);
    expect(held).toContain(executable.path);
    expect(held.filter((path) => !system.test(path) && !own.some((mine) => path.startsWith(mine)))).toEqual([]);
    const usedBytes = await residentBytes(server.pid);
    measured(`${(usedBytes / 1e6).toFixed(0)} MB after use`);
    expect(usedBytes).toBeLessThan(MAX_USED_BYTES);
    expect(await server.stop()).toMatchObject({ exitCode: 0, signal: null });
  });

  test("makes a report as PDF of a finished job", async () => {
    const server = await serve(join(base, "jobs-data"));
    const api = (path: string) => new URL(`/api/v1${path}`, server.url);
    const token = (await (await fetch(api("/auth/local"), { method: "POST" })).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token.access_token}`, "content-type": "application/json" };
    const post = async (path: string, body: object) =>
      (await (await fetch(api(path), { method: "POST", headers, body: JSON.stringify(body) })).json()) as {
        id: string;
      };
    const ended = async (path: string) => {
      let state: { status: string; download_url?: string } = { status: "" };
      await until(async () => {
        state = (await (await fetch(api(path), { headers })).json()) as typeof state;
        return ["COMPLETED", "FAILED"].includes(state.status);
      }, `the end of ${path}`);
      return state;
    };
    const job = await post("/simulations", {
      simulation_type: "selftest",
      parameters: { echo: "Łódź" },
      job_metadata: { name: "Đà Nẵng" },
    });
    expect(await ended(`/simulations/${job.id}`)).toMatchObject({ status: "COMPLETED" });
    const began = performance.now();
    const report = await post("/reports", {
      report_type: "summary",
      output_format: "PDF",
      simulation_job_ids: [job.id],
    });
    const done = await ended(`/reports/${report.id}`);
    measured(`a first report as PDF after ${(performance.now() - began).toFixed(0)} ms`);
    expect(done).toMatchObject({ status: "COMPLETED" });
    const pdf = await (await fetch(new URL(done.download_url!, server.url))).bytes();
    const { text } = await extractText(pdf, { mergePages: true });
    for (const part of ["Đà Nẵng", "Łódź", job.id]) expect(text).toContain(part);
    expect(await server.stop()).toMatchObject({ exitCode: 0, signal: null });
  });

  test("runs a plug-in, whose schema is made with what is inside it", async () => {
    const folder = join(base, "plugins");
    await mkdir(folder);
    const code = `export default ({ z }: { z: any }) => ({
      type: "doubles", params: z.object({ n: z.number() }), run: ({ n }: { n: number }) => ({ twice: 2 * n }) });`;
    await Bun.write(join(folder, "doubles.ts"), code);
    const server = await serve(join(base, "plugin-data"), { PLUGINS_DIR: folder });
    const local = await fetch(new URL("/api/v1/auth/local", server.url), { method: "POST" });
    const { access_token } = (await local.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${access_token}` };
    const submitted = await fetch(new URL("/api/v1/simulations", server.url), {
      method: "POST",
      headers,
      body: JSON.stringify({ simulation_type: "doubles", parameters: { n: 21 } }),
    });
    const { job_id } = (await submitted.json()) as { job_id: string };
    let answer: { result?: object } = {};
    await until(async () => {
      const asked = await fetch(new URL(`/api/v1/simulations/${job_id}/result`, server.url), { headers });
      answer = (await asked.json()) as typeof answer;
      return answer.result != null;
    }, "the plug-in's result");
    expect(answer.result).toEqual({ twice: 42 });
    expect(await server.stop()).toMatchObject({ exitCode: 0, signal: null });
  });

  test("writes nothing beside itself", async () => {
    expect(await readdir(dirname(executable.path))).toEqual(["foresight"]);
  });
});

describe("doctor", () => {
  test("tries both native add-ons from inside the executable", async () => {
    const { out, err, exitCode } = await run(
      ["doctor", "--port", "0", "--mqtt-port", "0"],
      (await swiftShaderEnvironment()) as unknown as Record<string, string>,
    );
    expect(err).toBe("");
    expect(out).toMatch(/^works +GPU +SwiftShader.* 1000 of 1000 values right/m);
    expect(out).toMatch(/^works +inference +onnxruntime \d/m);
    expect(out).toEndWith("Everything that is needed works.\n");
    expect(out).not.toContain("\x1b");
    expect(exitCode).toBe(0);
    const unpacked = (await readdir(join(base, "cache/foresight"))).sort();
    expect(unpacked).toEqual([expect.stringMatching(/^dawn-/), expect.stringMatching(/^onnxruntime-/)]);
  });

  test("tells programs the same, and that no GPU is no fault", async () => {
    const hidden = { VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };
    const { out, exitCode } = await run(["doctor", "--json", "--port", "0", "--mqtt-port", "0"], hidden);
    const report = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(report.ok).toBe(true);
    expect(report.checks.find(({ name }: { name: string }) => name === "GPU").outcome).toBe("missing");
  });

  test("exits with 1 when something that is needed fails", async () => {
    using other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    const { out, exitCode } = await run(["doctor", "--port", "0", "--mqtt-port", String(other.port)]);
    expect(exitCode).toBe(1);
    expect(out).toContain(`MQTT_PORT ${other.port} in use by another program`);
  });
});

test("licenses prints every notice to the last line, into a pipe too", async () => {
  const { out, exitCode } = await run(["licenses"]);
  expect(exitCode).toBe(0);
  for (const name of ["onnxruntime-node", "webgpu", "zod", "preact", "bun"])
    expect(out).toMatch(new RegExp(`^${name} \\d`, "m"));
  expect(out.length).toBeGreaterThan(400_000);
  expect(out.trimEnd()).toEndWith("That's all there is to it!");
});

test("help names the file that was called; a wrong call is refused in one sentence, with 2", async () => {
  expect((await run(["--help"])).out).toContain(`Usage: ./${basename(executable.path)} [COMMAND]`);
  expect(await run(["serve", "--prot", "80"])).toMatchObject({
    exitCode: 2,
    out: "",
    err: expect.stringContaining("--prot"),
  });
  expect(await run(["--child", "gpu"])).toMatchObject({
    exitCode: 2,
    out: "",
    err: expect.stringContaining("--child"),
  });
});
