import { test } from "bun:test";
import { systemClock } from "../../../../src/platform/clock";
import { seededRandom } from "../../../../src/platform/random";
import { connectFleet } from "../../../../src/systems/market/miner/fleet";
import { startBroker } from "../../../mqtt/support/broker";
import { connect, until } from "../../../mqtt/support/client";

test("a simulated worker outlives whatever is published to its topics, and takes the next task", async () => {
  const { port } = startBroker();
  const told: string[] = [];
  const leave = await connectFleet({
    workers: 1,
    mqttUrl: `mqtt://127.0.0.1:${port}`,
    apiUrl: undefined,
    blockIntervalSec: 60,
    gpuCount: 1,
    profile: "honest",
    clock: systemClock,
    random: seededRandom(1),
    tell: (_, what) => void told.push(what),
  });
  const { client } = await connect(port);
  for (const payload of ["", "{", "null", "7", "[]", '"x"', "\u0000", '{"command":7}', `${"[".repeat(30_000)}`]) {
    for (const kind of ["task", "control"])
      await client.publishAsync(`xenminer/sim-worker-001/${kind}`, payload, { qos: 1 });
  }
  const task = { command: "assign_task", lease_id: "lease-1", consumer_address: "0xcc", prefix: "0123456789abcdef" };
  await client.publishAsync("xenminer/sim-worker-001/task", JSON.stringify(task), { qos: 1 });
  await until(() => told.includes("takes lease-1"), "the task to be taken");
  await leave();
});
