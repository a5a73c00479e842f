import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { run, type Served, scratchFolder, serve, sourceCommand } from "../support/program";
import { until } from "../support/until";

setDefaultTimeout(90_000);

/** A market whose broker asks who comes, open and closed: miners get in, and speak for their own worker alone. */

const folder = scratchFolder();
const users = join(folder, "users.jsonl");
afterAll(() => rmSync(folder, { recursive: true }));

async function enroll(worker: string): Promise<string> {
  const { code, err } = await run(["market", "enroll", worker, "--file", users]);
  expect(code).toBe(0);
  return /told this once: (\S+)/.exec(err)![1]!;
}

const workersOf = async ({ url }: Served) =>
  ((await (await fetch(`${url}/api/workers`)).json()) as { worker_id: string }[]).map(({ worker_id }) => worker_id);

async function speak(port: number, clientId: string, worker: string, secret?: { username: string; password: string }) {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId, reconnectPeriod: 0, ...secret }, false);
  client.on("error", () => undefined);
  const payload = JSON.stringify({ worker_id: worker, gpu_count: 1 });
  await client.publishAsync(`xenminer/${worker}/register`, payload, { qos: 1 });
  return client;
}

const lines = () => readFileSync(users, "utf8");

describe.each(["127.0.0.1", "0.0.0.0"])("a market on %s with a file of users", (host) => {
  test("hears enrolled miners under each of their names, and nobody for another's worker", async () => {
    const token = await enroll("rig-1");
    const simulated = await enroll("sim-worker-001");
    expect(lines()).toContain('"client":"xenminer_rig-1"');
    const env = { MQTT_USERS_FILE: users, MQTT_GUEST_PORT: "0" };
    const served = await serve(["--only", "market,chain,mqtt", "--host", host], { env });
    const port = served.mqttPort!;
    const secret = { username: "rig-1", password: token };
    for (const clientId of ["rig-1", "xenminer_rig-1", "sim-rig-1"]) {
      const client = await speak(port, clientId, "rig-1", secret);
      await client.endAsync(true);
    }
    await until(async () => (await workersOf(served)).includes("rig-1"), "the enrolled worker");
    const thief = await speak(port, "rig-1", "other", secret);
    await thief.endAsync(true);
    await expect(speak(port, "xenminer_rig-2", "rig-2")).rejects.toThrow();

    // A miner that sends no user and no password comes in by the guests' port, for its own worker.
    const guestPort = Number(/"broker listens for guests","host":"127.0.0.1","port":(\d+)/.exec(served.err())?.[1]);
    const guest = await speak(guestPort, "xenminer_cpp", "cpp");
    await guest.publishAsync("xenminer/rig-9/register", '{"worker_id":"rig-9"}', { qos: 1 });
    await until(async () => (await workersOf(served)).includes("cpp"), "the guest's worker");
    await expect(speak(guestPort, "rig-1", "rig-1")).rejects.toThrow();
    await guest.endAsync(true);

    const miner = Bun.spawn(
      [
        ...sourceCommand,
        "miner",
        "--workers",
        "1",
        "--mqtt-port",
        String(port),
        "--user",
        "sim-worker-001",
        "--token",
        simulated,
      ],
      { stdout: "ignore", stderr: "inherit" },
    );
    await until(async () => (await workersOf(served)).includes("sim-worker-001"), "the simulated worker");
    miner.kill();
    await miner.exited;
    expect((await workersOf(served)).sort()).toEqual(["cpp", "rig-1", "sim-worker-001"]);
    expect(await served.stop()).toBe(0);
    rmSync(served.dataDir, { recursive: true });
    rmSync(users);
  });
});
