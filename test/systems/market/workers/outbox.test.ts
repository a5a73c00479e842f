import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { settled } from "../../../support/virtualClock";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

const rent = (more: Record<string, unknown> = {}) =>
  market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 600, ...more });

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
    expect(next.outbox.waiting()).toBe(4);
    // A goodbye, such as the miner's will, comes from somebody who hears nothing any more.
    await next.report("w1", "status", { status: "offline" });
    await settled();
    expect(next.worker.sent).toEqual([]);
    await next.report("w1", "heartbeat");
    await settled();
    const told = () => next.worker.to("w1").map(({ command, lease_id }) => [command, lease_id]);
    // The first row is the rent's own: the worker has not shown to have heard it either.
    expect(told()).toEqual([
      ["assign_task", lease.lease_id],
      ["assign_task", lease.lease_id],
      ["release", "lease-gone"],
    ]);
    await next.report("w1", "status", { state: "MINING", lease_id: lease.lease_id });
    await settled();
    expect(market.database.read((db) => db.all("select * from market_outbox"))).toEqual([]);
    expect([told().length, next.outbox.waiting()]).toEqual([3, 0]);
    await next.market.stop();
  });
});

test("a restart keeps workers, leases, counts and figures; what expired meanwhile is settled for the time bought", async () => {
  await market.register("w1");
  await market.report("w1", "heartbeat", { hashrate: 500, active_gpus: 1 });
  const { body: lease } = await rent({ duration_sec: 60 });
  await market.report("w1", "status", { state: "MINING" });
  await market.report("w1", "heartbeat", { hashrate: 700, active_gpus: 1 });
  const before = (await market.get("/api/workers")).body;
  await market.database.samples.flush();
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
  await market.database.samples.flush();
  const rows = () => market.database.samples.read((db) => db.all("select * from market_lease_figures"));
  expect(rows().length).toBe(1);
  await market.post("/api/stop", { lease_id: lease.lease_id });
  await market.database.samples.flush();
  expect(rows()).toEqual([]);
  expect((await market.get(`/api/leases/${lease.lease_id}`)).body.avg_hashrate).toBe(500);
});
