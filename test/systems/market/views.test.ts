import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openMarket, type TestMarket } from "./marketBench";
import { START_MS } from "./virtualClock";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

async function rentFor(seconds: number, workerId: string | null = null) {
  const { body } = await market.post("/api/rent", {
    consumer_id: "consumer-1",
    duration_sec: 3600,
    worker_id: workerId,
  });
  await market.clock.advance(seconds * 1000);
  return (await market.post("/api/stop", { lease_id: body.lease_id })).body.settlement;
}

describe("workers and offers", () => {
  test("a worker is listed with everything old clients read", async () => {
    await market.register("w1");
    const [worker] = (await market.get("/api/workers")).body;
    expect(Object.keys(worker)).toEqual([
      "worker_id",
      "eth_address",
      "gpu_count",
      "total_memory_gb",
      "gpus",
      "state",
      "hashrate",
      "active_gpus",
      "last_heartbeat",
      "price_per_min",
      "min_duration_sec",
      "max_duration_sec",
      "self_blocks_found",
      "current_address",
      "current_prefix",
      "current_block_pattern",
      "reputation",
    ]);
    expect(worker).toMatchObject({ price_per_min: 0.6, min_duration_sec: 60, max_duration_sec: 86400 });
    expect(worker.reputation).toEqual((await market.get("/api/workers/w1/reputation")).body);
  });

  test("prices: read, suggested, set; what is left out goes back to its standard", async () => {
    await market.register("w1");
    await market.report("w1", "heartbeat", { hashrate: 9 });
    expect((await market.get("/api/workers/w1/pricing")).body).toEqual({
      worker_id: "w1",
      price_per_min: 0.6,
      min_duration_sec: 60,
      max_duration_sec: 86400,
      gpu_count: 2,
      total_memory_gb: 34,
      hashrate: 9,
    });
    expect((await market.get("/api/workers/w1/pricing/suggest")).body).toEqual({
      worker_id: "w1",
      suggested_price_per_min: 1.75,
      gpu_count: 2,
      total_memory_gb: 34,
      current_price_per_min: 0.6,
    });
    await market.put("/api/workers/w1/pricing", { price_per_min: 1, min_duration_sec: 1, max_duration_sec: 9 });
    const { status, body } = await market.put("/api/provider/workers/w1/pricing", { price_per_min: "0.25" });
    expect([status, body]).toEqual([
      200,
      { worker_id: "w1", price_per_min: 0.25, min_duration_sec: 60, max_duration_sec: 86400 },
    ]);
    expect((await market.get("/api/workers/w1/pricing")).body.price_per_min).toBe(0.25);
  });

  test("prices that cannot be are refused, an unknown worker before them", async () => {
    await market.register("w1");
    const put = (body: Record<string, unknown>, workerId = "w1") =>
      market.put(`/api/workers/${workerId}/pricing`, body);
    expect((await put({ price_per_min: -1 }, "nobody")).body).toEqual({ detail: "Worker not found" });
    expect((await put({ price_per_min: -1 })).body).toEqual({ detail: "price_per_min must be non-negative" });
    expect((await put({ price_per_min: 1, min_duration_sec: 0 })).body).toEqual({
      detail: "min_duration_sec must be at least 1",
    });
    expect((await put({ price_per_min: 1, min_duration_sec: 5, max_duration_sec: 4 })).body).toEqual({
      detail: "max_duration_sec must be >= min_duration_sec",
    });
    expect((await put({})).status).toBe(422);
    for (const path of ["pricing", "pricing/suggest", "reputation"]) {
      const { status, body } = await market.get(`/api/workers/nobody/${path}`);
      expect([status, body]).toEqual([404, { detail: "Worker not found" }]);
    }
  });

  test("the marketplace lists in pages, with a flag for who is online", async () => {
    for (let i = 0; i < 20; i++) {
      await market.register(`w${i}`);
      await market.put(`/api/workers/w${i}/pricing`, { price_per_min: 20 - i });
    }
    const { body } = await market.get("/api/marketplace");
    expect([body.total, body.page, body.limit, body.total_pages, body.items.length]).toEqual([20, 1, 18, 2, 18]);
    expect(body.items[0]).toEqual({
      worker_id: "w19",
      state: "AVAILABLE",
      gpu_count: 2,
      total_memory_gb: 34,
      gpus: expect.any(Array),
      hashrate: 0,
      eth_address: "0xabab",
      price_per_min: 1,
      min_duration_sec: 60,
      max_duration_sec: 86400,
      last_heartbeat: START_MS / 1000,
      online: true,
    });
    await market.clock.advance(90_000);
    expect((await market.get("/api/marketplace")).body.items[0].online).toBe(false);
    expect((await market.get("/api/marketplace?page=2&limit=18")).body.items.length).toBe(2);
    expect((await market.get("/api/marketplace?page=9")).body.items).toEqual([]);
    expect((await market.get("/api/marketplace?gpu_type=H100")).body).toMatchObject({ total: 0, total_pages: 0 });
    expect((await market.get("/api/marketplace?max_price=3")).body.total).toBe(3);
    expect((await market.get("/api/marketplace?available_only=OFF&sort_by=nothing")).body.items[0].worker_id).toBe(
      "w0",
    );
    for (const query of ["page=0", "limit=0", "limit=101", "available_only=maybe", "min_gpus=1.5", "max_price=nan"]) {
      expect((await market.get(`/api/marketplace?${query}`)).status).toBe(422);
    }
  });

  test("the estimate: of one worker whatever it does, else of the cheapest that is free", async () => {
    expect((await market.get("/api/marketplace/estimate?duration_sec=60")).body).toEqual({
      detail: "No available workers matching criteria",
    });
    await market.register("w1");
    await market.report("w1", "heartbeat", { hashrate: 1250.75 });
    expect((await market.get("/api/marketplace/estimate?duration_sec=5")).body).toEqual({
      worker_id: "w1",
      duration_sec: 5,
      price_per_min: 0.6,
      total_cost: 0.05,
      provider_payout: 0.0475,
      platform_fee: 0.0025,
      hashrate: 1250.75,
      min_duration_sec: 60,
      max_duration_sec: 86400,
      warning: "Duration below minimum (60s)",
    });
    await market.report("w1", "status", { state: "IDLE" });
    expect((await market.get("/api/marketplace/estimate?duration_sec=90000&worker_id=w1")).body.warning).toBe(
      "Duration above maximum (86400s)",
    );
    expect((await market.get("/api/marketplace/estimate?duration_sec=60&min_hashrate=1")).status).toBe(404);
    expect((await market.get("/api/marketplace/estimate?duration_sec=60&worker_id=x")).body).toEqual({
      detail: "Worker not found",
    });
  });

  test("defect 8: an estimate for no time, less than none or an absurd time is refused", async () => {
    await market.register("w1");
    for (const duration of ["0", "-5", "1e30", "", "x", "1.5"]) {
      expect((await market.get(`/api/marketplace/estimate?duration_sec=${duration}`)).status).toBe(422);
    }
    expect((await market.get("/api/marketplace/estimate")).status).toBe(422);
  });

  test("defect 24: the list of workers takes no query, however long the history", async () => {
    await market.register("w1");
    for (let i = 0; i < 50; i++) await rentFor(1);
    let reads = 0;
    const { read } = market.database;
    market.database.read = (work) => {
      reads++;
      return read(work);
    };
    expect((await market.get("/api/workers")).body[0].reputation.breakdown.completion_detail.total_leases).toBe(50);
    market.database.read = read;
    expect(reads).toBe(0);
  });
});

describe("monitoring", () => {
  beforeEach(async () => {
    await market.register("w1");
    await market.register("w2", { eth_address: "0xCDCD", gpu_count: 4 });
    await market.report("w1", "heartbeat", { hashrate: 100.126, active_gpus: 1 });
    await market.report("w2", "heartbeat", { hashrate: 300, active_gpus: 4 });
  });

  test("the status counts clients of the broker, workers, leases and blocks", async () => {
    await rentFor(1);
    await market.report("w1", "block", { lease_id: "", key: "k" });
    await market.post("/api/rent", { consumer_id: "consumer-1" });
    expect((await market.get("/api/status")).body).toEqual({
      mqtt_clients: ["xenminer_w1"],
      workers: 2,
      active_leases: 1,
      total_blocks: 1,
      self_mined_blocks: 1,
      total_settlements: 1,
    });
  });

  test("the fleet by hash rate, either way, by address in any case, never less than one page", async () => {
    const ids = async (query: string) => {
      const { body } = await market.get(`/api/monitoring/fleet${query}`);
      return [body.total, body.total_pages, body.items.map((item: { worker_id: string }) => item.worker_id).join()];
    };
    expect(await ids("")).toEqual([2, 1, "w2,w1"]);
    expect(await ids("?sort=asc")).toEqual([2, 1, "w1,w2"]);
    expect(await ids("?eth_address=0xcdCD")).toEqual([1, 1, "w2"]);
    expect(await ids("?eth_address=0xnone")).toEqual([0, 1, ""]);
    expect(await ids("?limit=1&page=2")).toEqual([2, 2, "w1"]);
    const [item] = (await market.get("/api/monitoring/fleet?limit=1")).body.items;
    expect(item).toEqual({
      worker_id: "w2",
      eth_address: "0xCDCD",
      state: "AVAILABLE",
      online: true,
      hashrate: 300,
      gpu_count: 4,
      active_gpus: 4,
      total_memory_gb: 34,
      gpus: expect.any(Array),
      version: "2.0.0",
      last_heartbeat: START_MS / 1000,
      self_blocks_found: 0,
      price_per_min: 0.6,
      total_online_sec: 0,
    });
    const { status, body } = await market.get("/api/monitoring/fleet?sort=up");
    expect([status, body.detail[0].type, body.detail[0].loc]).toEqual([
      422,
      "string_pattern_mismatch",
      ["query", "sort"],
    ]);
    const long = await market.get(`/api/monitoring/fleet?eth_address=${"x".repeat(129)}`);
    expect([long.status, long.body.detail[0].type]).toEqual([422, "string_too_long"]);
  });

  test("the fleet in numbers: rates of those online, GPUs of all", async () => {
    await market.report("w1", "block", { lease_id: "", key: "k" });
    expect((await market.get("/api/monitoring/stats")).body).toEqual({
      total_workers: 2,
      online: 2,
      offline: 0,
      total_hashrate: 400.13,
      total_gpus: 6,
      active_gpus: 5,
      total_blocks: 1,
      blocks_last_hour: 1,
    });
    await market.clock.advance(3_600_001);
    expect((await market.get("/api/monitoring/stats")).body).toMatchObject({
      online: 0,
      offline: 2,
      total_hashrate: 0,
      total_gpus: 6,
      active_gpus: 0,
      blocks_last_hour: 0,
    });
  });

  test("hash rates are sampled every half minute and told oldest first, for a day", async () => {
    const history = async (query = "") => (await market.get(`/api/monitoring/hashrate-history${query}`)).body;
    await market.clock.advance(30_000);
    await market.report("w1", "heartbeat", { hashrate: 200, active_gpus: 2 });
    await market.clock.advance(30_000);
    await market.database.figures.flush();
    expect(await history("?worker_id=w1")).toEqual([
      { worker_id: "w1", hashrate: 100.126, active_gpus: 1, timestamp: START_MS / 1000 + 30 },
      { worker_id: "w1", hashrate: 200, active_gpus: 2, timestamp: START_MS / 1000 + 60 },
    ]);
    expect((await history()).length).toBe(4);
    expect((await history("?hours=0.0167")).length).toBe(4);
    for (const hours of ["0.01", "25", "x"]) {
      expect((await market.get(`/api/monitoring/hashrate-history?hours=${hours}`)).status).toBe(422);
    }
    await market.clock.advance(25 * 3_600_000);
    await market.database.figures.flush();
    expect(await history("?hours=24")).toEqual([]);
    expect(market.database.figures.read((db) => db.all("select * from market_hashrate_snapshots"))).toEqual([]);
  });

  test("the market in numbers; the revenue is the sum of the fees as they are shown", async () => {
    const fees = [(await rentFor(100)).platform_fee, (await rentFor(33)).platform_fee];
    expect((await market.get("/api/overview/stats")).body).toEqual({
      total_users: 5,
      total_providers: 2,
      total_consumers: 3,
      total_workers: 2,
      online_workers: 0,
      total_hashrate: 0,
      total_blocks: 0,
      blocks_24h: 0,
      total_leases: 2,
      active_leases: 0,
      total_settled: 2,
      platform_revenue: Math.round((fees[0] + fees[1]) * 1e4) / 1e4,
    });
    market.chain.mine("k");
    expect((await market.get("/api/overview/network")).body).toEqual({
      difficulty: 1727,
      total_workers: 2,
      total_blocks: 0,
      chain_blocks: 1,
    });
  });

  test("what happened last: blocks, leases begun and leases ended, newest first", async () => {
    const { body: lease } = await market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 60 });
    await market.clock.advance(1000);
    await market.report("w1", "block", { lease_id: lease.lease_id, key: "k", hash: "h" });
    await market.clock.advance(1000);
    await market.post("/api/stop", { lease_id: lease.lease_id });
    const parties = { lease_id: lease.lease_id, worker_id: "w1", consumer_id: "consumer-1" };
    const at = START_MS / 1000;
    const { body } = await market.get("/api/overview/activity");
    expect(body).toEqual({
      items: [
        { type: "lease_completed", timestamp: at + 2, details: { ...parties, blocks_found: 0 } },
        { type: "block", timestamp: at + 1, details: { worker_id: "w1", hash: "h", lease_id: lease.lease_id } },
        { type: "lease_started", timestamp: at, details: { ...parties, duration_sec: 60 } },
      ],
      total: 3,
      page: 1,
      limit: 50,
      total_pages: 1,
    });
    expect((await market.get("/api/overview/activity?limit=1&page=3")).body.items[0].type).toBe("lease_started");
    expect((await market.get("/api/overview/activity?limit=201")).status).toBe(422);
  });
});

describe("providers", () => {
  beforeEach(async () => {
    await market.register("w1");
    await market.register("w2");
    await market.register("x", { eth_address: "0xelse", gpus: [] });
    await market.report("w1", "heartbeat", { hashrate: 1000, active_gpus: 1 });
    await market.report("w2", "heartbeat", { hashrate: 500, active_gpus: 1 });
  });

  test("an address has all its workers, another name the one worker", async () => {
    await market.chain.mine("ab");
    await market.report("w1", "block", { lease_id: "", key: "ab" });
    const { provider_payment } = await rentFor(10, "w1");
    expect((await market.get("/api/provider/dashboard?provider_id=0xABAB")).body).toEqual({
      provider_id: "0xABAB",
      worker_count: 2,
      total_earned: provider_payment,
      active_leases: 0,
      total_blocks_mined: 1,
      avg_hashrate: 750,
    });
    expect((await market.get("/api/provider/dashboard?provider_id=w2")).body).toMatchObject({
      worker_count: 1,
      total_earned: 0,
      avg_hashrate: 500,
    });
    expect((await market.get("/api/provider/dashboard?provider_id=nobody")).body).toMatchObject({
      worker_count: 0,
      total_earned: 0,
      avg_hashrate: 0,
    });
    const { body } = await market.get("/api/provider/earnings?provider_id=0xabab");
    expect([body.provider_id, body.earnings.length, body.earnings[0].provider_payment]).toEqual([
      "0xabab",
      1,
      provider_payment,
    ]);
  });

  test("an account that is no worker has the workers of its address", async () => {
    await market.post("/api/auth/register", { account_id: "owner", role: "provider", eth_address: "0xABab" });
    expect((await market.get("/api/provider/dashboard?provider_id=owner")).body.worker_count).toBe(2);
  });

  test("the workers in pages, their GPUs in a few words", async () => {
    const { body } = await market.get("/api/provider/workers?provider_id=0xabab&limit=1");
    expect(body).toEqual({
      provider_id: "0xabab",
      items: [
        {
          worker_id: "w1",
          state: "AVAILABLE",
          online: true,
          hashrate: 1000,
          gpu_count: 2,
          active_gpus: 1,
          gpu_name: "RTX 4090 + RTX 3080",
          memory_gb: 34,
          price_per_min: 0.6,
          self_blocks_found: 0,
          total_online_sec: 0,
        },
      ],
      total: 2,
      page: 1,
      limit: 1,
      total_pages: 2,
    });
    expect((await market.get("/api/provider/workers?provider_id=x")).body.items[0].gpu_name).toBe("GPU");
  });

  test("without a name or a wallet nobody is meant", async () => {
    for (const view of ["dashboard", "earnings", "workers"]) {
      const { status, body } = await market.get(`/api/provider/${view}`);
      expect([status, body]).toEqual([400, { detail: "provider_id query param or wallet JWT required" }]);
    }
  });
});
