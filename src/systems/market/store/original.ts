import { sql } from "drizzle-orm";
import type { SqliteHandle } from "../../../platform/database";
import { OUTSIDE_ID } from "../rules/accountIds";
import { MAX_AMOUNT_XNM, MAX_BALANCE, type Nano, nanoOf } from "../rules/money";
import { addAccountIfAbsent, addApiKey } from "./accounts";
import { post } from "./ledger";
import type { WorkerSample } from "./samples";

/**
 * The original's file, as its version 11 leaves it (docs/market.md, A file of the original): the same names without
 * `market_`, money and times as doubles.
 */

interface OriginalAccount {
  accountId: string;
  role: "provider" | "consumer";
  ethAddress: string;
  balance: number | string | null;
  apiKey: string;
  createdAt: number;
}

/** What of a file could not be taken over as it was. */
export interface ConversionReport {
  accounts: number;
  workers: number;
  leases: number;
  blocks: number;
  settlements: number;
  /** Accounts whose balance was negative, no number or more than a market holds, and now is 0. */
  mendedBalances: string[];
}

/** Times until the year 33658; further ones are no times. */
const MAX_SECONDS = 1e12;
const MAX_MEMORY_GB = 1e6;
const MAX_HASHRATE_SUM = 1e15;

const ORIGINAL_TABLES = [
  "wallet_snapshots",
  "hashrate_snapshots",
  "transactions",
  "settlements",
  "blocks",
  "leases",
  "workers",
  "accounts",
  "schema_version",
];

/** The version of the original's tables in this file; undefined when there are none. */
export function originalVersion(db: SqliteHandle): number | undefined {
  const found = db.all<{ name: string }>(
    sql`select name from sqlite_schema where type = 'table' and name in ('schema_version', 'leases', 'accounts', 'workers')`,
  );
  if (found.length < 4) return undefined;
  return (
    db.all<{ version: number | null }>(sql`select max(version) as version from schema_version`)[0]?.version ?? undefined
  );
}

/** The database's file, or an empty text when it is in memory. */
export function databaseFile(db: SqliteHandle): string {
  return (
    db.all<{ name: string; file: string }>(sql`pragma database_list`).find(({ name }) => name === "main")?.file ?? ""
  );
}

/** Writes everything that is committed into a new file. */
export function copyInto(db: SqliteHandle, path: string): void {
  db.run(sql`vacuum into ${path}`);
}

/** Takes everything over into our tables and removes the original's, in the transaction that `db` is of. */
export function convertOriginalTables(
  db: SqliteHandle,
  nowMs: number,
  hashKey: (apiKey: string) => string,
): ConversionReport {
  const mendedBalances = convertAccounts(db, nowMs, hashKey);
  for (const statement of CONVERSIONS) db.run(statement);
  const count = (table: string) =>
    db.all<{ rows: number }>(`select count(*) as rows from market_${table}`)[0]?.rows ?? 0;
  const report = {
    // The other side of the ledger is no account of the original.
    accounts: count("accounts") - 1,
    workers: count("workers"),
    leases: count("leases"),
    blocks: count("blocks"),
    settlements: count("settlements"),
    mendedBalances,
  };
  for (const table of ORIGINAL_TABLES) db.run(`drop table if exists ${table}`);
  return report;
}

/** Each account with its key and its balance, which becomes one deposit. Gives those whose balance was none. */
function convertAccounts(db: SqliteHandle, nowMs: number, hashKey: (apiKey: string) => string): string[] {
  addAccountIfAbsent(db, { accountId: OUTSIDE_ID, role: "outside", ethAddress: "", createdAt: nowMs });
  const mended: string[] = [];
  let sum = 0n;
  for (const { accountId, role, ethAddress, balance, apiKey, createdAt } of db.all<OriginalAccount>(ACCOUNTS)) {
    if (accountId === OUTSIDE_ID) continue;
    addAccountIfAbsent(db, { accountId, role, ethAddress, createdAt });
    if (apiKey !== "") addApiKey(db, accountId, 0, hashKey(apiKey));
    const amount = amountOf(balance, MAX_BALANCE - sum);
    if (amount === undefined) mended.push(accountId);
    sum += amount ?? 0n;
    const lines = [
      { accountId: OUTSIDE_ID, kind: "deposit" as const, amount: -(amount ?? 0n) },
      { accountId, kind: "deposit" as const, amount: amount ?? 0n },
    ];
    post(db, lines, "original", nowMs);
  }
  return mended;
}

function amountOf(balance: OriginalAccount["balance"], most: Nano): Nano | undefined {
  if (typeof balance !== "number" || !Number.isFinite(balance) || balance < 0) return undefined;
  const amount = nanoOf(balance);
  return amount <= most ? amount : undefined;
}

// The original stored whatever workers said, of whatever type, and infinite prices: each value is brought within limits.
const text = (column: string) => `cast(coalesce(${column}, '') as text)`;
const real = (column: string, most: number) => `min(max(cast(coalesce(${column}, 0) as real), 0.0), ${most}.0)`;
const whole = (column: string) => `cast(${real(column, Number.MAX_SAFE_INTEGER)} as integer)`;
const milliseconds = (column: string) => `cast(round(${real(column, MAX_SECONDS)} * 1000) as integer)`;
const millisecondsOrNull = (column: string) => `case when ${column} is null then null else ${milliseconds(column)} end`;
const nano = (column: string) => `cast(round(${real(column, MAX_AMOUNT_XNM)} * 1e9) as integer)`;
const STATES = "'AVAILABLE', 'LEASED', 'MINING', 'COMPLETED', 'IDLE', 'ERROR', 'SELF_MINING', 'offline'";

const ACCOUNTS = `
  select account_id as accountId, case role when 'provider' then role else 'consumer' end as role,
    ${text("eth_address")} as ethAddress, balance, ${text("api_key")} as apiKey, ${milliseconds("created_at")} as createdAt
  from accounts where account_id <> '' order by rowid`;

/**
 * In the order of their references. The miner's goodbye had left workers with an empty state, and its return during a
 * lease with a free one.
 */
const CONVERSIONS = [
  `insert into market_workers (worker_id, eth_address, gpu_count, total_memory_gb, gpus, version, state, price_per_min,
     min_duration_sec, max_duration_sec, registered_at, self_blocks_found, verified_blocks, total_leases, completed_leases)
   select worker_id, ${text("eth_address")}, ${whole("gpu_count")}, ${real("total_memory_gb", MAX_MEMORY_GB)},
     case when json_valid(gpus_json) and json_type(gpus_json) = 'array' then gpus_json else '[]' end, ${text("version")},
     case when state = 'AVAILABLE' and exists (select 1 from leases l where l.worker_id = w.worker_id and l.state = 'active')
       then 'LEASED' when state in (${STATES}) then state else 'offline' end, ${nano("price_per_min")},
     max(1, ${whole("min_duration_sec")}), max(1, ${whole("max_duration_sec")}), ${milliseconds("registered_at")},
     ${whole("self_blocks_found")},
     (select count(distinct key) from blocks b where b.worker_id = w.worker_id and b.chain_verified),
     (select count(*) from leases l where l.worker_id = w.worker_id),
     (select count(*) from leases l where l.worker_id = w.worker_id and l.state = 'completed')
   from workers w where worker_id <> '' order by w.rowid`,
  `insert or ignore into market_accounts (account_id, role, eth_address, created_at)
   select worker_id, 'provider', eth_address, registered_at from market_workers order by seq`,
  `update market_accounts set address_proof = 'signed'
   where role = 'provider' and account_id like 'wallet-0x%' and eth_address <> ''`,
  `update market_accounts set address_proof = 'worker'
   where role = 'provider' and account_id in (select worker_id from market_workers)`,
  // Prefixes are ours to keep apart; a prefix that stands twice stays with its first lease.
  `insert into market_leases (lease_id, worker_id, consumer_id, consumer_address, prefix, duration_sec, price_per_min,
     state, created_at, began_at, ended_at, blocks_found, hashrate_sum, hashrate_count)
   select lease_id, worker_id, consumer_id, ${text("consumer_address")},
     case when prefix <> '' and not exists (select 1 from leases f where f.prefix = l.prefix and f.rowid < l.rowid)
       then prefix else 'converted ' || lease_id end,
     max(1, cast(${real("duration_sec", MAX_SECONDS)} as integer)), ${nano("cast(price_per_sec as real) * 60")}, state,
     ${milliseconds("created_at")}, ${milliseconds("created_at")}, ${millisecondsOrNull("ended_at")}, ${whole("blocks_found")},
     ${real("total_hashrate_samples", MAX_HASHRATE_SUM)}, ${whole("hashrate_count")}
   from leases l
   where exists (select 1 from market_accounts a where a.account_id = l.consumer_id)
     and exists (select 1 from market_workers w where w.worker_id = l.worker_id)
   order by l.rowid`,
  // A key counts once for its lease, however often it was told.
  `insert or ignore into market_blocks (lease_id, worker_id, block_hash, key, account, attempts, hashrate, prefix_valid,
     chain_verified, chain_block_id, created_at)
   select ${text("lease_id")}, worker_id, ${text("block_hash")}, ${text("key")}, ${text("account")}, ${whole("attempts")},
     ${text("hashrate")}, ${whole("prefix_valid")} <> 0, ${whole("chain_verified")} <> 0,
     case when typeof(chain_block_id) = 'integer' then chain_block_id end, ${milliseconds("created_at")}
   from blocks b where exists (select 1 from market_workers w where w.worker_id = b.worker_id) order by b.id`,
  `insert into market_settlements (lease_id, consumer_id, worker_id, duration_ms, blocks_found, total_cost,
     provider_payout, platform_fee, settled_at)
   select lease_id, ${text("consumer_id")}, ${text("worker_id")}, ${milliseconds("duration_sec")},
     ${whole("blocks_found")}, ${nano("total_cost")}, ${nano("provider_payout")},
     ${nano("total_cost")} - ${nano("provider_payout")}, ${milliseconds("settled_at")}
   from settlements s where exists (select 1 from market_leases l where l.lease_id = s.lease_id) order by s.id`,
  `insert into market_wallet_snapshots (eth_address, interval, created_at, total_hashrate, online_workers,
     total_workers, blocks_found, cumulative_blocks, earnings)
   select ${text("eth_address")}, interval_type, ${milliseconds("timestamp")},
     ${real("total_hashrate", MAX_HASHRATE_SUM)}, ${whole("online_workers")}, ${whole("total_workers")},
     ${whole("blocks_found")}, ${whole("cumulative_blocks")}, ${nano("earnings")}
   from wallet_snapshots where interval_type in ('hourly', 'daily') order by id`,
];

/** What the original's workers told last. */
export function originalSamples(db: SqliteHandle): WorkerSample[] {
  return db.all<WorkerSample>(
    `select worker_id as workerId, ${real("hashrate", MAX_HASHRATE_SUM)} as hashrate,
       ${whole("active_gpus")} as activeGpus, ${milliseconds("last_heartbeat")} as lastHeartbeat,
       ${milliseconds("total_online_sec")} as totalOnlineMs, ${millisecondsOrNull("last_online_at")} as lastOnlineAt
     from workers where worker_id <> ''`,
  );
}
