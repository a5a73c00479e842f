import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { adminHeaders, openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
  for (const workerId of ["w1", "w2", "w3"]) await market.register(workerId);
});
afterEach(() => market.close());

const rent = (more: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 60, ...more }, headers);
const price = (workerId: string, price_per_min: number) =>
  market.put(`/api/workers/${workerId}/pricing`, { price_per_min });
const balance = async (accountId: string) => (await market.get(`/api/accounts/${accountId}/balance`)).body.balance;

describe("the price of a lease", () => {
  test("is that of the cheapest worker, which the estimate names too, and is told", async () => {
    await price("w2", 0.5);
    const { body: estimate } = await market.get("/api/marketplace/estimate?duration_sec=60");
    const { body } = await rent();
    expect([estimate.worker_id, body.worker_id]).toEqual(["w2", "w2"]);
    expect(body).toMatchObject({ price_per_min: 0.5, max_cost: 0.5, budget: null });
  });

  test("is at most what the renter says", async () => {
    const { status, body } = await rent({ max_price: 0.59 });
    const detail = "Price 0.6 XNM per minute, above the max_price of 0.59";
    expect([status, body.detail]).toEqual([400, detail]);
    expect((await rent({ max_price: 0.6 })).status).toBe(200);
  });

  test("is fixed by a quote for a minute, whatever the provider does", async () => {
    const { body: estimate } = await market.get("/api/marketplace/estimate?duration_sec=90&worker_id=w3");
    await price("w3", 5);
    const { body } = await rent({ quote_id: estimate.quote_id });
    expect(body).toMatchObject({ worker_id: "w3", duration_sec: 90, price_per_min: 0.6 });
    const other = await rent({ quote_id: estimate.quote_id, worker_id: "w1" });
    expect([other.status, other.body.detail]).toEqual([400, "The quote is for w3"]);
    await market.clock.advance(60_000);
    expect((await rent({ quote_id: estimate.quote_id })).status).toBe(410);
    for (const forged of ["x", `${estimate.quote_id}x`, estimate.quote_id.replace(/^./, "Z")]) {
      expect((await rent({ quote_id: forged })).status).toBe(400);
    }
  });

  test("goes with a warning where an open market lets what a closed one refuses", async () => {
    expect((await rent({ duration_sec: 15 })).body.warning).toBe("Duration below minimum (60s)");
    expect((await rent({ consumer_address: "0x1" })).body.warning).toBe(
      "consumer_address must be 0x and 40 hex digits",
    );
    expect((await rent()).body.warning).toBeUndefined();
  });
});

describe("an order of several workers", () => {
  const order = (more: Record<string, unknown>) =>
    market.post("/api/orders", { consumer_id: "consumer-1", duration_sec: 60, ...more });

  test("gives a lease for each", async () => {
    const { status, body } = await order({ workers: 2 });
    expect([status, body.leases.map(({ worker_id }: { worker_id: string }) => worker_id), body.max_cost]).toEqual([
      200,
      ["w1", "w2"],
      1.2,
    ]);
    const named = await order({ worker_ids: ["w3"] });
    expect(named.body.leases.length).toBe(1);
  });

  test("is all or none", async () => {
    for (const more of [{ workers: 4 }, { worker_ids: ["w1", "nobody"] }, { worker_ids: ["w1", "w1"] }]) {
      expect((await order(more)).status).toBe(404);
    }
    expect((await market.get("/api/leases")).body.total).toBe(0);
    expect(market.worker.sent.filter(({ payload }) => payload["command"] === "assign_task")).toEqual([]);
    expect((await order({ workers: 3 })).status).toBe(200);
  });
});

describe("a lease that runs", () => {
  test("is made longer at its price, as far as the worker is let", async () => {
    const { body } = await rent({ worker_id: "w1" });
    await price("w1", 9);
    const extend = (more: Record<string, unknown>) => market.post(`/api/leases/${body.lease_id}/extend`, more);
    expect((await extend({ duration_sec: 60 })).body).toMatchObject({ duration_sec: 120, price_per_sec: 0.01 });
    expect((await extend({ duration_sec: 86_400 })).body.detail).toBe("Duration above maximum (86400s)");
    await market.mineFor("w1", 100);
    expect((await market.get(`/api/leases/${body.lease_id}`)).body.state).toBe("active");
    await market.mineFor("w1", 30);
    const ended = (await market.get(`/api/leases/${body.lease_id}`)).body;
    expect([ended.reason, ended.settlement.total_cost]).toEqual(["expired", 1.2]);
    expect((await extend({ duration_sec: 60 })).status).toBe(404);
  });

  test("is given more money, which must be there", async () => {
    const { body } = await rent({ worker_id: "w1", duration_sec: 600, budget: 0.1 });
    const extend = (budget: number) => market.post(`/api/leases/${body.lease_id}/extend`, { budget });
    expect((await extend(0.4)).body.budget).toBe(0.4);
    await market.post("/api/accounts/consumer-1/withdraw", { amount: 999.6 }, adminHeaders);
    expect((await extend(5)).status).toBe(400);
    await market.mineFor("w1", 60);
    const ended = (await market.get(`/api/leases/${body.lease_id}`)).body;
    expect([ended.reason, ended.settlement.total_cost, await balance("consumer-1")]).toEqual(["funds", 0.4, 0]);
  });
});

describe("a request that comes twice with one Idempotency-Key", () => {
  const key = { "idempotency-key": "k-1" };

  test("rents once, and is answered alike", async () => {
    const [first, second] = await Promise.all([rent({}, key), rent({}, key)]);
    expect(second.body).toEqual(first.body);
    expect((await market.get("/api/leases")).body.total).toBe(1);
    const other = await rent({ duration_sec: 61 }, key);
    expect([other.status, other.body.detail]).toEqual([
      422,
      "This Idempotency-Key was used for another request. Take a new one.",
    ]);
  });

  test("stops once, deposits once, withdraws once", async () => {
    const { body: lease } = await rent();
    const stop = () => market.post("/api/stop", { lease_id: lease.lease_id }, key);
    const [first, second] = [await stop(), await stop()];
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
    const before = await balance("consumer-2");
    for (let i = 0; i < 3; i++) await market.post("/api/accounts/consumer-2/deposit", { amount: 5 }, key);
    expect(await balance("consumer-2")).toBe(before + 5);
    const admin = { ...adminHeaders, ...key };
    for (let i = 0; i < 3; i++) await market.post("/api/accounts/consumer-2/withdraw", { amount: 1 }, admin);
    expect(await balance("consumer-2")).toBe(before + 4);
  });

  test("is done again when the first failed, and after a day", async () => {
    expect((await rent({ worker_id: "nobody" }, key)).status).toBe(404);
    await market.register("nobody");
    expect((await rent({ worker_id: "nobody" }, key)).status).toBe(200);
    await market.clock.advance(25 * 3_600_000);
    expect((await rent({}, key)).status).toBe(200);
  });
});

test("withdrawing exactly the balance that was told empties the account, whatever its last digits are", async () => {
  await market.accounts.register({ accountId: "rich", role: "consumer", ethAddress: "", balance: 123456789.25 });
  await market.post("/api/accounts/rich/deposit", { amount: 7654321.987654321 });
  await market.post("/api/accounts/rich/deposit", { amount: 0.000000001 });
  const told = await balance("rich");
  const { status, body } = await market.post("/api/accounts/rich/withdraw", { amount: told }, adminHeaders);
  expect([status, body]).toEqual([200, { account_id: "rich", balance: 0, withdrawn: told }]);
});
