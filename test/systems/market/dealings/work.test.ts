import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { settled } from "../../../support/virtualClock";
import { adminHeaders, openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
  await market.register("w1");
});
afterEach(() => market.close());

const ADDRESS = `0x${"cd".repeat(20)}`;
const rent = async (more: Record<string, unknown> = {}) =>
  (await market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 600, ...more })).body;
const stop = async (leaseId: string) => (await market.post("/api/stop", { lease_id: leaseId })).body.settlement;
const lease = async (leaseId: string) => (await market.get(`/api/leases/${leaseId}`)).body;
const say = (state: string) => market.report("w1", "status", { state });

describe("seconds that are billed", () => {
  test("those in which the worker was away, in ERROR or idle are not; the receipt lists them", async () => {
    const { lease_id, created_at } = await rent();
    await market.mineFor("w1", 20);
    await market.report("w1", "status", { status: "offline" });
    await market.clock.advance(30_000);
    await market.mineFor("w1", 10);
    await say("ERROR");
    await market.clock.advance(7000);
    await market.mineFor("w1", 3);
    expect((await stop(lease_id)).duration_sec).toBe(33);
    const { spans } = await lease(lease_id);
    expect(
      spans.map(({ from, to, ...span }: { from: number; to: number }) => ({
        at: from - created_at,
        to: to - created_at,
        ...span,
      })),
    ).toEqual([
      { at: 0, to: 20, billed: true, reason: null },
      { at: 20, to: 50, billed: false, reason: "offline" },
      { at: 50, to: 60, billed: true, reason: null },
      { at: 60, to: 67, billed: false, reason: "error" },
      { at: 67, to: 70, billed: true, reason: null },
    ]);
  });

  test("a gap of up to five seconds is billed whole, a longer one not at all", async () => {
    for (const [gapMs, seconds] of [
      [5000, 25],
      [5001, 20],
    ] as const) {
      const { lease_id } = await rent();
      await market.mineFor("w1", 10);
      await say("ERROR");
      await market.clock.advance(gapMs);
      await market.mineFor("w1", 10);
      expect((await stop(lease_id)).duration_sec).toBe(seconds);
    }
  });

  test("silence is a gap from the last sign of life", async () => {
    const { lease_id } = await rent();
    await market.mineFor("w1", 10);
    await market.report("w1", "heartbeat");
    await market.clock.advance(100_000);
    expect((await stop(lease_id)).duration_sec).toBe(10);
    const second = await rent();
    await market.mineFor("w1", 10);
    await market.report("w1", "heartbeat");
    await market.clock.advance(100_000);
    await market.report("w1", "heartbeat", { hashrate: 5, active_gpus: 1 });
    await market.clock.advance(5000);
    expect((await stop(second.lease_id)).duration_sec).toBe(15);
  });

  test("what comes after a restart goes on with what was billed before it", async () => {
    const { lease_id } = await rent();
    await market.mineFor("w1", 10);
    await say("ERROR");
    await market.clock.advance(20_000);
    await market.database.samples.flush();
    await market.market.stop();
    const next = await openMarket({ database: market.database });
    await next.clock.advance(40_000);
    await next.mineFor("w1", 5);
    const { settlement } = (await next.post("/api/stop", { lease_id })).body;
    expect(settlement.duration_sec).toBe(15);
    await next.market.stop();
  });

  test("with MARKET_BILL_OFFLINE all of the time is billed, begun or not", async () => {
    const whole = await openMarket({ billOffline: true });
    await whole.register("w1");
    const { body } = await whole.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 600 });
    await whole.clock.advance(300_000);
    expect((await whole.post("/api/stop", { lease_id: body.lease_id })).body.settlement.duration_sec).toBe(300);
    await whole.close();
  });
});

describe("a worker that does not begin", () => {
  test("ends the lease after two minutes, refunded; the reputation knows it", async () => {
    const { lease_id } = await rent();
    await market.clock.advance(119_000);
    expect((await lease(lease_id)).state).toBe("active");
    await market.clock.advance(6000);
    const ended = await lease(lease_id);
    expect([ended.state, ended.reason, ended.settlement.total_cost]).toEqual(["cancelled", "failed", 0]);
    expect(ended.spans).toEqual([{ from: ended.created_at, to: ended.ended_at, billed: false, reason: "starting" }]);
    const { completion_detail } = (await market.get("/api/workers/w1/reputation")).body.breakdown;
    expect(completion_detail).toMatchObject({ completed_leases: 0, total_leases: 1 });
    expect((await market.get("/api/workers")).body[0].state).toBe("AVAILABLE");
  });

  test("is billed from the beginning when it begins in time, by MINING or by a block", async () => {
    const { lease_id, prefix } = await rent();
    await market.clock.advance(60_000);
    await market.report("w1", "block", { lease_id, key: prefix.padEnd(64, "0") });
    await market.clock.advance(10_000);
    expect((await stop(lease_id)).duration_sec).toBe(70);
  });

  test("fails a lease that expires before it has begun", async () => {
    const { lease_id } = await rent({ duration_sec: 60 });
    await market.clock.advance(70_000);
    expect(await lease(lease_id)).toMatchObject({ state: "cancelled", reason: "failed" });
  });
});

describe("a budget", () => {
  test("ends the lease when the work has used it, after a word when a tenth is left", async () => {
    const told: string[] = [];
    market.feed.join({ send: (frame) => told.push(frame) > 0, close: () => undefined }, () => ({}));
    const { lease_id, max_cost, budget } = await rent({ budget: 1 });
    expect([max_cost, budget]).toEqual([1, 1]);
    await market.mineFor("w1", 60);
    await say("ERROR");
    await market.clock.advance(60_000);
    expect(await lease(lease_id)).toMatchObject({ state: "active" });
    await market.mineFor("w1", 45);
    const events = () => told.map((frame) => JSON.parse(frame)).filter(({ type }) => type.startsWith("lease"));
    expect(events()).toMatchObject([
      { type: "lease_low", data: { lease_id, worker_id: "w1", consumer_id: "consumer-1", budget: 1 } },
      { type: "lease_ended", data: { lease_id, reason: "funds" } },
    ]);
    const ended = await lease(lease_id);
    expect([ended.state, ended.reason, ended.settlement.total_cost]).toEqual(["completed", "funds", 1]);
  });

  test("in closed mode the whole cost, or the budget, is set aside: no money, no lease", async () => {
    const closed = await openMarket({ mode: "closed" });
    await closed.register("w1");
    await closed.register("w2");
    const { body } = await closed.post("/api/auth/register", { account_id: "poor", role: "consumer" });
    const headers = { "x-api-key": body.api_key };
    const ask = (more: Record<string, unknown> = {}) =>
      closed.post("/api/rent", { consumer_address: ADDRESS, duration_sec: 600, ...more }, headers);
    const refused = await ask();
    expect([refused.status, refused.body.detail]).toEqual([400, "Insufficient balance: have 0.0000, need 6.0000"]);
    await closed.post("/api/accounts/poor/deposit", { amount: 2 }, adminHeaders);
    expect((await ask()).status).toBe(400);
    expect((await ask({ budget: 1.5 })).status).toBe(200);
    expect((await ask({ budget: 1 })).body.detail).toBe("Insufficient balance: have 0.5000, need 1.0000");
    const withdrawn = (amount: number) => closed.post("/api/accounts/poor/withdraw", { amount }, headers);
    expect((await withdrawn(1)).status).toBe(400);
    expect((await withdrawn(0.5)).status).toBe(200);
    await closed.close();
  });

  test("in closed mode an address must be one, and the worker's shortest time is kept", async () => {
    const closed = await openMarket({ mode: "closed" });
    await closed.register("w1");
    await closed.accounts.register({ accountId: "rich", role: "consumer", ethAddress: "", balance: 100 });
    const detail = async (more: Record<string, unknown>) =>
      (await closed.post("/api/rent", { consumer_id: "rich", duration_sec: 600, ...more }, adminHeaders)).body.detail;
    expect(await detail({})).toBe("consumer_address must be 0x and 40 hex digits");
    expect(await detail({ consumer_address: "0x12" })).toBe("consumer_address must be 0x and 40 hex digits");
    expect(await detail({ consumer_address: "0x52908400098527886E0F7030069857D2E4169Ee7" })).toBe(
      "consumer_address has a typing error: its checksum would be that of 0x52908400098527886E0F7030069857D2E4169EE7",
    );
    expect(await detail({ consumer_address: ADDRESS, duration_sec: 59 })).toBe("Duration below minimum (60s)");
    expect(await detail({ consumer_address: "0x52908400098527886E0F7030069857D2E4169EE7" })).toBeUndefined();
    await closed.close();
  });
});

describe("a task or a release", () => {
  const told = () => market.worker.to("w1").map(({ command }) => command);

  test("is sent again at each sign of life until the worker shows that it has heard it", async () => {
    const { lease_id } = await rent();
    await market.clock.advance(30_000);
    await market.report("w1", "heartbeat", { hashrate: 0, active_gpus: 0 });
    expect(told()).toEqual(["register_ack", "assign_task", "assign_task"]);
    expect(market.worker.to("w1").at(-1)).toMatchObject({ lease_id, duration_sec: 570 });
    await market.report("w1", "heartbeat", { hashrate: 0, active_gpus: 0 });
    await say("MINING");
    await market.clock.advance(30_000);
    await market.report("w1", "heartbeat", { hashrate: 9, active_gpus: 1 });
    await stop(lease_id);
    await market.clock.advance(30_000);
    await market.report("w1", "heartbeat", { hashrate: 9, active_gpus: 1 });
    expect(told().slice(3)).toEqual(["release", "release"]);
    await say("COMPLETED");
    await settled();
    expect(market.outbox.waiting()).toBe(0);
  });

  test("of the next lease does not overtake the release that was lost", async () => {
    const first = await rent();
    await say("MINING");
    await stop(first.lease_id);
    const second = await rent();
    market.worker.sent.length = 0;
    await market.clock.advance(10_000);
    await market.report("w1", "status", { state: "MINING", lease_id: first.lease_id });
    expect(market.worker.to("w1").map(({ command, lease_id }) => [command, lease_id])).toEqual([
      ["release", first.lease_id],
      ["assign_task", second.lease_id],
    ]);
    expect((await market.get("/api/workers")).body[0].state).toBe("LEASED");
  });

  test("answers a worker that mines for a lease that has ended, and one that has lost its task", async () => {
    const { lease_id, prefix } = await rent();
    await say("MINING");
    await market.clock.advance(10_000);
    await market.register("w1");
    await say("AVAILABLE");
    expect(market.worker.to("w1").at(-1)).toMatchObject({ command: "assign_task", lease_id, duration_sec: 590 });
    await say("MINING");
    await stop(lease_id);
    await say("AVAILABLE");
    market.worker.sent.length = 0;
    await market.clock.advance(10_000);
    await market.report("w1", "heartbeat", { hashrate: 9, active_gpus: 1, prefix });
    expect(market.worker.to("w1")).toEqual([{ command: "release", lease_id }]);
    await market.report("w1", "status", { state: "MINING", lease_id });
    expect((await market.get("/api/workers")).body[0].state).toBe("AVAILABLE");
  });
});

test("COMPLETED after the end leaves a free worker among the offers", async () => {
  const { lease_id } = await rent();
  await say("MINING");
  await stop(lease_id);
  await say("COMPLETED");
  expect((await market.get("/api/marketplace")).body.total).toBe(1);
  expect((await rent()).worker_id).toBe("w1");
});

test("a clock that is set back makes no negative time", async () => {
  const { lease_id } = await rent();
  await say("MINING");
  const behind = await openMarket({ database: market.database });
  // The second market's clock begins where the first one's did: here it is the lease that lies ahead.
  market.database.transact((db) => void db.run("update market_leases set created_at = created_at + 3600000"));
  const told = await behind.get(`/api/leases/${lease_id}`);
  expect(told.body.elapsed_sec).toBe(0);
  expect((await behind.post("/api/stop", { lease_id })).body.settlement.duration_sec).toBe(0);
  await behind.market.stop();
});
