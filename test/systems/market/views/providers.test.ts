import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

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
    const { provider_payment } = await market.rentFor(10, "w1");
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
