import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { START_MS } from "../../../support/virtualClock";
import { adminHeaders, openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
  await market.register("w1");
  await market.report("w1", "heartbeat", { hashrate: 1000, active_gpus: 2 });
});
afterEach(() => market.close());

const rent = (more: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 60, ...more }, headers);
/** Rents, and the worker begins. */
const rentAndMine = async (more: Record<string, unknown> = {}) => {
  const rented = await rent(more);
  await market.report(rented.body.worker_id, "status", { state: "MINING" });
  return rented;
};
const stop = (leaseId: string, headers?: Record<string, string>) =>
  market.post("/api/stop", { lease_id: leaseId }, headers);
const balance = async (accountId: string) => (await market.get(`/api/accounts/${accountId}/balance`)).body.balance;
const stateOf = async (workerId: string) =>
  (await market.get("/api/workers")).body.find((worker: { worker_id: string }) => worker.worker_id === workerId).state;
async function keyOf(accountId: string) {
  return { "x-api-key": (await market.post("/api/auth/login", { account_id: accountId })).body.api_key as string };
}

describe("renting", () => {
  test("gives a lease with a prefix of its own and sends the worker its task", async () => {
    const { status, body } = await rent({ consumer_address: "0xcdcd" });
    expect(status).toBe(200);
    expect(body).toEqual({
      lease_id: expect.stringMatching(/^lease-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      worker_id: "w1",
      prefix: expect.stringMatching(/^[0-9a-f]{16}$/),
      duration_sec: 60,
      consumer_id: "consumer-1",
      consumer_address: "0xcdcd",
      created_at: START_MS / 1000,
      price_per_min: 0.6,
      max_cost: 0.6,
      budget: null,
      warning: "consumer_address must be 0x and 40 hex digits",
    });
    expect(market.worker.to("w1").at(-1)).toEqual({
      command: "assign_task",
      lease_id: body.lease_id,
      consumer_id: "consumer-1",
      consumer_address: "0xcdcd",
      prefix: body.prefix,
      duration_sec: 60,
    });
    expect(await stateOf("w1")).toBe("LEASED");
  });

  test("its other path and its standards: an hour of any worker", async () => {
    const { body } = await market.post("/api/rental/start", { consumer_id: "consumer-1", worker_id: null });
    expect([body.worker_id, body.duration_sec]).toEqual(["w1", 3600]);
  });

  test("a busy worker and an unknown one are both 404", async () => {
    await rent();
    for (const workerId of ["w1", "nobody", null]) {
      const { status, body } = await rent({ worker_id: workerId });
      expect([status, body]).toEqual([404, { detail: "No available workers" }]);
    }
  });

  test("without a consumer, in the body or by credential, there is no lease", async () => {
    const { status, body } = await market.post("/api/rent", { duration_sec: 60 });
    expect([status, body]).toEqual([400, { detail: "consumer_id required (provide in body or authenticate)" }]);
  });

  test("empty members are filled from the credential", async () => {
    const { body } = await market.post("/api/rent", { duration_sec: 60 }, await keyOf("consumer-1"));
    expect([body.consumer_id, body.consumer_address]).toEqual([
      "consumer-1",
      "0xaabbccddee1234567890abcdef1234567890abcd",
    ]);
  });

  test("defect 13: an unknown consumer is 404, and the worker stays free", async () => {
    const { status, body } = await rent({ consumer_id: "nobody" });
    expect([status, body]).toEqual([404, { detail: "Account not found" }]);
    expect((await rent()).status).toBe(200);
  });

  test("defect 8: durations under a second, beyond the worker's longest or absurd are refused", async () => {
    for (const duration of [0, -1, "-5", 1e30, "1e30", 1.5])
      expect((await rent({ duration_sec: duration })).status).toBe(422);
    const { status, body } = await rent({ duration_sec: 86_401 });
    expect([status, body]).toEqual([400, { detail: "Duration above maximum (86400s)" }]);
    expect((await rent({ duration_sec: 15 })).status).toBe(200);
  });

  test("defect 11: renting without money is let, unless the market asks for the full cost", async () => {
    await market.post("/api/auth/register", { account_id: "poor", role: "consumer" });
    expect((await rent({ consumer_id: "poor" })).status).toBe(200);
    const strict = await openMarket({ requireFunds: true });
    await strict.register("w1");
    await strict.post("/api/auth/register", { account_id: "poor", role: "consumer", balance: 0.5 });
    const refused = await strict.post("/api/rent", { consumer_id: "poor", duration_sec: 60 });
    expect([refused.status, refused.body.detail]).toEqual([400, "Insufficient balance: have 0.5000, need 0.6000"]);
    expect((await strict.post("/api/rent", { consumer_id: "poor", duration_sec: 40 })).status).toBe(200);
    await strict.report("w1", "status", { state: "MINING" });
    // What a lease that runs may cost is spoken for.
    await strict.register("w2");
    const again = await strict.post("/api/rent", { consumer_id: "poor", duration_sec: 40 });
    expect([again.status, again.body.detail]).toEqual([400, "Insufficient balance: have 0.1000, need 0.4000"]);
    for (const [amount, status] of [
      [0.2, 400],
      [0.1, 200],
    ]) {
      expect((await strict.post("/api/accounts/poor/withdraw", { amount }, adminHeaders)).status).toBe(status!);
    }
    expect((await strict.post("/api/accounts/poor/transfer", { to: "w1", amount: 0.1 }, adminHeaders)).status).toBe(
      400,
    );
    await strict.clock.advance(60_000);
    expect((await strict.get("/api/accounts/poor/balance")).body.balance).toBe(0);
    await strict.close();
  });

  test("defect 12: an offline worker is rented only when no other is free, and never an error", async () => {
    await market.clock.advance(100_000);
    await market.register("w2");
    expect((await rent()).body.worker_id).toBe("w2");
    expect((await rent()).body.worker_id).toBe("w1");
  });

  test("a price that changes later does not touch a lease", async () => {
    const { body } = await rentAndMine();
    await market.put("/api/workers/w1/pricing", { price_per_min: 100 });
    await market.clock.advance(30_000);
    expect((await stop(body.lease_id)).body.settlement.total_cost).toBe(0.3);
  });
});

describe("stopping", () => {
  test("bills real time to the millisecond, pays 95/5, frees the worker and releases it", async () => {
    const { body: lease } = await rentAndMine();
    await market.clock.advance(2797);
    const { status, body } = await stop(lease.lease_id);
    expect(status).toBe(200);
    expect(body).toEqual({
      lease_id: lease.lease_id,
      state: "completed",
      blocks_found: 0,
      settlement: {
        lease_id: lease.lease_id,
        consumer_id: "consumer-1",
        worker_id: "w1",
        duration_sec: 2.8,
        blocks_found: 0,
        total_cost: 0.028,
        provider_payment: 0.0266,
        platform_fee: 0.0014,
      },
    });
    expect(await balance("consumer-1")).toBe(999.97203);
    expect(await balance("w1")).toBe(0.0265715);
    expect(await balance("platform-treasury")).toBe(0.0013985);
    expect(market.worker.to("w1").at(-1)).toEqual({ command: "release", lease_id: lease.lease_id });
    expect(await stateOf("w1")).toBe("AVAILABLE");
  });

  test("an unknown lease and one that has ended are 404", async () => {
    const { body } = await rent();
    expect((await market.post("/api/rental/stop", { lease_id: body.lease_id })).status).toBe(200);
    for (const leaseId of [body.lease_id, "lease-nothing"]) {
      const answer = await stop(leaseId);
      expect([answer.status, answer.body]).toEqual([404, { detail: "Lease not found or not active" }]);
    }
  });

  test("defect 2: a stop that is forbidden changes nothing", async () => {
    const { body: lease } = await rentAndMine();
    await market.clock.advance(10_000);
    const { status, body } = await stop(lease.lease_id, await keyOf("consumer-2"));
    expect([status, body]).toEqual([403, { detail: "You can only stop your own leases" }]);
    expect((await market.get(`/api/leases/${lease.lease_id}`)).body.state).toBe("active");
    expect(await stateOf("w1")).toBe("MINING");
    expect((await stop(lease.lease_id, await keyOf("consumer-1"))).body.settlement.total_cost).toBe(0.1);
  });

  test("defect 2: a provider may stop leases of its own worker only, a consumer rents for itself only", async () => {
    await market.register("w2");
    const { body: lease } = await rent({ worker_id: "w1" });
    expect((await stop(lease.lease_id, await keyOf("w2"))).status).toBe(403);
    expect((await stop(lease.lease_id, await keyOf("w1"))).status).toBe(200);
    const forOther = await rent({ consumer_id: "consumer-2" }, await keyOf("consumer-1"));
    expect([forOther.status, forOther.body]).toEqual([403, { detail: "You can only rent for yourself" }]);
    expect((await rent({ consumer_id: "consumer-2" }, adminHeaders)).status).toBe(200);
    const byProvider = await rent({}, await keyOf("w1"));
    expect([byProvider.status, byProvider.body]).toEqual([403, { detail: "Consumer account required to rent" }]);
  });

  test("a consumer who has less pays what there is, and owes nothing", async () => {
    await market.post("/api/auth/register", { account_id: "poor", role: "consumer", balance: 0.1 });
    const { body: lease } = await rentAndMine({ consumer_id: "poor" });
    await market.clock.advance(59_000);
    expect((await stop(lease.lease_id)).body.settlement.total_cost).toBe(0.1);
    expect(await balance("poor")).toBe(0);
  });
});

describe("expiry", () => {
  test("ends and settles a lease within five seconds of its time", async () => {
    const { body: lease } = await rentAndMine();
    await market.clock.advance(59_999);
    expect((await market.get(`/api/leases/${lease.lease_id}`)).body.state).toBe("active");
    await market.clock.advance(5_002);
    const { body } = await market.get(`/api/leases/${lease.lease_id}`);
    expect([body.state, body.settlement.total_cost]).toEqual(["completed", 0.6]);
    expect(market.worker.to("w1").at(-1)).toEqual({ command: "release", lease_id: lease.lease_id });
  });

  test("defect 17: neither the overrun nor the time the server was down is billed", async () => {
    const { body: lease } = await rentAndMine({ duration_sec: 61 });
    await market.clock.advance(70_000);
    const { body } = await market.get(`/api/leases/${lease.lease_id}`);
    expect([body.elapsed_sec, body.settlement.duration_sec, body.settlement.total_cost]).toEqual([61, 61, 0.61]);
    expect(await balance("consumer-1")).toBe(999.39);
  });
});
