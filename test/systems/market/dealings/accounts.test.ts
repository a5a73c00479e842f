import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { audit } from "../../../../src/systems/market/store/ledger";
import { adminHeaders, openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.close());

const key = (apiKey: string) => ({ "x-api-key": apiKey });
async function newAccount(accountId: string, more: Record<string, unknown> = {}) {
  const { body } = await market.post("/api/auth/register", { account_id: accountId, role: "consumer", ...more });
  return body as { api_key: string; balance: number };
}

describe("accounts", () => {
  test("a market begins with two consumers with money and a treasury without, in this order", async () => {
    const { status, body } = await market.get("/api/accounts");
    expect(status).toBe(200);
    expect(Object.entries(body)).toEqual([
      [
        "consumer-1",
        {
          account_id: "consumer-1",
          role: "consumer",
          eth_address: "0xaabbccddee1234567890abcdef1234567890abcd",
          balance: 1000,
        },
      ],
      [
        "consumer-2",
        {
          account_id: "consumer-2",
          role: "consumer",
          eth_address: "0x1111111111222222222233333333334444444444",
          balance: 500,
        },
      ],
      ["platform-treasury", { account_id: "platform-treasury", role: "consumer", eth_address: "", balance: 0 }],
    ]);
  });

  test("registering gives the account and its key, with 200", async () => {
    const request = { account_id: "alice", role: "consumer", eth_address: "0xcdcd", balance: 100 };
    const { status, body } = await market.post("/api/auth/register", request);
    expect([status, body]).toEqual([200, { ...request, api_key: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    const again = await market.post("/api/auth/register", request);
    expect([again.status, again.body]).toEqual([400, { detail: "Account 'alice' already exists" }]);
  });

  test("a role that is none is refused, and so is a missing member", async () => {
    const wrong = await market.post("/api/auth/register", { account_id: "x", role: "admin" });
    expect([wrong.status, wrong.body]).toEqual([400, { detail: "Role must be 'provider' or 'consumer'" }]);
    const { status, body } = await market.post("/api/auth/register", { role: "consumer" });
    expect(status).toBe(422);
    expect(body.detail).toEqual([
      { type: "missing", loc: ["body", "account_id"], msg: "Field required", input: { role: "consumer" } },
    ]);
  });

  test("defect 7: a negative opening balance and an empty id are refused", async () => {
    for (const bad of [
      { account_id: "neg", balance: -1 },
      { account_id: "" },
      { account_id: "  " },
      { account_id: "_outside" },
    ]) {
      expect((await market.post("/api/auth/register", { role: "consumer", ...bad })).status).toBe(400);
    }
    expect((await market.get("/api/accounts/neg/balance")).status).toBe(404);
  });

  test("logging in gives the same key again, also to an account that had none", async () => {
    const { api_key } = await newAccount("bob");
    expect((await market.post("/api/auth/login", { account_id: "bob" })).body).toEqual({
      account_id: "bob",
      role: "consumer",
      api_key,
    });
    await market.register("keyless");
    const first = (await market.post("/api/auth/login", { account_id: "keyless" })).body.api_key;
    expect((await market.get("/api/auth/me", key(first))).body.account_id).toBe("keyless");
    expect((await market.post("/api/auth/login", { account_id: "keyless" })).body.api_key).toBe(first);
  });

  test("a new key on request ends the old one at once", async () => {
    const { api_key: old } = await newAccount("carol");
    const { body } = await market.post("/api/auth/login", { account_id: "carol", regenerate: true });
    expect(body.api_key).not.toBe(old);
    expect((await market.get("/api/auth/me", key(old))).status).toBe(401);
    expect((await market.get("/api/auth/me", key(body.api_key))).status).toBe(200);
    expect((await market.post("/api/auth/login", { account_id: "carol" })).body.api_key).toBe(body.api_key);
  });

  test("defect 15: an unknown account is named without stray quotes", async () => {
    const { status, body } = await market.post("/api/auth/login", { account_id: "nobody" });
    expect([status, body]).toEqual([404, { detail: "Account 'nobody' not found" }]);
  });

  test("who one is: an account, the admin, or nobody", async () => {
    const { api_key } = await newAccount("dave", { eth_address: "0xda" });
    expect((await market.get("/api/auth/me", key(api_key))).body).toEqual({
      account_id: "dave",
      role: "consumer",
      eth_address: "0xda",
      balance: 0,
    });
    expect((await market.get("/api/auth/me", adminHeaders)).body).toEqual({
      account_id: "_admin",
      role: "admin",
      eth_address: "",
      balance: 0,
    });
    for (const headers of [{}, key("0".repeat(32)), key(""), { authorization: "Bearer x" }]) {
      const { status, body } = await market.get("/api/auth/me", headers as Record<string, string>);
      expect([status, body]).toEqual([401, { detail: "Invalid or missing credentials" }]);
    }
  });

  test("no key stands in the database or in an answer of the list", async () => {
    const { api_key } = await newAccount("secretive");
    expect(JSON.stringify((await market.get("/api/accounts")).body)).not.toContain(api_key);
    const rows = market.database.read((db) => db.all("select * from market_api_keys"));
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(api_key);
  });
});

describe("money", () => {
  test("deposits and withdrawals give the new balance, unrounded", async () => {
    const { api_key } = await newAccount("erin", { balance: 111.2203159 });
    expect((await market.post("/api/accounts/erin/deposit", { amount: "1.25" })).body).toEqual({
      account_id: "erin",
      balance: 112.4703159,
    });
    expect(
      (await market.post("/api/accounts/erin/withdraw", { amount: 1, eth_address: "0x" }, key(api_key))).body,
    ).toEqual({
      account_id: "erin",
      balance: 111.4703159,
      withdrawn: 1,
    });
    expect((await market.get("/api/accounts/erin/balance")).body).toEqual({
      account_id: "erin",
      role: "consumer",
      balance: 111.4703159,
      eth_address: "",
    });
  });

  test("what is not positive, not there or not covered is refused, in this order", async () => {
    const { api_key } = await newAccount("frank", { balance: 111.5 });
    const refusals: [path: string, amount: number, status: number, detail: string][] = [
      ["/api/accounts/frank/deposit", 0, 400, "Deposit amount must be positive"],
      ["/api/accounts/nobody/deposit", -1, 400, "Deposit amount must be positive"],
      ["/api/accounts/nobody/deposit", 1, 404, "Account not found"],
      ["/api/accounts/frank/deposit", 1e-12, 400, "Deposit amount must be positive"],
    ];
    for (const [path, amount, status, detail] of refusals) {
      const answer = await market.post(path, { amount });
      expect([answer.status, answer.body]).toEqual([status, { detail }]);
    }
    const withdraw = (amount: number) => market.post("/api/accounts/frank/withdraw", { amount }, key(api_key));
    expect((await withdraw(-1)).body).toEqual({ detail: "Withdraw amount must be positive" });
    expect((await withdraw(1e9)).body).toEqual({
      detail: "Insufficient balance: have 111.5000, need 1000000000.0000",
    });
    expect((await market.post("/api/accounts/nobody/withdraw", { amount: 1 }, adminHeaders)).status).toBe(404);
  });

  test("defect 4: NaN and infinite amounts are refused and change nothing", async () => {
    const { api_key } = await newAccount("grace", { balance: 5 });
    for (const amount of ["NaN", "1e999", "Infinity", "-Infinity"]) {
      for (const body of [`{"amount": ${amount}}`, `{"amount": "${amount}"}`]) {
        expect((await market.post("/api/accounts/grace/deposit", body)).status).toBe(422);
        expect((await market.post("/api/accounts/grace/withdraw", body, key(api_key))).status).toBe(422);
      }
      const body = `{"account_id": "inf", "role": "consumer", "balance": ${amount}}`;
      expect((await market.post("/api/auth/register", body)).status).toBe(422);
      expect((await market.put("/api/workers/keyless/pricing", `{"price_per_min": ${amount}}`)).status).toBe(422);
    }
    expect((await market.get("/api/accounts")).body.grace.balance).toBe(5);
  });

  test("money goes from one account to another and is neither made nor lost", async () => {
    const { api_key } = await newAccount("heidi", { balance: 10 });
    await newAccount("ivan");
    const answer = await market.post("/api/accounts/heidi/transfer", { to: "ivan", amount: 2.5 }, key(api_key));
    expect(answer.body).toEqual({ account_id: "heidi", to: "ivan", balance: 7.5, transferred: 2.5 });
    expect((await market.get("/api/accounts/ivan/balance")).body.balance).toBe(2.5);
    for (const [to, amount, status] of [
      ["nobody", 1, 404],
      ["ivan", 8, 400],
      ["ivan", 0, 400],
      ["heidi", 1, 400],
    ] as const) {
      expect((await market.post("/api/accounts/heidi/transfer", { to, amount }, key(api_key))).status).toBe(status);
    }
    expect((await market.post("/api/accounts/heidi/transfer", { to: "ivan", amount: 1 })).status).toBe(401);
  });

  test("the market never holds more than its integers can", async () => {
    await newAccount("rich");
    for (let i = 0; i < 8; i++) await market.post("/api/accounts/rich/deposit", { amount: 1e9 });
    const { status, body } = await market.post("/api/accounts/rich/deposit", { amount: 1e9 });
    expect([status, body.detail]).toEqual([400, "The market holds at most 9000000000 XNM in all"]);
    expect((await market.get("/api/accounts/rich/balance")).body.balance).toBe(8e9);
  });

  test("after all that the books balance", () => {
    expect(market.database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
  });
});

test("paths and methods that are none, and bodies that are too large", async () => {
  const large = `{"account_id": "${"x".repeat(70_000)}"}`;
  expect((await market.post("/api/auth/login", large)).status).toBe(413);
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  expect((await market.post("/api/auth/login", deep)).status).toBe(422);
  // A worker would get what a client of the control routes put in.
  const config = `{"config":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`;
  const refused = await market.post("/api/control/broadcast", config);
  expect([refused.status, refused.body.detail[0].ctx.error]).toEqual([422, "JSON nested deeper than 100 levels"]);
  for (const body of ["", "{", "null", "7", '"x"', "[]"]) {
    expect((await market.post("/api/auth/login", body)).status).toBe(422);
  }
});

test("a market takes so many accounts and then says so", async () => {
  const full = await openMarket();
  await full.database.transact(
    (db) => void db.run("update market_accounts set seq = 50000 where account_id = 'consumer-2'"),
  );
  const { status, body } = await full.post("/api/auth/register", { account_id: "late", role: "consumer" });
  expect([status, body]).toEqual([503, { detail: "This market takes 50000 accounts; use one that is there." }]);
  expect((await full.post("/api/auth/login", { account_id: "consumer-1" })).status).toBe(200);
  await full.register("w1");
  expect((await full.get("/api/accounts/w1/balance")).status).toBe(200);
  await full.close();
});
