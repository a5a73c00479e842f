import { describe, expect, test } from "bun:test";
import { seededRandom } from "../../../../src/platform/random";
import type { MinerProfile } from "../../../../src/systems/market/miner/profiles";
import type { MinedBlock } from "../../../../src/systems/market/miner/search";
import { createSimulatedWorker } from "../../../../src/systems/market/miner/simulatedWorker";
import { virtualClock } from "../../../support/virtualClock";

const PREFIX = "0123456789abcdef";
const assign = (leaseId: string) => ({
  command: "assign_task",
  lease_id: leaseId,
  consumer_id: "c",
  consumer_address: "0xcc",
  prefix: PREFIX,
  duration_sec: 60,
});

function simulated(profile: MinerProfile = "honest", seed = 1, knownLeases = new Set<string>()) {
  const clock = virtualClock();
  // biome-ignore lint/suspicious/noExplicitAny: payloads of tests are looked at member by member
  const said: { kind: string; payload: any }[] = [];
  const submitted: MinedBlock[] = [];
  const worker = createSimulatedWorker({
    workerId: "sim-worker-001",
    profile,
    gpuCount: 2,
    blockIntervalSec: 5,
    clock,
    random: seededRandom(seed),
    knownLeases,
    link: {
      publish: (kind, payload) => void said.push({ kind, payload }),
      submit: async (block) => void submitted.push(block),
    },
  });
  const of = (kind: string) => said.filter((one) => one.kind === kind).map(({ payload }) => payload);
  return { clock, worker, said, submitted, of, states: () => of("status").map(({ state, status }) => state ?? status) };
}

describe("a simulated worker", () => {
  test("introduces itself with its hardware, then tells its heart every five seconds", async () => {
    const { clock, worker, of } = simulated();
    worker.start();
    expect(of("register")).toEqual([
      {
        worker_id: "sim-worker-001",
        eth_address: expect.stringMatching(/^0x[0-9a-f]{40}$/),
        version: "sim-2.0.0",
        gpu_count: 2,
        total_memory_gb: 48,
        gpus: [
          { index: 0, name: "NVIDIA GeForce RTX 4090", memory_gb: 24, bus_id: 1 },
          { index: 1, name: "NVIDIA GeForce RTX 3090", memory_gb: 24, bus_id: 2 },
        ],
        timestamp: clock.now() / 1000,
      },
    ]);
    await clock.advance(20_000);
    expect(of("heartbeat").length).toBe(5);
    expect(of("heartbeat")[4]).toMatchObject({ active_gpus: 0, accepted_blocks: 0, uptime_sec: 20 });
  });

  test("takes a task, submits each block before it reports it, and ends with the release of this lease only", async () => {
    const { clock, worker, of, submitted, states } = simulated();
    worker.start();
    worker.receive("task", { command: "register_ack", accepted: true });
    worker.receive("task", assign("lease-1"));
    await clock.advance(60_000);
    const blocks = of("block");
    expect(blocks.length).toBeGreaterThan(4);
    expect(submitted.map(({ key }) => key)).toEqual(blocks.map(({ key }) => key));
    for (const block of blocks) {
      expect(block.key).toMatch(new RegExp(`^${PREFIX}[0-9a-f]{48}$`));
      expect(block).toMatchObject({ lease_id: "lease-1", account: "0xcc", hash: expect.stringContaining("XEN11") });
      expect(block.hashrate).toMatch(/^\d+\.\d\d$/);
    }
    expect(of("heartbeat").at(-1)).toMatchObject({ active_gpus: 2 });
    worker.receive("task", { command: "release", lease_id: "lease-other" });
    expect(states()).toEqual(["AVAILABLE", "LEASED", "MINING"]);
    worker.receive("task", { command: "release", lease_id: "lease-1" });
    expect(states().slice(3)).toEqual(["COMPLETED", "AVAILABLE"]);
    const found = of("block").length;
    await clock.advance(60_000);
    expect(of("block").length).toBe(found);
  });

  test("searches for one lease at a time, also when the next comes before the last is over", async () => {
    const { clock, worker, of } = simulated();
    worker.start();
    worker.receive("task", assign("lease-1"));
    worker.receive("task", { command: "release", lease_id: "lease-1" });
    worker.receive("task", assign("lease-2"));
    worker.receive("task", assign("lease-3"));
    await clock.advance(600_000);
    expect(new Set(of("block").map(({ lease_id }) => lease_id))).toEqual(new Set(["lease-3"]));
    // 120 are expected at one block each five seconds; two searches would find about 240.
    expect(of("block").length).toBeLessThan(180);
  });

  test("says goodbye and is silent from then on", async () => {
    const { clock, worker, said, states } = simulated();
    worker.start();
    worker.receive("task", assign("lease-1"));
    worker.stop();
    const count = said.length;
    expect(states().at(-1)).toBe("offline");
    worker.receive("task", assign("lease-2"));
    await clock.advance(60_000);
    expect(said.length).toBe(count);
  });
});

describe("profiles", () => {
  async function minutesOf(profile: MinerProfile, knownLeases = new Set<string>()) {
    const miner = simulated(profile, 7, knownLeases);
    miner.worker.start();
    miner.worker.receive("task", assign("lease-1"));
    await miner.clock.advance(600_000);
    return miner;
  }

  test("a lazy worker finds far less", async () => {
    expect((await minutesOf("lazy")).of("block").length).toBeLessThan(25);
  });

  test("a lying worker claims foreign prefixes, blocks that are not on the chain and leases that are not its own", async () => {
    const { of, submitted } = await minutesOf("lying");
    const onChain = new Set(submitted.map(({ key }) => key));
    const blocks = of("block");
    expect(blocks.some(({ key }) => !key.startsWith(PREFIX))).toBe(true);
    expect(blocks.some(({ key }) => !onChain.has(key))).toBe(true);
    expect(blocks.some(({ lease_id }) => lease_id !== "lease-1")).toBe(true);
    const known = await minutesOf("lying", new Set(["lease-of-another"]));
    expect(known.of("block").some(({ lease_id }) => lease_id === "lease-of-another")).toBe(true);
  });

  test("a flapping worker leaves and comes back again and again", async () => {
    const { of, states } = await minutesOf("flapping");
    expect(states().filter((state) => state === "offline").length).toBeGreaterThan(10);
    expect(of("register").length).toBeGreaterThan(10);
  });

  test("a duplicating worker says everything three times", async () => {
    const { of } = await minutesOf("duplicating");
    const counts = Map.groupBy(of("block"), ({ key }) => key);
    expect([...counts.values()].every((same) => same.length === 3)).toBe(true);
  });
});
