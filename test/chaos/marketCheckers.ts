import { expect } from "bun:test";
import type { SqliteDatabase } from "../../src/platform/database";
import { reputationOf } from "../../src/systems/market/rules/reputation";
import type { MarketService } from "../../src/systems/market/service";
import { listActiveLeases } from "../../src/systems/market/store/leases";
import { audit } from "../../src/systems/market/store/ledger";
import { listWorkers } from "../../src/systems/market/store/workers";

/**
 * What must hold of a market whatever happens to it. The checkers know nothing of the code that keeps it so: they
 * read the database and what the market says, and compare.
 */

type Row = Record<string, number | bigint | string | null>;

function rows(database: SqliteDatabase, sql: string): Row[] {
  return database.read((db) => db.all<Row>(sql));
}

/**
 * Cheap enough for every step however long the history is: money is there, workers have one lease, every ended lease is
 * settled once and no other, no prefix is shared, reputations are in bounds, memory is the disk. Of leases and
 * settlements it reads those that are new since its last call.
 */
export function createStepCheck(): (market: MarketService) => void {
  const checkNew = createNewRowsCheck();
  return ({ live, options: { database, clock } }) => {
    const [sum] = rows(database, "select cast(sum(balance) as text) as sum from market_accounts");
    expect(sum!["sum"]).toBe("0");
    const active = database.read(listActiveLeases);
    checkNew(
      database,
      active.map(({ leaseId }) => leaseId),
    );
    checkMemory(live, active, database, clock.now());
    checkEnds(live, clock.now());
  };
}

/** The watchdog comes every five seconds, and what it does takes no time here. */
const MAX_LATE_MS = 6000;
const START_WITHIN_MS = 120_000;

/** No lease runs without an end: past its time, or without a beginning. */
function checkEnds({ activeLeases }: MarketService["live"], nowMs: number): void {
  const endless = [...activeLeases.values()].filter(({ expiresAtMs, work }) => {
    const isLate = nowMs > expiresAtMs + MAX_LATE_MS;
    return isLate || (work.beganAtMs === null && nowMs > work.createdAtMs + START_WITHIN_MS + MAX_LATE_MS);
  });
  expect(endless.map(({ leaseId }) => leaseId)).toEqual([]);
}

/** Every lease is in one of two places: among those that run, or settled. */
function createNewRowsCheck(): (database: SqliteDatabase, active: string[]) => void {
  const prefixes = new Set<string>();
  const settled = new Set<string>();
  const [readLeases, readSettlements] = [
    newRowsOf("market_leases", "prefix"),
    newRowsOf("market_settlements", "lease_id"),
  ];
  return (database, active) => {
    for (const prefix of readLeases(database)) {
      expect(prefixes.has(prefix)).toBe(false);
      prefixes.add(prefix);
    }
    for (const leaseId of readSettlements(database)) {
      expect(settled.has(leaseId)).toBe(false);
      settled.add(leaseId);
    }
    expect(active.filter((leaseId) => settled.has(leaseId))).toEqual([]);
    expect(settled.size + active.length).toBe(prefixes.size);
  };
}

/** What a column of a table that only grows holds in the rows that have come since the last call. */
function newRowsOf(table: string, column: string): (database: SqliteDatabase) => string[] {
  let last = 0;
  return (database) => {
    const found = rows(
      database,
      `select rowid as id, ${column} as value from ${table} where rowid > ${last} order by id`,
    );
    last = Number(found.at(-1)?.["id"] ?? last);
    return found.map(({ value }) => String(value));
  };
}

function checkMemory(
  live: MarketService["live"],
  active: readonly { leaseId: string; workerId: string }[],
  database: SqliteDatabase,
  nowMs: number,
): void {
  expect(new Set(active.map(({ workerId }) => workerId)).size).toBe(active.length);
  expect([...live.activeLeases.keys()].sort()).toEqual(active.map(({ leaseId }) => leaseId).sort());

  const onDisk = database.read(listWorkers);
  expect(onDisk.length).toBe(live.workers.size);
  const byWorker = new Map(active.map(({ workerId, leaseId }) => [workerId, leaseId]));
  const wrong = onDisk.flatMap((row) => {
    const worker = live.workers.get(row.workerId);
    if (worker === undefined) return [`${row.workerId} is not in the live state`];
    const faults: string[] = COMPARED.filter((member) => worker[member] !== row[member]);
    if (worker.activeLeaseId !== (byWorker.get(row.workerId) ?? null)) faults.push("activeLeaseId");
    if (worker.activeLeaseId !== null && worker.state === "AVAILABLE") faults.push("rented and free");
    const { score, stars } = reputationOf({ ...worker, onlineMs: worker.totalOnlineMs }, nowMs);
    if (!(score >= 0 && score <= 100 && stars >= 0 && stars <= 5)) faults.push(`reputation ${score}`);
    return faults.map((fault) => `${row.workerId}: ${fault}`);
  });
  expect(wrong).toEqual([]);
}

const COMPARED = [
  "state",
  "totalLeases",
  "completedLeases",
  "verifiedBlocks",
  "selfBlocksFound",
  "pricePerMin",
] as const;

/** Reads all history: ledger, settlements, prefixes, counts. */
export function checkHistory({ options: { database }, live }: MarketService): void {
  expect(database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
  expect(rows(database, UNSETTLED)).toEqual([]);
  expect(rows(database, SETTLED_TWICE)).toEqual([]);
  expect(rows(database, SETTLED_ACTIVE)).toEqual([]);
  expect(rows(database, SHARED_PREFIX)).toEqual([]);
  expect(rows(database, OVERBILLED)).toEqual([]);
  expect(rows(database, WRONG_CHARGE)).toEqual([]);
  expect(rows(database, WRONG_COUNTS)).toEqual([]);
  expect(rows(database, OVERCOUNTED)).toEqual([]);
  const [totals] = rows(database, TOTALS);
  expect(totals).toEqual({
    blocks: live.totals.blocks,
    selfMined: live.totals.selfMinedBlocks,
    leases: live.totals.leases,
    settlements: live.totals.settlements,
  });
}

const UNSETTLED = `
  select lease_id from market_leases
  where state <> 'active' and lease_id not in (select lease_id from market_settlements)`;
const SETTLED_TWICE = "select lease_id from market_settlements group by lease_id having count(*) > 1";
const SETTLED_ACTIVE = `
  select lease_id from market_settlements join market_leases using (lease_id) where state = 'active'`;
const SHARED_PREFIX = "select prefix from market_leases group by prefix having count(*) > 1";
const OVERBILLED = `
  select lease_id from market_settlements join market_leases using (lease_id)
  where duration_ms > duration_sec * 1000 or duration_ms < 0 or duration_ms <> ended_at - created_at - (
       select coalesce(sum(g.ended_at - g.began_at), 0) from market_lease_gaps g
       where g.lease_id = market_leases.lease_id)
     or total_cost > (price_per_min * duration_ms + 59999) / 60000`;
/** The three lines of a lease are its settlement, or there are none when it cost nothing. */
const WRONG_CHARGE = `
  select s.lease_id from market_settlements s
  left join (
    select reference_id,
      -sum(case when kind = 'lease_charge' then amount else 0 end) as charge,
      sum(case when kind = 'provider_payout' then amount else 0 end) as payout,
      sum(case when kind = 'platform_fee' then amount else 0 end) as fee
    from market_journal where reference_id <> '' group by reference_id
  ) j on j.reference_id = s.lease_id
  where coalesce(j.charge, 0) <> s.total_cost
     or coalesce(j.payout, 0) <> s.provider_payout
     or coalesce(j.fee, 0) <> s.platform_fee`;
const WRONG_COUNTS = `
  select worker_id from market_workers w
  where total_leases <> (select count(*) from market_leases l where l.worker_id = w.worker_id)
     or completed_leases <> (select count(*) from market_leases l where l.worker_id = w.worker_id and state = 'completed')
     or verified_blocks > (select count(*) from market_blocks b where b.worker_id = w.worker_id and chain_verified)`;
const OVERCOUNTED = `
  select l.lease_id from market_leases l
  left join (
    select lease_id, worker_id, count(distinct key) as blocks from market_blocks
    where prefix_valid and chain_verified group by lease_id, worker_id
  ) b on b.lease_id = l.lease_id and b.worker_id = l.worker_id
  where l.blocks_found > coalesce(b.blocks, 0)`;
const TOTALS = `
  select (select count(*) from market_blocks) as blocks,
    (select count(*) from market_blocks where lease_id = '') as selfMined,
    (select count(*) from market_leases) as leases,
    (select count(*) from market_settlements) as settlements`;
