import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openMarket, type TestMarket } from "./marketBench";
import { settled } from "./virtualClock";

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

  test("again keeps pricing, counts, the first time and the account's address; the rest is taken over", async () => {
    await market.register("w1");
    const pricing = { price_per_min: 1.5, min_duration_sec: 5, max_duration_sec: 50 };
    await market.put("/api/workers/w1/pricing", pricing);
    await market.clock.advance(3_600_000);
    await market.register("w1", { eth_address: "0xother", gpu_count: 1, gpus: [], version: undefined });
    const worker = await workerOf("w1");
    expect(worker).toMatchObject({ ...pricing, eth_address: "0xother", gpu_count: 1, gpus: [] });
    expect(worker.reputation.breakdown.uptime_detail.total_seconds).toBe(3600);
    expect((await market.get("/api/accounts/w1/balance")).body.eth_address).toBe("0xabab");
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
  expect(market.database.figures.stats().waiting).toBe(0);
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
    for (const state of ["IDLE", "ERROR", "SELF_MINING", "MINING", "COMPLETED", "LEASED"]) {
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

describe("blocks", () => {
  let lease: { lease_id: string; prefix: string };
  const key = (start: string, tail: number) => start + tail.toString(16).padStart(64 - start.length, "0");
  const say = (more: Record<string, unknown>, workerId = "w1") =>
    market.report(workerId, "block", {
      lease_id: lease.lease_id,
      hash: "$argon2id$XEN11",
      account: "0xcdcd",
      attempts: 150000,
      hashrate: "1250.75",
      ...more,
    });
  const counts = async () => ({
    kept: (await market.get("/api/status")).body.total_blocks,
    ofLease: (await market.get(`/api/leases/${lease.lease_id}`)).body.blocks_found,
    verified: (await market.get("/api/workers/w1/reputation")).body.breakdown.block_detail.verified_blocks,
  });

  beforeEach(async () => {
    await market.register("w1");
    await market.register("w2");
    lease = (await rent({ worker_id: "w1" })).body;
  });

  test("with the lease's prefix and on the chain count, and are told with both flags", async () => {
    const good = key(lease.prefix.toUpperCase(), 1);
    market.chain.mine(good);
    await market.clock.advance(2000);
    await say({ key: good });
    expect(await counts()).toEqual({ kept: 1, ofLease: 1, verified: 1 });
    expect((await market.get(`/api/blocks?lease_id=${lease.lease_id}`)).body).toEqual([
      {
        lease_id: lease.lease_id,
        worker_id: "w1",
        hash: "$argon2id$XEN11",
        key: good,
        account: "0xcdcd",
        attempts: 150000,
        hashrate: "1250.75",
        prefix_valid: true,
        chain_verified: true,
        chain_block_id: 1,
        timestamp: market.clock.now() / 1000,
      },
    ]);
  });

  test("with the wrong prefix or not on the chain are kept and do not count", async () => {
    const foreign = key("ffff", 1);
    market.chain.mine(foreign);
    await say({ key: foreign });
    await say({ key: key(lease.prefix, 2) });
    expect(await counts()).toEqual({ kept: 2, ofLease: 0, verified: 1 });
    const { body } = await market.get("/api/blocks");
    expect(
      body.items.map((block: Record<string, unknown>) => [
        block["prefix_valid"],
        block["chain_verified"],
        block["chain_block_id"],
      ]),
    ).toEqual([
      [true, false, null],
      [false, true, 1],
    ]);
  });

  test("defect 10: a key counts once, however often it is told; under another lease it does not count again", async () => {
    const good = key(lease.prefix, 3);
    market.chain.mine(good);
    await Promise.all(Array.from({ length: 20 }, () => say({ key: good })));
    expect(await counts()).toEqual({ kept: 1, ofLease: 1, verified: 1 });
    await say({ key: good, lease_id: "" });
    await market.post("/api/stop", { lease_id: lease.lease_id });
    lease = (await rent({ worker_id: "w1" })).body;
    await say({ key: good });
    expect(await counts()).toEqual({ kept: 2, ofLease: 0, verified: 1 });
  });

  test("defect 10: unknown and foreign leases are dropped, an ended one is kept without counting", async () => {
    const good = key(lease.prefix, 4);
    market.chain.mine(good);
    await say({ key: good, lease_id: "lease-unknown" });
    await say({ key: good }, "w2");
    expect(await counts()).toEqual({ kept: 0, ofLease: 0, verified: 0 });
    await market.post("/api/stop", { lease_id: lease.lease_id });
    await say({ key: good });
    expect(await counts()).toEqual({ kept: 1, ofLease: 0, verified: 1 });
  });

  test("defect 10: self-mined blocks are looked up on the chain and count only when they are there", async () => {
    const good = key("ab", 5);
    market.chain.mine(good);
    await say({ key: good, lease_id: "" }, "w2");
    await say({ key: key("ab", 6), lease_id: "" }, "w2");
    expect((await market.get("/api/status")).body.self_mined_blocks).toBe(2);
    const { body } = await market.get("/api/workers");
    expect(body[1].self_blocks_found).toBe(1);
    const flags = (await market.get("/api/blocks/self-mined?worker_id=w2")).body.items;
    expect(flags.map((block: Record<string, unknown>) => block["chain_verified"])).toEqual([false, true]);
    expect((await market.get("/api/blocks/self-mined?worker_id=w1")).body.total).toBe(0);
  });

  test("without a chain every block counts as verified, with no id", async () => {
    const alone = await openMarket({ chain: undefined });
    await alone.register("w1");
    const { body } = await alone.post("/api/rent", { consumer_id: "consumer-1" });
    await alone.report("w1", "block", { lease_id: body.lease_id, key: key(body.prefix, 1) });
    const told = await alone.get(`/api/blocks?lease_id=${body.lease_id}`);
    expect(told.body[0]).toMatchObject({ chain_verified: true, chain_block_id: null, prefix_valid: true });
    expect((await alone.get("/api/overview/network")).body).toMatchObject({ difficulty: 0, chain_blocks: 0 });
    await alone.close();
  });

  test("the lease tells its blocks oldest first, everything else newest first", async () => {
    for (const tail of [1, 2, 3]) await say({ key: key(lease.prefix, tail) });
    const tails = (blocks: { key: string }[]) => blocks.map((block) => Number.parseInt(block.key.slice(-4), 16));
    expect(tails((await market.get(`/api/leases/${lease.lease_id}`)).body.blocks)).toEqual([1, 2, 3]);
    expect(tails((await market.get("/api/blocks")).body.items)).toEqual([3, 2, 1]);
    expect(tails((await market.get("/api/blocks?limit=1&offset=1")).body.items)).toEqual([2]);
    expect(tails((await market.get("/api/monitoring/blocks/recent?limit=2")).body)).toEqual([3, 2]);
    for (const limit of [0, 201])
      expect((await market.get(`/api/monitoring/blocks/recent?limit=${limit}`)).status).toBe(422);
  });
});

describe("after a crash between decision and delivery", () => {
  test("a release is sent when its worker shows itself; a task of a lease that has ended is not", async () => {
    await market.register("w1");
    const { body: lease } = await rent({ duration_sec: 60 });
    const unsent = (payload: Record<string, unknown>) =>
      market.database.transact(
        (db) =>
          void db.run(
            `insert into market_outbox (topic, payload, created_at) values ('xenminer/w1/task', '${JSON.stringify(payload)}', 0)`,
          ),
      );
    await unsent({ command: "assign_task", lease_id: lease.lease_id });
    await unsent({ command: "assign_task", lease_id: "lease-gone" });
    await unsent({ command: "release", lease_id: "lease-gone" });
    await market.market.stop();
    const next = await openMarket({ database: market.database });
    expect(next.worker.sent).toEqual([]);
    expect(next.outbox.waiting()).toBe(3);
    await next.report("w1", "heartbeat");
    await settled();
    expect(next.worker.to("w1").map(({ command, lease_id }) => [command, lease_id])).toEqual([
      ["assign_task", lease.lease_id],
      ["release", "lease-gone"],
    ]);
    expect(market.database.read((db) => db.all("select * from market_outbox"))).toEqual([]);
    await next.market.stop();
  });
});

test("a restart keeps workers, leases, counts and figures; what expired meanwhile is settled for the time bought", async () => {
  await market.register("w1");
  await market.report("w1", "heartbeat", { hashrate: 500, active_gpus: 1 });
  const { body: lease } = await rent({ duration_sec: 60 });
  await market.report("w1", "heartbeat", { hashrate: 700, active_gpus: 1 });
  const before = (await market.get("/api/workers")).body;
  await market.database.figures.flush();
  await market.market.stop();
  const next = await openMarket({ database: market.database });
  expect((await next.get("/api/workers")).body).toEqual(before);
  const { body } = await next.get(`/api/leases/${lease.lease_id}`);
  expect([body.state, body.avg_hashrate]).toEqual(["active", 700]);
  await next.clock.advance(86_400_000);
  const ended = (await next.get(`/api/leases/${lease.lease_id}`)).body;
  expect([ended.state, ended.settlement.total_cost, ended.avg_hashrate]).toEqual(["completed", 0.6, 700]);
  await next.market.stop();
});

test("a lease's running figures go when it ends, and its mean stays", async () => {
  await market.register("w1");
  const { body: lease } = await rent();
  await market.report("w1", "heartbeat", { hashrate: 500 });
  await market.database.figures.flush();
  const rows = () => market.database.figures.read((db) => db.all("select * from market_lease_figures"));
  expect(rows().length).toBe(1);
  await market.post("/api/stop", { lease_id: lease.lease_id });
  await market.database.figures.flush();
  expect(rows()).toEqual([]);
  expect((await market.get(`/api/leases/${lease.lease_id}`)).body.avg_hashrate).toBe(500);
});
