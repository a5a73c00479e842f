import { expect, test } from "bun:test";
import { openMarket } from "../marketBench";

test("a statement lists what moved an account's money, with the balance after each line, as JSON and as CSV", async () => {
  const market = await openMarket();
  await market.register("w1");
  await market.post("/api/auth/register", { account_id: "a", role: "consumer", balance: 10 });
  const headers = { "x-api-key": (await market.post("/api/auth/login", { account_id: "a" })).body.api_key };
  await market.clock.advance(1000);
  const { body: lease } = await market.post("/api/rent", { duration_sec: 60 }, headers);
  await market.mineFor("w1", 30);
  await market.post("/api/stop", { lease_id: lease.lease_id }, headers);
  await market.post("/api/accounts/a/withdraw", { amount: 1 }, headers);
  const { body } = await market.get("/api/accounts/a/statement", headers);
  expect([body.total, body.limit, body.offset]).toEqual([3, 50, 0]);
  expect(
    body.items.map(({ kind, amount, balance, reference }: Record<string, unknown>) => [
      kind,
      amount,
      balance,
      reference,
    ]),
  ).toEqual([
    ["withdraw", -1, 8.7, ""],
    ["lease_charge", -0.3, 9.7, lease.lease_id],
    ["deposit", 10, 10, ""],
  ]);
  const [second] = (await market.get("/api/accounts/a/statement?limit=1&offset=1", headers)).body.items;
  expect([second.kind, second.balance]).toEqual(["lease_charge", 9.7]);
  const csv = (await market.get("/api/accounts/a/statement?format=csv", headers)).body.split("\n");
  expect([csv[0], csv[1]]).toEqual([
    "time,kind,amount,balance,reference",
    `${market.clock.now() / 1000},withdraw,-1,8.7,`,
  ]);
  const closed = await openMarket({ mode: "closed" });
  expect((await closed.get("/api/accounts/platform-treasury/statement")).status).toBe(401);
  expect((await market.get("/api/accounts/nobody/statement")).status).toBe(404);
  await market.close();
  await closed.close();
});
