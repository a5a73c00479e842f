import { Database } from "bun:sqlite";
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DataFolder, openDatabase, openDataFolder, type SqliteDatabase } from "../../../../src/platform/database";
import { createLog } from "../../../../src/platform/log";
import { BACKUP_SUFFIX, convertOriginal } from "../../../../src/systems/market/original/convert";
import { audit } from "../../../../src/systems/market/store/ledger";
import { createStepCheck } from "../../../chaos/marketCheckers";
import { virtualClock } from "../../../support/virtualClock";
import { openMarket } from "../marketBench";
import { LEFT_AT, OLD_KEY, writeOriginal } from "./originalFile";

setDefaultTimeout(30_000);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Opened {
  path: string;
  database: SqliteDatabase;
  convert: () => ReturnType<typeof convertOriginal>;
  close: () => Promise<void>;
}

async function openOriginal(options: Parameters<typeof writeOriginal>[1] = {}): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "original-"));
  folders.push(folder);
  writeOriginal(join(folder, "marketplace.db"), options);
  return reopen(folder);
}

async function reopen(folder: string): Promise<Opened> {
  const data: DataFolder = openDataFolder(folder, "marketplace.db");
  const clock = virtualClock(LEFT_AT * 1000 + 10_000);
  const log = createLog({ level: "info", clock, sink: () => undefined });
  const onSamplesError = (error: unknown) => expect(error).toBeUndefined();
  const database = await openDatabase({ folder: data, version: "test", clock, onSamplesError });
  return {
    path: join(folder, "marketplace.db"),
    database,
    convert: () => convertOriginal(database, clock, log),
    async close() {
      await database.close();
      data.release();
    },
  };
}

describe("a file of the original", () => {
  test("is taken over with its accounts, keys, workers, leases, blocks and settlements", async () => {
    const { database, convert, close } = await openOriginal();
    expect(await convert()).toEqual({
      accounts: 7,
      workers: 2,
      leases: 3,
      blocks: 2,
      settlements: 1,
      mendedBalances: ["endless", "owing", "nothing"],
    });
    const market = await openMarket({ database });
    const { body: accounts } = await market.get("/api/accounts");
    expect(Object.keys(accounts).slice(0, 4)).toEqual(["consumer-1", "platform-treasury", "w1", "w2"]);
    const balances = ["w1", "endless", "owing", "nothing"].map((accountId) => accounts[accountId].balance);
    // The provider's has grown by the lease that is settled at the start.
    expect(balances).toEqual([106.47569984, 0, 0, 0]);
    expect((await market.get("/api/auth/me", { "x-api-key": OLD_KEY })).body.account_id).toBe("consumer-1");
    const [w1, w2] = (await market.get("/api/workers")).body;
    expect(w1).toMatchObject({
      worker_id: "w1",
      state: "MINING",
      hashrate: 1250.75,
      self_blocks_found: 1,
      price_per_min: 0.6,
      last_heartbeat: LEFT_AT,
    });
    expect(w1.reputation.breakdown.block_detail.verified_blocks).toBe(2);
    expect(w2).toMatchObject({ worker_id: "w2", state: "offline", gpus: [] });
    const { body: settled } = await market.get("/api/leases/lease-settled");
    expect(settled).toMatchObject({
      prefix: "6f2a3a82b7a5ee12",
      duration_sec: 60,
      blocks_found: 1,
      avg_hashrate: 1000,
      elapsed_sec: 60,
    });
    expect(settled.settlement).toMatchObject({
      duration_sec: 60,
      total_cost: 0.6,
      provider_payment: 0.57,
      platform_fee: 0.03,
    });
    expect(settled.blocks.length).toBe(1);
    createStepCheck()(market.market);
    await market.market.stop();
    await close();
  });

  test("defect 3: what had ended without a settlement is settled at the start", async () => {
    const { database, convert, close } = await openOriginal();
    await convert();
    const market = await openMarket({ database });
    const { body } = await market.get("/api/leases/lease-unsettled");
    expect(body.settlement).toMatchObject({ duration_sec: 30, total_cost: 0.3 });
    expect((await market.get("/api/accounts/consumer-1/balance")).body.balance).toBe(887.920315957);
    expect((await market.get("/api/settlements")).body.total).toBe(2);
    await market.market.stop();
    await close();
  });

  test("goes on with the leases that were active", async () => {
    const { database, convert, close } = await openOriginal();
    await convert();
    const market = await openMarket({ database });
    const { status, body } = await market.post("/api/stop", { lease_id: "lease-active" });
    expect([status, body.settlement.total_cost > 0]).toEqual([200, true]);
    await market.market.stop();
    await close();
  });

  test("with values that its checks let through is taken over all the same, within our limits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "original-"));
    folders.push(folder);
    const path = join(folder, "marketplace.db");
    writeOriginal(path);
    const file = new Database(path);
    file.run(
      "insert into accounts (account_id, role, eth_address, balance, api_key, created_at) values ('rich', 'consumer', null, 8e9, null, 'x')",
    );
    file.run("insert into accounts (account_id, role, balance) values ('richer', 'consumer', 8e9)");
    file.run(
      `insert into workers (worker_id, eth_address, gpu_count, total_memory_gb, gpus_json, version, hashrate, active_gpus, last_heartbeat, registered_at, price_per_min, min_duration_sec, max_duration_sec, total_online_sec)
       values ('odd', null, 'two', -3, null, 2.5, 'fast', 1e30, 9e999, null, 9e999, -5, 1e30, 'long')`,
    );
    file.run(
      `insert into leases (lease_id, worker_id, consumer_id, prefix, duration_sec, price_per_sec, state, created_at, blocks_found)
       values ('lease-odd', 'odd', 'consumer-1', null, 1e30, 9e999, 'active', 1766000000, 'many')`,
    );
    file.run("insert into blocks (lease_id, worker_id, attempts) values (null, 'odd', 'lots')");
    file.run(
      "insert into settlements (lease_id, duration_sec, total_cost, provider_payout) values ('lease-unsettled', 9e999, 9e999, 9e999)",
    );
    file.run(
      "insert into wallet_snapshots (eth_address, interval_type, earnings) values ('0x1', 'weekly', 1), ('0x1', 'hourly', 9e999)",
    );
    file.close();
    const { database, convert, close } = await reopen(folder);
    expect((await convert())?.mendedBalances).toEqual(["endless", "owing", "nothing", "richer"]);
    const market = await openMarket({ database });
    expect(database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
    createStepCheck()(market.market);
    expect((await market.get("/api/accounts/rich/balance")).body.balance).toBe(8e9);
    const odd = (await market.get("/api/workers")).body.find((one: { worker_id: string }) => one.worker_id === "odd");
    expect(odd).toMatchObject({ gpu_count: 0, gpus: [], price_per_min: 1e9, min_duration_sec: 1, total_memory_gb: 0 });
    const { status, body } = await market.post("/api/stop", { lease_id: "lease-odd" });
    expect([status, body.settlement.total_cost]).toEqual([200, 888.2203]);
    await market.market.stop();
    await close();
  });

  test("leaves a copy beside itself that the original still reads, and is converted once", async () => {
    const { path, convert, close } = await openOriginal();
    await convert();
    expect(await convert()).toBeUndefined();
    await close();
    const copy = new Database(path + BACKUP_SUFFIX, { readonly: true });
    expect(copy.query("select max(version) as version from schema_version").get()).toEqual({ version: 11 });
    expect(copy.query("select count(*) as rows from transactions").get()).toEqual({ rows: 1 });
    expect(copy.query("pragma integrity_check").values()).toEqual([["ok"]]);
    copy.close();
  });

  test("an unfinished copy of a start that was cut off is made anew, a finished one is kept", async () => {
    const { path, convert, close } = await openOriginal();
    writeFileSync(`${path}${BACKUP_SUFFIX}.part`, "half a copy");
    await convert();
    expect(existsSync(`${path}${BACKUP_SUFFIX}.part`)).toBe(false);
    expect(existsSync(path + BACKUP_SUFFIX)).toBe(true);
    await close();
  });

  test("of a later day is copied beside an earlier copy, which stays; the same file is copied once", async () => {
    const { path, convert, close } = await openOriginal();
    await convert();
    await close();
    const first = readFileSync(path + BACKUP_SUFFIX);
    for (let time = 0; time < 2; time++) {
      // Somebody goes back to the original, and comes again.
      for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
      writeFileSync(path, first);
      const file = new Database(path);
      file.run("insert into transactions values (2, 'consumer-1', 'deposit', 1, '', 1766000001)");
      file.close();
      const again = await reopen(dirname(path));
      await again.convert();
      await again.close();
      const found = readdirSync(dirname(path)).filter((name) => name.includes(BACKUP_SUFFIX));
      expect(found.sort()).toEqual([`marketplace.db${BACKUP_SUFFIX}`, `marketplace.db${BACKUP_SUFFIX}.2`]);
      expect(readFileSync(path + BACKUP_SUFFIX).equals(first)).toBe(true);
    }
  });

  test("of another version is refused in words, and nothing is changed", async () => {
    const { path, convert, close } = await openOriginal({ version: 9 });
    expect(convert()).rejects.toThrow("is a market of the original at version 9; version 11 can be taken over");
    await close();
    const file = new Database(path);
    expect(file.query("select count(*) as rows from accounts").get()).toEqual({ rows: 7 });
    expect(existsSync(path + BACKUP_SUFFIX)).toBe(false);
    file.close();
  });

  test("a new file is none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "original-"));
    folders.push(folder);
    const { convert, close } = await reopen(folder);
    expect(await convert()).toBeUndefined();
    await close();
  });
});
