import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { START_MS } from "../../../support/virtualClock";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

describe("monitoring", () => {
  beforeEach(async () => {
    await market.register("w1");
    await market.register("w2", { eth_address: "0xCDCD", gpu_count: 4 });
    await market.report("w1", "heartbeat", { hashrate: 100.126, active_gpus: 1 });
    await market.report("w2", "heartbeat", { hashrate: 300, active_gpus: 4 });
  });

  test("the status counts clients of the broker, workers, leases and blocks", async () => {
    await market.rentFor(1);
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
    await market.database.samples.flush();
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
    await market.database.samples.flush();
    expect(await history("?hours=24")).toEqual([]);
    expect(market.database.samples.read((db) => db.all("select * from market_hashrate_snapshots"))).toEqual([]);
  });

  test("the market in numbers; the revenue is the sum of the fees as they are shown", async () => {
    const fees = [(await market.rentFor(100)).platform_fee, (await market.rentFor(33)).platform_fee];
    expect((await market.get("/api/overview/stats")).body).toEqual({
      total_users: 5,
      total_providers: 2,
      total_consumers: 3,
      total_workers: 2,
      online_workers: 1,
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
