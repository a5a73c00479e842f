import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { audit } from "../../../../src/systems/market/store/ledger";
import { START_MS } from "../../../support/virtualClock";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
  await market.register("w1");
  await market.report("w1", "heartbeat", { hashrate: 1000, active_gpus: 2 });
});
afterEach(() => market.close());

const rent = (more: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 60, ...more }, headers);
const stop = (leaseId: string, headers?: Record<string, string>) =>
  market.post("/api/stop", { lease_id: leaseId }, headers);
async function keyOf(accountId: string) {
  return { "x-api-key": (await market.post("/api/auth/login", { account_id: accountId })).body.api_key as string };
}

describe("what is told of leases", () => {
  test("a lease that runs, and the same when it has ended", async () => {
    const { body: lease } = await rent();
    await market.report("w1", "status", { state: "MINING" });
    await market.report("w1", "heartbeat", { hashrate: 900 });
    await market.report("w1", "heartbeat", { hashrate: 1100 });
    await market.clock.advance(10_500);
    const running = {
      lease_id: lease.lease_id,
      worker_id: "w1",
      consumer_id: "consumer-1",
      consumer_address: "0xaabbccddee1234567890abcdef1234567890abcd",
      prefix: lease.prefix,
      duration_sec: 60,
      state: "active",
      created_at: START_MS / 1000,
      ended_at: null,
      blocks_found: 0,
      avg_hashrate: 1000,
      elapsed_sec: 10.5,
      price_per_sec: 0.01,
      reason: null,
      began_at: START_MS / 1000,
      budget: null,
    };
    const spans = [{ from: START_MS / 1000, to: START_MS / 1000 + 10.5, billed: true, reason: null }];
    expect((await market.get("/api/leases")).body).toEqual({ items: [running], total: 1, limit: 50, offset: 0 });
    expect((await market.get(`/api/leases/${lease.lease_id}`)).body).toEqual({ ...running, spans });
    await stop(lease.lease_id);
    await market.clock.advance(10_500);
    const { settlement, ...ended } = (await market.get(`/api/leases/${lease.lease_id}`)).body;
    expect(ended).toEqual({
      ...running,
      spans,
      state: "completed",
      reason: "stopped",
      ended_at: START_MS / 1000 + 10.5,
    });
    expect(settlement.total_cost).toBe(0.105);
    expect((await market.get("/api/leases/nothing")).status).toBe(404);
  });

  test("the list is newest first, by state, in pieces", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { body } = await rent();
      ids.unshift(body.lease_id);
      if (i < 4) await stop(body.lease_id);
    }
    const listed = async (query: string) => {
      const { body } = await market.get(`/api/leases${query}`);
      return [body.total, body.items.map((item: { lease_id: string }) => ids.indexOf(item.lease_id))];
    };
    expect(await listed("")).toEqual([5, [0, 1, 2, 3, 4]]);
    expect(await listed("?state=active")).toEqual([1, [0]]);
    expect(await listed("?state=completed&limit=2&offset=1")).toEqual([4, [2, 3]]);
    expect(await listed("?state=whatever")).toEqual([0, []]);
  });

  test("an empty choice, as forms send it, chooses nothing in particular", async () => {
    const { body: lease } = await rent({ worker_id: "" });
    expect(lease.worker_id).toBe("w1");
    await market.report("w1", "block", { lease_id: "", key: "self-mined" });
    const totals = ["/api/leases?state=", "/api/blocks?lease_id=", "/api/blocks/self-mined?worker_id="];
    for (const path of totals) expect([path, (await market.get(path)).body.total]).toEqual([path, 1]);
    expect((await market.get("/api/monitoring/fleet?eth_address=")).body.total).toBe(1);
    expect((await market.get("/api/monitoring/hashrate-history?worker_id=")).body.length).toBe(0);
    await stop(lease.lease_id);
    expect((await market.get("/api/marketplace/estimate?duration_sec=60&worker_id=")).body.worker_id).toBe("w1");
    expect((await market.get("/api/provider/dashboard?provider_id=")).status).toBe(400);
  });

  test("defect 14: limits outside 1..1000 and offsets below 0 are refused", async () => {
    for (const path of ["/api/leases", "/api/blocks", "/api/settlements", "/api/blocks/self-mined"]) {
      for (const query of ["limit=0", "limit=-1", "limit=1001", "offset=-1", "limit=x", "limit=1e30"]) {
        expect((await market.get(`${path}?${query}`)).status).toBe(422);
      }
    }
  });

  test("settlements, newest first", async () => {
    const { body: first } = await rent();
    await stop(first.lease_id);
    const { body: second } = await rent();
    await stop(second.lease_id);
    const { body } = await market.get("/api/settlements?limit=1");
    expect([body.total, body.items.length, body.items[0].lease_id]).toEqual([2, 1, second.lease_id]);
    expect(Object.keys(body.items[0])).toEqual([
      "lease_id",
      "consumer_id",
      "worker_id",
      "duration_sec",
      "blocks_found",
      "total_cost",
      "provider_payment",
      "platform_fee",
    ]);
  });

  test("defect 18: what a renter has spent is what was charged, also when the balance ran out", async () => {
    await market.post("/api/auth/register", { account_id: "poor", role: "consumer", balance: 0.15 });
    const headers = await keyOf("poor");
    for (let i = 0; i < 2; i++) {
      const { body } = await market.post("/api/rent", { duration_sec: 60 }, headers);
      await market.mineFor("w1", 10);
      await stop(body.lease_id, headers);
    }
    await market.post("/api/rent", { duration_sec: 60 }, headers);
    expect((await market.get("/api/renter/stats", headers)).body).toEqual({
      active_leases: 1,
      completed_leases: 2,
      total_leases: 3,
      total_spent: 0.15,
      avg_cost: 0.075,
    });
    const { body } = await market.get("/api/renter/leases?state=completed", headers);
    expect([body.total, body.items[0].price_per_sec]).toEqual([2, 0.01]);
    for (const path of ["/api/renter/stats", "/api/renter/leases"]) {
      const { status, body: refusal } = await market.get(path);
      expect([status, refusal.detail]).toEqual([
        401,
        "Missing or invalid credentials. Pass Authorization: Bearer <jwt> or X-API-Key header.",
      ]);
    }
  });

  test("the books balance whatever was rented and stopped", async () => {
    for (let i = 0; i < 10; i++) {
      const { body } = await rent();
      await market.clock.advance(1234 * i + 7);
      await stop(body.lease_id);
    }
    expect(market.database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
  });
});
