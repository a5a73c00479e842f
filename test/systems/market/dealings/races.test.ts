import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { audit } from "../../../../src/systems/market/store/ledger";
import { type Answer, adminHeaders, openMarket, type TestMarket } from "../marketBench";

const PARALLEL = 100;

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(async () => {
  expect(market.database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
  expect(market.lines).toEqual([]);
  await market.close();
});

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => make(i)));
const statuses = (answers: Answer[]) =>
  Object.fromEntries(
    Map.groupBy(answers, ({ status }) => status)
      .entries()
      .map(([status, all]) => [status, all.length]),
  );
const balance = async (accountId: string) => (await market.get(`/api/accounts/${accountId}/balance`)).body.balance;

describe("defect 3: a hundred at once", () => {
  test("deposits of 1 add up to 100", async () => {
    await market.post("/api/auth/register", { account_id: "a", role: "consumer" });
    const answers = await times(PARALLEL, () => market.post("/api/accounts/a/deposit", { amount: 1 }));
    expect(answers.map(({ body }) => body.balance).sort((x, y) => x - y)).toEqual(
      Array.from({ length: PARALLEL }, (_, i) => i + 1),
    );
    expect(await balance("a")).toBe(PARALLEL);
  });

  test("withdrawals of 10 from 100: ten are paid", async () => {
    await market.post("/api/auth/register", { account_id: "a", role: "consumer", balance: 100 });
    const answers = await times(PARALLEL, () => market.post("/api/accounts/a/withdraw", { amount: 10 }, adminHeaders));
    expect(statuses(answers)).toEqual({ 200: 10, 400: 90 });
    expect(await balance("a")).toBe(0);
  });

  test("transfers to and fro leave the sum as it was", async () => {
    for (const account_id of ["a", "b"]) {
      await market.post("/api/auth/register", { account_id, role: "consumer", balance: 5 });
    }
    await times(PARALLEL, (i) => {
      const [from, to] = i % 2 === 0 ? ["a", "b"] : ["b", "a"];
      return market.post(`/api/accounts/${from}/transfer`, { to, amount: 1 }, adminHeaders);
    });
    expect((await balance("a")) + (await balance("b"))).toBe(10);
  });

  test("registrations of one name: one wins, and its key is the one that is good", async () => {
    const answers = await times(PARALLEL, (i) =>
      market.post("/api/auth/register", { account_id: "a", role: "consumer", balance: i }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 400: 99 });
    const winner = answers.find(({ status }) => status === 200)!;
    const me = await market.get("/api/auth/me", { "x-api-key": winner.body.api_key });
    expect(me.body.balance).toBe(winner.body.balance);
  });

  test("rents of one worker: one wins", async () => {
    await market.register("w1");
    const answers = await times(PARALLEL, (i) =>
      market.post("/api/rent", { consumer_id: `consumer-${(i % 2) + 1}`, worker_id: i % 3 === 0 ? null : "w1" }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 404: 99 });
    expect(market.worker.to("w1").filter(({ command }) => command === "assign_task").length).toBe(1);
    expect((await market.get("/api/leases?state=active")).body.total).toBe(1);
  });

  test("rents of fifty workers: fifty win, each a worker and a prefix of its own", async () => {
    await times(50, (i) => market.register(`w${i}`));
    const answers = await times(PARALLEL, () => market.post("/api/rent", { consumer_id: "consumer-1" }));
    expect(statuses(answers)).toEqual({ 200: 50, 404: 50 });
    const won = answers.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(new Set(won.map(({ worker_id }) => worker_id)).size).toBe(50);
    expect(new Set(won.map(({ prefix }) => prefix)).size).toBe(50);
  });

  test("stops of one lease: one gets 200, the lease is settled once and released once", async () => {
    await market.register("w1");
    const { body: lease } = await market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 600 });
    await market.mineFor("w1", 60);
    const answers = await times(PARALLEL, () => market.post("/api/stop", { lease_id: lease.lease_id }));
    expect(statuses(answers)).toEqual({ 200: 1, 404: 99 });
    expect((await market.get("/api/settlements")).body.total).toBe(1);
    expect(market.worker.to("w1").filter(({ command }) => command === "release").length).toBe(1);
    expect(await balance("consumer-1")).toBe(999.4);
  });

  test("stops of different leases: every one is settled, whatever the workers say meanwhile", async () => {
    await times(PARALLEL, (i) => market.register(`w${i}`));
    const leases = await times(PARALLEL, (i) =>
      market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 600, worker_id: `w${i}` }),
    );
    await times(PARALLEL, (i) => market.report(`w${i}`, "status", { state: "MINING" }));
    await market.clock.advance(6000);
    const answers = await times(PARALLEL, async (i) => {
      const stopping = market.post("/api/stop", { lease_id: leases[i]!.body.lease_id });
      await market.report(`w${i}`, "status", { state: "COMPLETED" });
      await market.report(`w${i}`, "status", { state: "AVAILABLE" });
      return stopping;
    });
    expect(answers.every(({ status, body }) => status === 200 && body.settlement.total_cost === 0.06)).toBe(true);
    expect(await balance("consumer-1")).toBe(994);
    expect((await market.get("/api/leases?state=active")).body.total).toBe(0);
    expect((await market.get("/api/marketplace")).body.total).toBe(PARALLEL);
  });

  test("stops and the watchdog at the very same time: each lease is settled once", async () => {
    await times(PARALLEL, (i) => market.register(`w${i}`));
    const leases = await times(PARALLEL, () =>
      market.post("/api/rent", { consumer_id: "consumer-1", duration_sec: 5 }),
    );
    const watching = market.clock.advance(10_001);
    const answers = await times(PARALLEL, (i) => market.post("/api/stop", { lease_id: leases[i]!.body.lease_id }));
    await watching;
    expect(answers.every(({ status }) => status === 200 || status === 404)).toBe(true);
    expect((await market.get("/api/settlements")).body.total).toBe(PARALLEL);
    expect((await market.get("/api/leases?state=active")).body.total).toBe(0);
  });

  test("everything at once keeps the books in order", async () => {
    await times(20, (i) => market.register(`w${i}`));
    await times(PARALLEL, async (i) => {
      const consumer_id = `consumer-${(i % 2) + 1}`;
      const { status, body } = await market.post("/api/rent", { consumer_id, duration_sec: 600 });
      await market.post(`/api/accounts/${consumer_id}/deposit`, { amount: 0.123456789 });
      await market.post(`/api/accounts/${consumer_id}/withdraw`, { amount: 0.1 }, adminHeaders);
      if (status === 200) await market.post("/api/stop", { lease_id: body.lease_id });
    });
    expect((await market.get("/api/leases?state=active")).body.total).toBe(0);
  });
});
