import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

const workerOf = async (workerId: string) =>
  (await market.get("/api/workers")).body.find((worker: { worker_id: string }) => worker.worker_id === workerId);
const rent = (more: Record<string, unknown> = {}) =>
  market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 600, ...more });

describe("registration", () => {
  test("adds a worker, its provider's account, and acknowledges", async () => {
    await market.register("w1");
    expect(market.worker.sent).toEqual([
      { topic: "xenminer/w1/task", payload: { command: "register_ack", accepted: true } },
    ]);
    expect((await market.get("/api/accounts")).body.w1).toEqual({
      account_id: "w1",
      role: "provider",
      eth_address: "0xabab",
      balance: 0,
    });
    expect((await workerOf("w1")).state).toBe("AVAILABLE");
  });

  test("again keeps pricing, counts and the first time; the rest is taken over, by the worker's account too", async () => {
    await market.register("w1");
    const pricing = { price_per_min: 1.5, min_duration_sec: 5, max_duration_sec: 50 };
    await market.put("/api/workers/w1/pricing", pricing);
    await market.clock.advance(3_600_000);
    await market.register("w1", { eth_address: "0xother", gpu_count: 1, gpus: [], version: undefined });
    const worker = await workerOf("w1");
    expect(worker).toMatchObject({ ...pricing, eth_address: "0xother", gpu_count: 1, gpus: [] });
    expect(worker.reputation.breakdown.uptime_detail.total_seconds).toBe(3600);
    expect((await market.get("/api/accounts/w1/balance")).body.eth_address).toBe("0xother");
    expect((await market.get("/api/monitoring/fleet")).body.items[0].version).toBe("unknown");
  });

  test("what is missing or of the wrong type has a standard", async () => {
    await market.worker.say("xenminer/bare/register", {
      worker_id: "bare",
      gpu_count: "2",
      total_memory_gb: "x",
      gpus: 7,
    });
    expect(await workerOf("bare")).toMatchObject({ eth_address: "", gpu_count: 2, total_memory_gb: 0, gpus: [] });
  });

  test("what cannot be taken is refused with a reason", async () => {
    await market.register("many", { gpus: Array.from({ length: 65 }, () => ({})) });
    await market.register("large", { gpus: [{ name: "x".repeat(17_000) }] });
    expect(market.worker.to("many")).toEqual([
      { command: "register_ack", accepted: false, reason: "more than 64 GPUs" },
    ]);
    expect(market.worker.to("large")[0]).toMatchObject({ accepted: false });
    for (const reserved of ["_admin", "_outside", "platform-treasury"]) {
      await market.register(reserved);
      expect(market.worker.to(reserved)).toEqual([
        { command: "register_ack", accepted: false, reason: "this name is reserved" },
      ]);
    }
    const deep = `{"worker_id":"deep","gpus":[${"[".repeat(5000)}${"]".repeat(5000)}]}`;
    await market.worker.say("xenminer/deep/register", deep);
    expect((await market.get("/api/workers")).body).toEqual([]);
  });

  test("a full market takes no more workers, but those it knows", async () => {
    const small = await openMarket({ workersLimit: 2 });
    await Promise.all(["a", "b", "c"].map((workerId) => small.register(workerId)));
    await small.register("a");
    expect((await small.get("/api/workers")).body.length).toBe(2);
    expect(small.worker.to("c")).toEqual([
      { command: "register_ack", accepted: false, reason: "this market takes 2 workers" },
    ]);
    expect(small.worker.to("a").every(({ accepted }) => accepted)).toBe(true);
    await small.close();
  });

  test("a status sent right after, without waiting for the answer, is heard", async () => {
    const registering = market.register("w1");
    const telling = market.report("w1", "status", { state: "IDLE" });
    await Promise.all([registering, telling]);
    expect((await workerOf("w1")).state).toBe("IDLE");
  });
});

describe("defect 10: identity", () => {
  test("a payload that names another worker than its topic is dropped, whatever its kind", async () => {
    await market.register("w1");
    await market.register("w2");
    for (const kind of ["register", "heartbeat", "status", "block"]) {
      const lie = { worker_id: "w2", hashrate: 7, state: "ERROR", key: "k", lease_id: "", gpu_count: 9 };
      await market.worker.say(`xenminer/w1/${kind}`, lie);
    }
    for (const workerId of ["w1", "w2"]) {
      expect(await workerOf(workerId)).toMatchObject({ state: "AVAILABLE", hashrate: 0, gpu_count: 2 });
    }
    expect((await market.get("/api/status")).body.total_blocks).toBe(0);
  });

  test("a payload without a worker id registers nobody and changes nothing", async () => {
    await market.worker.say("xenminer/w1/register", { gpu_count: 1 });
    expect((await market.get("/api/workers")).body).toEqual([]);
    await market.register("w1");
    await market.report("w1", "heartbeat", { hashrate: 5 });
    await market.worker.say("xenminer/w1/heartbeat", {});
    await market.worker.say("xenminer/w1/heartbeat", "not JSON");
    expect((await workerOf("w1")).hashrate).toBe(5);
  });
});

test("defect 26: what strangers say costs nothing and leaves nothing", async () => {
  const frames: string[] = [];
  market.feed.join({ send: (frame) => frames.push(frame) > 0, close: () => undefined }, () => ({}));
  const before = market.database.stats().transactions.transactions;
  for (let i = 0; i < 1000; i++) {
    await market.report(`stranger-${i}`, "heartbeat", { hashrate: 1 });
    await market.report(`stranger-${i}`, "status", { state: "IDLE" });
    await market.report(`stranger-${i}`, "block", { lease_id: "", key: "k" });
  }
  expect(market.database.stats().transactions.transactions).toBe(before);
  expect(market.database.samples.stats().waiting).toBe(0);
  expect(frames.length).toBe(1);
});

test("topics and payloads that are none of the market's are ignored", async () => {
  await market.register("w1");
  const odd: [string, unknown][] = [
    ["xenminer/w1", { worker_id: "w1" }],
    ["xenminer/w1/sta-tus", { worker_id: "w1", state: "IDLE" }],
    ["xenminer/w1/status/x", { worker_id: "w1", state: "IDLE" }],
    ["other/w1/status", { worker_id: "w1", state: "IDLE" }],
    ["xenminer/w1/constructor", { worker_id: "w1" }],
    ["xenminer/w1/toString", { worker_id: "w1" }],
    ["xenminer/w1/task", { worker_id: "w1", command: "release" }],
    ["xenminer/w1/status", "[]"],
    ["xenminer/w1/status", "null"],
    ["xenminer/w1/status", "7"],
    ["xenminer/w1/status", "{"],
    ["xenminer/w1/status", `{"worker_id":"w1","state":"IDLE","x":"${"y".repeat(70_000)}"}`],
    ["xenminer/w1/status", JSON.stringify({ __proto__: { worker_id: "w1", state: "IDLE" } })],
    [`xenminer/${"x".repeat(200)}/register`, { worker_id: "x".repeat(200) }],
  ];
  for (const [topic, payload] of odd) await market.worker.say(topic, payload);
  expect(await workerOf("w1")).toMatchObject({ state: "AVAILABLE" });
  expect((await market.get("/api/workers")).body.length).toBe(1);
  expect(market.lines).toEqual([]);
});

describe("heartbeats", () => {
  test("that follow a registration at once, as miners send them, are heard", async () => {
    const registered = market.register("new");
    const heard = market.report("new", "heartbeat", { hashrate: 1234.5, active_gpus: 2 });
    await Promise.all([registered, heard]);
    expect(await workerOf("new")).toMatchObject({ hashrate: 1234.5, active_gpus: 2 });
    const again = market.register("new");
    await Promise.all([again, market.report("new", "heartbeat", { hashrate: 99 })]);
    expect((await workerOf("new")).hashrate).toBe(99);
  });

  beforeEach(() => market.register("w1"));

  test("are seen at once: rate, busy GPUs and what the miner is set to", async () => {
    await market.clock.advance(7000);
    const told = { hashrate: 1250.75, active_gpus: 2, address: "0xaaa", prefix: "DEAD", block_pattern: "XEN11" };
    await market.report("w1", "heartbeat", told);
    expect(await workerOf("w1")).toMatchObject({
      hashrate: 1250.75,
      active_gpus: 2,
      current_address: "0xaaa",
      current_prefix: "DEAD",
      current_block_pattern: "XEN11",
      last_heartbeat: market.clock.now() / 1000,
    });
    await market.report("w1", "heartbeat", {});
    expect(await workerOf("w1")).toMatchObject({ hashrate: 0, active_gpus: 0, current_address: "" });
  });

  test("count as online time, a minute each at most", async () => {
    const onlineSec = async () => (await market.get("/api/monitoring/fleet")).body.items[0].total_online_sec;
    await market.clock.advance(30_000);
    await market.report("w1", "heartbeat");
    expect(await onlineSec()).toBe(30);
    await market.clock.advance(3_600_000);
    await market.report("w1", "heartbeat");
    expect(await onlineSec()).toBe(90);
  });

  test("figures that are none count as nothing", async () => {
    for (const hashrate of ["x", null, -5, {}, "NaN"]) {
      await market.report("w1", "heartbeat", { hashrate, active_gpus: hashrate });
      expect(await workerOf("w1")).toMatchObject({ hashrate: 0, active_gpus: 0 });
    }
  });

  test("a worker is online for less than 90 s after the last one, and registering counts as one", async () => {
    const online = async () => (await market.get("/api/monitoring/stats")).body.online;
    await market.clock.advance(89_999);
    expect(await online()).toBe(1);
    await market.clock.advance(1);
    expect(await online()).toBe(0);
  });
});

describe("status", () => {
  beforeEach(() => market.register("w1"));

  test("defect 9: the miner's goodbye is heard, unknown texts are not, a sign of life brings it back", async () => {
    await market.report("w1", "status", { status: "offline" });
    expect((await workerOf("w1")).state).toBe("offline");
    await market.report("w1", "heartbeat", { hashrate: 1 });
    expect((await workerOf("w1")).state).toBe("AVAILABLE");
    for (const state of ["", "available", "BUSY", null, 7]) await market.report("w1", "status", { state });
    expect((await workerOf("w1")).state).toBe("AVAILABLE");
    await market.report("w1", "status", { status: "offline" });
    await market.report("w1", "status", { state: "AVAILABLE" });
    expect((await rent()).status).toBe(200);
  });

  test("defect 9: during a lease neither AVAILABLE nor a registration makes the worker look free", async () => {
    const { body: lease } = await rent();
    await market.report("w1", "status", { state: "MINING", lease_id: lease.lease_id });
    await market.report("w1", "status", { state: "AVAILABLE" });
    expect((await workerOf("w1")).state).toBe("MINING");
    await market.register("w1");
    expect((await workerOf("w1")).state).toBe("LEASED");
    expect((await rent({ worker_id: "w1" })).status).toBe(404);
    expect((await market.get("/api/marketplace")).body.total).toBe(0);
    await market.post("/api/stop", { lease_id: lease.lease_id });
    expect((await workerOf("w1")).state).toBe("AVAILABLE");
  });

  test("a worker in another state is not rented", async () => {
    for (const state of ["IDLE", "ERROR", "SELF_MINING", "MINING", "LEASED"]) {
      await market.report("w1", "status", { state });
      expect((await rent()).status).toBe(404);
    }
  });

  test("a worker that left during its lease stays away when it ends", async () => {
    const { body: lease } = await rent();
    await market.report("w1", "status", { status: "offline" });
    await market.post("/api/stop", { lease_id: lease.lease_id });
    expect((await workerOf("w1")).state).toBe("offline");
  });
});
