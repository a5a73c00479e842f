import { Database } from "bun:sqlite";

/** A file as the original market leaves it at version 11, with the kinds of rows that its faults leave too. */

const SCHEMA = `
create table schema_version (version integer, applied_at real);
create table accounts (account_id text primary key, role text not null, eth_address text default '', balance real default 0, api_key text default '', created_at real, updated_at real);
create table workers (worker_id text primary key, eth_address text, gpu_count integer, total_memory_gb integer, gpus_json text default '[]', version text, state text default 'AVAILABLE', hashrate real, active_gpus integer, last_heartbeat real, registered_at real, price_per_min real default 0.60, min_duration_sec integer default 60, max_duration_sec integer default 86400, total_online_sec real, last_online_at real, self_blocks_found integer default 0);
create table leases (lease_id text primary key, worker_id text references workers (worker_id), consumer_id text references accounts (account_id), consumer_address text, prefix text, duration_sec integer, price_per_sec real default 0.01, state text, created_at real, ended_at real, blocks_found integer default 0, total_hashrate_samples real default 0, hashrate_count integer default 0);
create table blocks (id integer primary key autoincrement, lease_id text default '', worker_id text, block_hash text, key text, account text, attempts integer, hashrate text, prefix_valid integer default 1, chain_verified integer default 0, chain_block_id integer, created_at real);
create table settlements (id integer primary key autoincrement, lease_id text unique references leases (lease_id), consumer_id text, worker_id text, duration_sec real, blocks_found integer, total_cost real, provider_payout real, platform_fee real, settled_at real);
create table transactions (id integer primary key autoincrement, account_id text references accounts (account_id), type text, amount real, reference_id text default '', created_at real);
create table hashrate_snapshots (id integer primary key autoincrement, worker_id text, hashrate real, active_gpus integer, timestamp real);
create table wallet_snapshots (id integer primary key autoincrement, eth_address text collate nocase, timestamp real, interval_type text, total_hashrate real, online_workers integer, total_workers integer, blocks_found integer, cumulative_blocks integer, earnings real);
`;

/** When the file was left, in Unix seconds. */
export const LEFT_AT = 1_767_225_590.25;
export const OLD_KEY = "20c45009210ad516a49fa652256eeeb8";

/** Writes such a file. `extraLeases` makes it as large as a test needs it. */
export function writeOriginal(path: string, { version = 11, extraLeases = 0 } = {}): void {
  const file = new Database(path, { create: true });
  file.run("pragma journal_mode = wal");
  for (const statement of SCHEMA.split(";").filter((one) => one.trim() !== "")) file.run(statement);
  file.run("insert into schema_version values (9, 1), (?, 2)", [version]);
  const account = file.prepare("insert into accounts values (?, ?, ?, ?, ?, 1766000000.5, 1766000000.5)");
  account.run("consumer-1", "consumer", "0xaabb", 888.2203159570694, OLD_KEY);
  account.run("platform-treasury", "consumer", "", 5.5889842, "");
  account.run("w1", "provider", "0xABAB", 106.19069984, "");
  account.run("w2", "provider", "0xcdcd", 0, "");
  account.run("endless", "consumer", "", Number.POSITIVE_INFINITY, "");
  account.run("owing", "consumer", "", -5, "");
  account.run("nothing", "consumer", "", null, "");
  const worker = file.prepare(
    "insert into workers values (?, ?, 2, 34, ?, '2.0.0', ?, 1250.75, 2, ?, 1766000000, 0.6, 60, 86400, 3600.5, ?, 1)",
  );
  worker.run(
    "w1",
    "0xABAB",
    '[{"index":0,"name":"NVIDIA GeForce RTX 4090","memory_gb":24}]',
    "MINING",
    LEFT_AT,
    LEFT_AT,
  );
  worker.run("w2", "0xcdcd", "not JSON", "", LEFT_AT - 500, null);
  const lease = file.prepare(
    "insert into leases values (?, 'w1', 'consumer-1', '0xaabb', ?, 60, 0.01, ?, ?, ?, ?, 2000, 2)",
  );
  lease.run("lease-settled", "6f2a3a82b7a5ee12", "completed", LEFT_AT - 900, LEFT_AT - 840, 1);
  lease.run("lease-unsettled", "6f2a3a82b7a5ee12", "completed", LEFT_AT - 800, LEFT_AT - 770, 0);
  lease.run("lease-active", "0123456789abcdef", "active", LEFT_AT - 30, null, 0);
  for (let i = 0; i < extraLeases; i++)
    lease.run(`lease-extra-${i}`, `extra-${i}`, "cancelled", LEFT_AT - 1000, LEFT_AT - 999, 0);
  const block = file.prepare(
    "insert into blocks (lease_id, worker_id, block_hash, key, account, attempts, hashrate, prefix_valid, chain_verified, chain_block_id, created_at) values (?, ?, 'h', ?, '0xaabb', 7, '1250.75', 1, ?, ?, ?)",
  );
  for (let repeat = 0; repeat < 3; repeat++)
    block.run("lease-settled", "w1", "6f2a3a82b7a5ee12aa", 1, 1, LEFT_AT - 850);
  block.run("", "w1", "ffff", 1, null, LEFT_AT - 700);
  block.run("", "gone", "eeee", 1, null, LEFT_AT - 700);
  file.run(
    "insert into settlements values (1, 'lease-settled', 'consumer-1', 'w1', 60.0021, 1, 0.600021, 0.57001995, 0.03000105, ?)",
    [LEFT_AT - 840],
  );
  file.run("insert into transactions values (1, 'consumer-1', 'lease_charge', 0.600021, 'lease-settled', ?)", [
    LEFT_AT,
  ]);
  file.run("insert into wallet_snapshots values (1, '0xabab', ?, 'hourly', 1250.75, 1, 1, 2, 2, 0)", [LEFT_AT - 600]);
  file.close();
}
