import { asc, eq, sql } from "drizzle-orm";
import { excludedOf, insertOf, type SqliteHandle, statement } from "../../../platform/database";
import type { Nano } from "../rules/money";
import { tables, type WorkerRow } from "../tables";

const { workers } = tables;
const placeholder = sql.placeholder;

const one = statement((db: SqliteHandle) =>
  db
    .select()
    .from(workers)
    .where(eq(workers.workerId, placeholder("workerId")))
    .prepare(),
);
const every = statement((db: SqliteHandle) => db.select().from(workers).orderBy(asc(workers.seq)).prepare());

export function findWorker(db: SqliteHandle, workerId: string): WorkerRow | undefined {
  return one(db).get({ workerId });
}

/** Every worker in the order of registration. */
export function listWorkers(db: SqliteHandle): WorkerRow[] {
  return every(db).all();
}

const upsert = statement((db: SqliteHandle) =>
  insertOf(db, workers, {
    selfBlocksFound: 0,
    selfBlocksVerified: 0,
    verifiedBlocks: 0,
    totalLeases: 0,
    completedLeases: 0,
  })
    .onConflictDoUpdate({
      target: workers.workerId,
      set: excludedOf(workers, ["ethAddress", "gpuCount", "totalMemoryGb", "gpus", "version", "state"]),
    })
    .prepare(),
);

/** What a worker says of itself, with the standard pricing that only a new one gets. */
export type Registration = Omit<
  WorkerRow,
  "seq" | "selfBlocksFound" | "selfBlocksVerified" | "verifiedBlocks" | "totalLeases" | "completedLeases"
>;

/** Adds a worker, or takes over what a known one says of itself; its pricing, counts and first time stay. */
export function saveRegistration(db: SqliteHandle, registration: Registration): void {
  upsert(db).run({ ...registration });
}

const state = statement((db: SqliteHandle) =>
  db
    .update(workers)
    .set({ state: sql`${placeholder("state")}` })
    .where(eq(workers.workerId, placeholder("workerId")))
    .prepare(),
);
const pricing = statement((db: SqliteHandle) =>
  db
    .update(workers)
    .set({
      pricePerMin: sql`${placeholder("pricePerMin")}`,
      minDurationSec: sql`${placeholder("minDurationSec")}`,
      maxDurationSec: sql`${placeholder("maxDurationSec")}`,
    })
    .where(eq(workers.workerId, placeholder("workerId")))
    .prepare(),
);
const counts = statement((db: SqliteHandle) =>
  db
    .update(workers)
    .set({
      selfBlocksFound: sql`${workers.selfBlocksFound} + ${placeholder("selfBlocks")}`,
      selfBlocksVerified: sql`${workers.selfBlocksVerified} + ${placeholder("selfBlocksVerified")}`,
      verifiedBlocks: sql`${workers.verifiedBlocks} + ${placeholder("verifiedBlocks")}`,
      totalLeases: sql`${workers.totalLeases} + ${placeholder("totalLeases")}`,
      completedLeases: sql`${workers.completedLeases} + ${placeholder("completedLeases")}`,
    })
    .where(eq(workers.workerId, placeholder("workerId")))
    .prepare(),
);

export function saveState(db: SqliteHandle, workerId: string, next: string): void {
  state(db).run({ workerId, state: next });
}

export interface PricingRow {
  pricePerMin: Nano;
  minDurationSec: number;
  maxDurationSec: number;
}

export function savePricing(db: SqliteHandle, workerId: string, next: PricingRow): void {
  pricing(db).run({ workerId, ...next });
}

/** What has been added to a worker's record. */
export interface RecordGrowth {
  selfBlocks?: number;
  selfBlocksVerified?: number;
  verifiedBlocks?: number;
  totalLeases?: number;
  completedLeases?: number;
}

const NO_GROWTH = { selfBlocks: 0, selfBlocksVerified: 0, verifiedBlocks: 0, totalLeases: 0, completedLeases: 0 };

export function growRecord(db: SqliteHandle, workerId: string, growth: RecordGrowth): void {
  counts(db).run({ ...NO_GROWTH, workerId, ...growth });
}
