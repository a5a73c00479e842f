import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newWallet, signPersonal } from "../identity/wallet";
import { openMarket, type TestMarket } from "../marketBench";

setDefaultTimeout(30_000);

let market: TestMarket;
const wallet = newWallet();
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

async function signIn({ address, secretKey } = wallet, headers?: Record<string, string>) {
  const { body } = await market.get(`/api/auth/nonce?address=${address}`);
  const signature = signPersonal(body.message, secretKey);
  return market.post("/api/auth/verify", { address, signature, nonce: body.nonce }, headers);
}
async function walletHeaders(who = wallet) {
  return { authorization: `Bearer ${(await signIn(who)).body.token}` };
}

describe("signing in", () => {
  test("a nonce comes with the text to sign, for an address only", async () => {
    const { body } = await market.get(`/api/auth/nonce?address=${wallet.address}`);
    expect(body).toEqual({
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      message: `Sign this message to authenticate with XenBlocks.\n\nNonce: ${body.nonce}`,
    });
    for (const address of ["", "0x12", wallet.address.slice(2)]) {
      const refused = await market.get(`/api/auth/nonce?address=${address}`);
      expect([refused.status, refused.body]).toEqual([400, { detail: "Invalid Ethereum address" }]);
    }
    expect((await market.get("/api/auth/nonce")).status).toBe(422);
  });

  test("a new wallet becomes a provider named for its address, a known address its first account", async () => {
    const { status, body } = await signIn();
    expect([status, body]).toEqual([
      200,
      {
        token: expect.any(String),
        address: wallet.address,
        account_id: `wallet-${wallet.address.slice(0, 10)}`,
        role: "provider",
      },
    ]);
    const other = newWallet();
    await market.register("w1", { eth_address: other.address.toUpperCase().replace("0X", "0x") });
    await market.register("w2", { eth_address: other.address });
    expect((await signIn(other)).body).toMatchObject({ account_id: "w1", role: "provider" });
    expect((await market.get("/api/auth/me", await walletHeaders(other))).body.account_id).toBe("w1");
  });

  test("an address that somebody only said leads no sign-in, until its wallet has signed for it", async () => {
    const { address } = wallet;
    const thief = await market.post("/api/auth/register", {
      account_id: "thief",
      role: "consumer",
      eth_address: address,
    });
    expect((await signIn()).body.account_id).toBe(`wallet-${address.slice(0, 10)}`);
    const own = newWallet();
    const opened = { account_id: "mine", role: "consumer", eth_address: own.address.toUpperCase().replace("0X", "0x") };
    const { body: mine } = await market.post("/api/auth/register", opened);
    expect((await signIn(own, { "x-api-key": thief.body.api_key })).body.account_id).not.toBe("thief");
    expect((await signIn(own, { "x-api-key": mine.api_key })).body).toMatchObject({
      account_id: "mine",
      role: "consumer",
    });
    const later = newWallet();
    await market.post("/api/auth/register", { account_id: "late", role: "consumer", eth_address: later.address });
    const { body: late } = await market.post("/api/auth/login", { account_id: "late" });
    await signIn(later, { "x-api-key": late.api_key });
    expect((await signIn(later)).body.account_id).toBe("late");
  });

  test("both rigs of one wallet are reached by it: prices, balances and money", async () => {
    const { address } = wallet;
    for (const workerId of ["rig-1", "rig-2"]) await market.register(workerId, { eth_address: address });
    await market.register("stranger", { eth_address: newWallet().address });
    const headers = await walletHeaders();
    for (const [workerId, status] of [
      ["rig-1", 200],
      ["rig-2", 200],
      ["stranger", 403],
    ] as const) {
      expect((await market.put(`/api/workers/${workerId}/pricing`, { price_per_min: 1 }, headers)).status).toBe(status);
      expect((await market.get(`/api/accounts/${workerId}/balance`, headers)).status).toBe(status);
    }
    await market.accounts.deposit("rig-2", 5);
    expect((await market.post("/api/accounts/rig-2/withdraw", { amount: 5 }, headers)).status).toBe(200);
  });

  test("the worker's account follows the address that its miner registers", async () => {
    const [first, second] = [newWallet(), newWallet()];
    await market.register("rig", { eth_address: first.address });
    expect((await signIn(first)).body.account_id).toBe("rig");
    await market.register("rig", { eth_address: second.address });
    expect((await signIn(second)).body.account_id).toBe("rig");
    const { body } = await signIn(first);
    expect(body.account_id).toBe(`wallet-${first.address.slice(0, 10)}`);
  });

  test("nobody voids what an owner is about to sign", async () => {
    const { body } = await market.get(`/api/auth/nonce?address=${wallet.address}`);
    for (let i = 0; i < 20; i++) await market.get(`/api/auth/nonce?address=${wallet.address}`);
    const forged = { address: wallet.address, signature: signPersonal(body.message, newWallet().secretKey) };
    expect((await market.post("/api/auth/verify", { ...forged, nonce: body.nonce })).status).toBe(401);
    const signature = signPersonal(body.message, wallet.secretKey);
    const signed = { address: wallet.address, signature, nonce: body.nonce };
    expect((await market.post("/api/auth/verify", signed)).status).toBe(200);
  });

  test("a wrong signature, a foreign nonce and a nonce used twice are refused alike", async () => {
    const { body } = await market.get(`/api/auth/nonce?address=${wallet.address}`);
    const signature = signPersonal(body.message, wallet.secretKey);
    const good = { address: wallet.address, signature, nonce: body.nonce };
    const bad = [
      { ...good, nonce: "0".repeat(32) },
      { ...good, address: newWallet().address },
      { ...good, signature: "0x00" },
    ];
    const refusal = [401, { detail: "Invalid signature or expired nonce" }];
    for (const request of bad.slice(0, 2)) {
      const { status, body: told } = await market.post("/api/auth/verify", request);
      expect([status, told]).toEqual(refusal as [number, unknown]);
    }
    expect((await market.post("/api/auth/verify", good)).status).toBe(200);
    for (const request of [good, bad[2]]) {
      const { status, body: told } = await market.post("/api/auth/verify", request);
      expect([status, told]).toEqual(refusal as [number, unknown]);
    }
  });

  test("defect 16: addresses that share their first digits get accounts of their own", async () => {
    const twin = `wallet-${wallet.address.slice(0, 10)}`;
    await market.post("/api/auth/register", { account_id: twin, role: "provider", eth_address: "0xother" });
    expect((await signIn()).body.account_id).toBe(`wallet-${wallet.address}`);
    expect((await signIn()).body.account_id).toBe(`wallet-${wallet.address}`);
  });

  test("a token wins over a key; a bad token falls through to the key", async () => {
    const { body: login } = await market.post("/api/auth/login", { account_id: "consumer-1" });
    const key = { "x-api-key": login.api_key };
    const me = async (headers: Record<string, string>) => (await market.get("/api/auth/me", headers)).body.account_id;
    expect(await me({ ...key, ...(await walletHeaders()) })).toBe(`wallet-${wallet.address.slice(0, 10)}`);
    expect(await me({ ...key, authorization: "Bearer nonsense" })).toBe("consumer-1");
    const headers = await walletHeaders();
    await market.clock.advance(86_401_000);
    expect((await market.get("/api/wallet/stats", headers)).body).toEqual({ detail: "Invalid or expired token" });
  });
});

describe("a wallet's view", () => {
  async function withHistory() {
    await market.register("w1", { eth_address: wallet.address });
    await market.register("w2", { eth_address: wallet.address.toUpperCase().replace("0X", "0x") });
    await market.report("w1", "heartbeat", { hashrate: 1000 });
    await market.report("w2", "heartbeat", { hashrate: 500.5 });
    const { body } = await market.post("/api/rent", { consumer_id: "consumer-1", worker_id: "w1" });
    await market.mineFor("w1", 10);
    const { body: stopped } = await market.post("/api/stop", { lease_id: body.lease_id });
    await market.report("w1", "block", { lease_id: body.lease_id, key: "k" });
    return stopped.settlement.provider_payment as number;
  }

  test("defect 20: earnings are what was really paid", async () => {
    const earned = await withHistory();
    expect(earned).toBe(0.095);
    const headers = await walletHeaders();
    expect((await market.get("/api/wallet/stats", headers)).body).toEqual({
      address: wallet.address,
      online_workers: 2,
      total_workers: 2,
      total_hashrate: 1500.5,
      total_gpus: 4,
      total_blocks: 1,
      total_earnings: 0.095,
    });
    expect((await market.get("/api/wallet/achievements", headers)).body).toEqual({
      address: wallet.address,
      current_hashrate: 1500.5,
      online_workers: 2,
      total_workers: 2,
      total_blocks: 1,
      peak_hashrate: 1500.5,
      total_earnings: 0.095,
      mining_days: 0,
      first_seen: market.clock.now() / 1000 - 10,
    });
    expect((await market.get("/api/wallet/share", headers)).body).toEqual({
      address: `${wallet.address.slice(0, 6)}...${wallet.address.slice(-4)}`,
      full_address: wallet.address,
      total_blocks: 1,
      peak_hashrate: 1500.5,
      total_earnings: 0.095,
      mining_hours: 0,
      worker_count: 2,
      generated_at: market.clock.now() / 1000,
    });
  });

  test("defect 20: an hour's row holds the earnings of that hour, not a running total", async () => {
    const earned = await withHistory();
    await market.clock.advance(2 * 3_600_000);
    const { body } = await market.get("/api/wallet/history?period=24h", await walletHeaders());
    expect([body.address, body.period, body.count]).toEqual([wallet.address, "24h", 2]);
    const column = (name: string) => body.data.map((row: Record<string, unknown>) => row[name]);
    expect(column("earnings")).toEqual([earned, 0]);
    expect(column("blocks")).toEqual([1, 0]);
    expect(column("cumulative_blocks")).toEqual([1, 1]);
    expect(column("total_workers")).toEqual([2, 2]);
  });

  test("defect 22: a month of history is there, and no more", async () => {
    await market.register("w1", { eth_address: wallet.address });
    const hours = async (period: string) =>
      (await market.get(`/api/wallet/history?period=${period}`, await walletHeaders())).body.count;
    for (let day = 0; day < 31; day++) await market.clock.advance(24 * 3_600_000);
    expect([await hours("24h"), await hours("7d")]).toEqual([25, 169]);
    expect(await hours("30d")).toBe(721);
    expect(market.database.read((db) => db.all("select 1 from market_wallet_snapshots")).length).toBe(721);
    expect((await market.get("/api/wallet/history?period=1y", await walletHeaders())).status).toBe(422);
  });

  test("has mined for as long as its workers were online", async () => {
    for (const worker of ["w1", "w2"]) await market.register(worker, { eth_address: wallet.address });
    for (let minute = 0; minute < 18 * 60; minute++) {
      await market.clock.advance(60_000);
      for (const worker of ["w1", "w2"]) await market.report(worker, "heartbeat");
    }
    const headers = await walletHeaders();
    expect((await market.get("/api/wallet/achievements", headers)).body.mining_days).toBe(1.5);
    expect((await market.get("/api/wallet/share", headers)).body.mining_hours).toBe(36);
  });

  test("a wallet without workers has nothing, and nobody in particular is told so", async () => {
    const headers = await walletHeaders();
    expect((await market.get("/api/wallet/achievements", headers)).body).toMatchObject({
      total_workers: 0,
      mining_days: 0,
      first_seen: null,
    });
    for (const view of ["stats", "history", "achievements", "share"]) {
      const { status, body } = await market.get(`/api/wallet/${view}`);
      expect([status, body]).toEqual([401, { detail: "Wallet authentication required" }]);
    }
  });
});

describe("defect 19: a wallet's commands", () => {
  const stateOf = async () => (await market.get("/api/workers")).body[0].state;
  beforeEach(() => market.register("w1", { eth_address: wallet.address }));

  test("are sent and answered with 200; list and unlist change the state", async () => {
    const headers = await walletHeaders();
    const command = (body: unknown) => market.post("/api/wallet/workers/w1/command", body, headers);
    const { status, body } = await command({ command: "restart" });
    expect([status, body]).toEqual([200, { status: "sent", worker_id: "w1", command: "restart" }]);
    await command({ command: "unlist" });
    expect(await stateOf()).toBe("SELF_MINING");
    await command({ command: "list" });
    expect(await stateOf()).toBe("AVAILABLE");
    await command({ command: "update_config", params: { state: "SELF_MINING", difficulty: 3, command: "lie" } });
    expect(await stateOf()).toBe("SELF_MINING");
    expect(
      market.worker.sent.filter(({ topic }) => topic === "xenminer/w1/control").map(({ payload }) => payload),
    ).toEqual([
      { command: "restart" },
      { command: "update_config", state: "SELF_MINING" },
      { command: "update_config", state: "AVAILABLE" },
      { state: "SELF_MINING", difficulty: 3, command: "update_config" },
    ]);
  });

  test("are refused for others' workers, unknown words and unknown states, and change nothing", async () => {
    const headers = await walletHeaders();
    const stranger = await walletHeaders(newWallet());
    const refusals: [path: string, body: unknown, headers: Record<string, string>, status: number, detail: string][] = [
      ["nobody", { command: "stop" }, headers, 404, "Worker not found"],
      ["w1", { command: "unlist" }, stranger, 403, "Worker does not belong to this wallet"],
      ["w1", { command: "explode" }, headers, 400, "Invalid command"],
      ["w1", { command: "update_config", params: { state: "offline" } }, headers, 400, "Invalid state: offline"],
      ["w1", { command: "stop" }, {}, 401, "Wallet authentication required"],
    ];
    for (const [workerId, body, who, status, detail] of refusals) {
      const answer = await market.post(`/api/wallet/workers/${workerId}/command`, body, who);
      expect([answer.status, answer.body]).toEqual([status, { detail }]);
    }
    expect(await stateOf()).toBe("AVAILABLE");
    expect(market.worker.to("w1").length).toBe(1);
  });

  test("a listing during a lease does not make the worker look free", async () => {
    await market.post("/api/rent", { consumer_id: "consumer-1" });
    await market.post("/api/wallet/workers/w1/command", { command: "list" }, await walletHeaders());
    expect(await stateOf()).toBe("LEASED");
  });
});
