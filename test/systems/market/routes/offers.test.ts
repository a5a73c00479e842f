import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { START_MS } from "../../../support/virtualClock";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

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
      "self_blocks_verified",
      "verified_hashrate",
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
      verified_hashrate: null,
      reliability: 30,
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

  test("are sorted and filtered by reliability and by the rate that blocks on the chain bear out", async () => {
    const [honest, boaster, idle] = ["honest", "boaster", "idle"];
    for (const workerId of [idle, boaster, honest]) await market.register(workerId);
    for (let minute = 0; minute < 10; minute++) {
      await market.clock.advance(60_000);
      await market.report(honest, "heartbeat", { hashrate: 20, active_gpus: 1 });
      await market.report(boaster, "heartbeat", { hashrate: 1e15, active_gpus: 1 });
      await market.report(idle, "heartbeat", { hashrate: 5, active_gpus: 1 });
    }
    // A thousand keys for a block: ten blocks in ten minutes bear out 16.67 hashes per second.
    for (let i = 0; i < 10; i++) {
      const key = i.toString(16).padStart(64, "a");
      market.chain.mine(key);
      await market.report(honest, "block", { lease_id: "", key });
    }
    const ids = async (query: string) =>
      (await market.get(`/api/marketplace?${query}`)).body.items.map((item: { worker_id: string }) => item.worker_id);
    expect(await ids("sort_by=hashrate")).toEqual([boaster, honest, idle]);
    expect(await ids("sort_by=verified")).toEqual([honest, idle, boaster]);
    expect((await ids("sort_by=reliability"))[0]).toBe(honest);
    expect(await ids("min_verified_hashrate=10")).toEqual([honest]);
    const { reliability } = (await market.get("/api/marketplace?sort_by=verified")).body.items[0];
    expect(await ids(`min_reliability=${reliability}`)).toEqual([honest]);
    const listed = (await market.get("/api/workers")).body;
    expect(listed.map((worker: { verified_hashrate: number }) => worker.verified_hashrate)).toEqual([0, 0, 16.67]);
  });

  test("a worker is taken out of the offers and put in again by its owner's key", async () => {
    await market.register("w1");
    const { body } = await market.post("/api/auth/login", { account_id: "w1" });
    const list = (listed: boolean) => market.put("/api/workers/w1/listing", { listed }, { "x-api-key": body.api_key });
    expect((await list(false)).body).toEqual({ worker_id: "w1", state: "SELF_MINING" });
    expect((await market.get("/api/marketplace")).body.total).toBe(0);
    expect(market.worker.to("w1").at(-1)).toEqual({ command: "update_config", state: "SELF_MINING" });
    expect((await list(true)).body.state).toBe("AVAILABLE");
    expect((await market.get("/api/marketplace")).body.total).toBe(1);
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
      quote_id: expect.stringMatching(/^[\w-]+\.[\w-]+$/),
      quote_expires_at: market.clock.now() / 1000 + 60,
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
    for (let i = 0; i < 50; i++) await market.rentFor(1);
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
