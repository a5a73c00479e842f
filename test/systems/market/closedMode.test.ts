import { expect, test } from "bun:test";
import { adminHeaders, openMarket } from "./marketBench";

test("in closed mode nobody is given money or a test account", async () => {
  const market = await openMarket({ mode: "closed" });
  expect(Object.keys((await market.get("/api/accounts", adminHeaders)).body)).toEqual(["platform-treasury"]);
  const { status, body } = await market.post("/api/auth/register", { account_id: "a", role: "consumer" });
  expect(status).toBe(200);
  const key = { "x-api-key": body.api_key };
  expect((await market.post("/api/accounts/a/deposit", { amount: 1 }, key)).status).toBe(403);
  expect((await market.post("/api/accounts/a/deposit", { amount: 1 }, adminHeaders)).status).toBe(200);
  expect((await market.post("/api/auth/login", { account_id: "a" })).status).toBe(401);
  await market.close();
});

test("one address opens only so many accounts without a credential, and asks only so often", async () => {
  const market = await openMarket({ mode: "closed", accountsPerHour: 2, requestsPerMin: 6 });
  const open = (account_id: string, headers?: Record<string, string>) =>
    market.post("/api/auth/register", { account_id, role: "consumer" }, headers);
  expect((await open("a")).status).toBe(200);
  expect((await open("b")).status).toBe(200);
  const refused = await open("c");
  expect([refused.status, refused.body.detail]).toEqual([
    429,
    "One address may open 2 accounts an hour without a credential.",
  ]);
  expect((await open("c", adminHeaders)).status).toBe(200);
  const told = await market.ask("GET", "/api/workers");
  expect(Object.fromEntries(told.headers)).toMatchObject({ "ratelimit-limit": "6", "ratelimit-remaining": "1" });
  expect((await market.get("/api/workers")).status).toBe(200);
  const late = await market.ask("GET", "/api/workers");
  expect([late.status, late.headers.get("retry-after")]).toEqual([429, "60"]);
  await market.clock.advance(60_000);
  expect((await market.get("/api/workers")).status).toBe(200);
  await market.close();
});

test("in closed mode nobody gets a worker's earnings by taking its name first", async () => {
  const market = await openMarket({ mode: "closed" });
  const take = (role: string, account_id: string) => market.post("/api/auth/register", { account_id, role });
  expect((await take("provider", "w1")).status).toBe(401);
  expect((await take("consumer", "w1")).status).toBe(200);
  await market.register("w1");
  expect(market.worker.to("w1")).toEqual([
    { command: "register_ack", accepted: false, reason: "a consumer's account has this name" },
  ]);
  await market.register("w2");
  expect(market.worker.to("w2")).toEqual([{ command: "register_ack", accepted: true }]);
  expect((await market.get("/api/workers")).body.length).toBe(1);
  await market.close();

  const open = await openMarket();
  expect((await open.post("/api/auth/register", { account_id: "w1", role: "provider" })).status).toBe(200);
  await open.register("w1");
  await open.register("consumer-1");
  expect((await open.get("/api/workers")).body.length).toBe(2);
  await open.close();
});
