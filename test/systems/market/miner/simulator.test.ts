import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { lacks } from "../../../support/lacks";
import { type Served, serve, sourceCommand } from "../../../support/program";
import { until } from "../../../support/until";

setDefaultTimeout(30_000);

const CHILDREN = "/proc, to find the children of a process";

// Simulated workers that the program itself starts: real processes, a real broker, the routes as a page calls them.

const MARKET = ["--only", "market,chain,mqtt"];

interface State {
  available: boolean;
  obstacle: string | null;
  workers: number;
  most_workers: number;
  program: string;
}

interface Worker {
  worker_id: string;
  state: string;
}

async function call<T>(url: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const post = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  };
  const answer = await fetch(url + path, body === undefined ? { headers } : post);
  return { status: answer.status, body: (await answer.json()) as T & { detail?: unknown } };
}

const start = (url: string, workers: number) => call<State>(url, "/api/simulator/start", { workers });
const stop = (url: string) => call<State>(url, "/api/simulator/stop", {});
const state = async (url: string) => (await call<State>(url, "/api/simulator")).body;
const workersAt = async (url: string) => (await call<Worker[]>(url, "/api/workers")).body;

async function rent(url: string, workerId: string): Promise<string> {
  const order = { consumer_id: "consumer-1", worker_id: workerId, duration_sec: 60 };
  return (await call<{ lease_id: string }>(url, "/api/rent", order)).body.lease_id;
}

/** Processes that this one has started and that still run. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

describe("while open", () => {
  let program: Served;

  beforeAll(async () => {
    program = await serve(MARKET);
  });
  afterAll(async () => {
    expect(await program.stop()).toBe(0);
    await rm(program.dataDir, { recursive: true });
  });

  test("workers come, mine what the chain verifies, and go with a goodbye", async () => {
    const { url } = program;
    expect(await state(url)).toEqual({
      available: true,
      obstacle: null,
      workers: 0,
      most_workers: 25,
      program: "npx foresight",
    });
    const names = Array.from({ length: 12 }, (_, i) => `sim-worker-0${String(i + 1).padStart(2, "0")}`);
    const started = await start(url, names.length);
    expect([started.status, started.body.workers]).toEqual([200, names.length]);
    await until(async () => (await workersAt(url)).length === names.length, "all workers");
    expect((await workersAt(url)).map(({ worker_id }) => worker_id)).toEqual(names);

    // Each finds a block every five seconds on average: that none of them does within fifteen will not happen.
    const leases = await Promise.all(names.map((name) => rent(url, name)));
    const hasBlock = async (lease: string) =>
      (await call<{ blocks_found: number }>(url, `/api/leases/${lease}`)).body.blocks_found > 0;
    await until(async () => (await Promise.all(leases.map(hasBlock))).some(Boolean), "a block that the chain verified");
    for (const lease_id of leases) await call(url, "/api/stop", { lease_id });

    const stopped = await stop(url);
    expect([stopped.status, stopped.body.workers]).toEqual([200, 0]);
    await until(async () => (await workersAt(url)).every((worker) => worker.state === "offline"), "their goodbyes");
    expect((await call<{ mqtt_clients: string[] }>(url, "/api/status")).body.mqtt_clients).toEqual([]);
  });

  test("a second start is refused while there are some, a second stop is not; afterwards others come", async () => {
    const { url } = program;
    expect((await Promise.all([start(url, 1), start(url, 2)])).map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await start(url, 1)).body.detail).toMatch(/^There are \d simulated workers already; stop them first\.$/);
    expect((await Promise.all([stop(url), stop(url)])).map(({ status }) => status)).toEqual([200, 200]);
    expect((await start(url, 2)).body.workers).toBe(2);
    await until(
      async () => (await workersAt(url)).filter((one) => one.state === "AVAILABLE").length === 2,
      "two again",
    );
    expect((await stop(url)).body.workers).toBe(0);
  });

  test.each([0, 26, -1, 1.5, "many", null, 1e308])("%p workers are refused", async (workers) => {
    expect((await call(program.url, "/api/simulator/start", { workers })).status).toBe(422);
    expect((await state(program.url)).workers).toBe(0);
  });

  test("a page of another origin, and whoever is behind a proxy, is refused and told so beforehand", async () => {
    for (const headers of [
      { origin: "http://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "x-forwarded-for": "203.0.113.7" },
    ] as Record<string, string>[]) {
      for (const path of ["/api/simulator/start", "/api/simulator/stop"]) {
        const { status, body } = await call(program.url, path, {}, headers);
        expect([status, typeof body.detail]).toEqual([403, "string"]);
      }
      const { body } = await call<State>(program.url, "/api/simulator", undefined, headers);
      expect([body.available, typeof body.obstacle]).toEqual([false, "string"]);
    }
    expect((await state(program.url)).workers).toBe(0);
  });

  test("workers of a foresight miner elsewhere are not thrown out", async () => {
    const port = String(program.mqttPort);
    await using miner = Bun.spawn([...sourceCommand, "miner", "--workers", "1", "--mqtt-port", port], {
      stdout: "ignore",
    });
    const clients = async () => (await call<{ mqtt_clients: string[] }>(program.url, "/api/status")).body.mqtt_clients;
    await until(async () => (await clients()).length === 1, "the miner");
    const { status, body } = await start(program.url, 1);
    expect([status, body.detail]).toEqual([
      409,
      "sim-worker-001 is connected from elsewhere; end that foresight miner first.",
    ]);
    miner.kill();
    expect(await miner.exited).toBe(0);
  });

  test.skipIf(lacks(CHILDREN, existsSync("/proc/self/task")))(
    "when their process is killed they are offline at once",
    async () => {
      const { url } = program;
      await start(url, 2);
      await until(async () => (await workersAt(url)).filter((one) => one.state === "AVAILABLE").length === 2, "two");
      const [child] = childrenOf(program.pid);
      process.kill(child!, "SIGKILL");
      await until(async () => (await state(url)).workers === 0, "the end of the child to be seen");
      await until(async () => (await workersAt(url)).every((worker) => worker.state === "offline"), "their last wills");
      expect((await start(url, 1)).status).toBe(200);
      await stop(url);
    },
  );
});

describe.skipIf(lacks(CHILDREN, existsSync("/proc/self/task")))("the process of simulated workers", () => {
  test.each(["SIGTERM", "SIGKILL"] as const)("ends with the program on %s", async (signal) => {
    const program = await serve(MARKET);
    await start(program.url, 2);
    const [child] = childrenOf(program.pid);
    expect(child).toBeNumber();
    const code = await program.stop(signal);
    if (signal === "SIGTERM") expect(code).toBe(0);
    await until(() => !existsSync(`/proc/${child}`), "the end of the child");
    await rm(program.dataDir, { recursive: true });
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

test.skipIf(lacks("the address ::1", hasIpv6))(
  "a market that listens on IPv6 alone simulates workers too",
  async () => {
    const program = await serve([...MARKET, "--host", "::1"]);
    expect(program.url).toStartWith("http://[::1]:");
    expect(await start(program.url, 1)).toMatchObject({ status: 200, body: { workers: 1 } });
    expect(await program.stop()).toBe(0);
    await rm(program.dataDir, { recursive: true });
  },
);

test("a closed market simulates nothing, and tells everybody so in its own words", async () => {
  const env = { MARKET_ADMIN_KEY: "a-key-of-this-test-alone" };
  const program = await serve([...MARKET, "--host", "0.0.0.0"], { env });
  const nobody = await call(program.url, "/api/simulator/start", {});
  expect(nobody).toEqual({ status: 401, body: { detail: "Workers are simulated only while the market is open." } });
  const admin = { "x-api-key": env.MARKET_ADMIN_KEY };
  const { status, body } = await call(program.url, "/api/simulator/start", {}, admin);
  expect([status, body.detail]).toEqual([404, expect.stringContaining("an open market with a broker of its own")]);
  expect(await state(program.url)).toMatchObject({ available: false, workers: 0 });
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

const lanAddress = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

test.skipIf(lacks("an address in a network", lanAddress !== undefined))(
  "an open market simulates nothing for callers from the network",
  async () => {
    const program = await serve([...MARKET, "--host", "0.0.0.0", "--open"]);
    const { port } = new URL(program.url);
    const { status, body } = await start(`http://${lanAddress}:${port}`, 1);
    expect([status, body.detail]).toEqual([403, expect.stringContaining("own machine alone")]);
    expect((await start(program.url, 1)).status).toBe(200);
    expect(await program.stop()).toBe(0);
    await rm(program.dataDir, { recursive: true });
  },
);
