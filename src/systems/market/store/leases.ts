import { and, asc, count, desc, eq, gte, isNull, lt, ne, sql } from "drizzle-orm";
import { insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { type LeaseRow, type SettlementRow, tables } from "../tables";

const { leases, settlements } = tables;
const placeholder = sql.placeholder;

export type LeaseState = LeaseRow["state"];
export type EndReason = NonNullable<LeaseRow["endReason"]>;
export type NewLease = Omit<
  LeaseRow,
  "seq" | "state" | "endedAt" | "blocksFound" | "hashrateSum" | "hashrateCount" | "endReason"
>;

const insert = statement((db: SqliteHandle) =>
  insertOf(db, leases, {
    state: "active",
    endedAt: null,
    blocksFound: 0,
    hashrateSum: 0,
    hashrateCount: 0,
    endReason: null,
  }).prepare(),
);
const one = statement((db: SqliteHandle) =>
  db
    .select()
    .from(leases)
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);
const activeOfWorker = statement((db: SqliteHandle) =>
  db
    .select({ leaseId: leases.leaseId })
    .from(leases)
    .where(and(eq(leases.workerId, placeholder("workerId")), eq(leases.state, "active")))
    .prepare(),
);
const activeOfConsumer = statement((db: SqliteHandle) =>
  db
    .select()
    .from(leases)
    // The plus keeps SQLite from walking all that the consumer ever rented.
    .where(and(eq(leases.state, "active"), sql`+${leases.consumerId} = ${placeholder("consumerId")}`))
    .prepare(),
);
const allActive = statement((db: SqliteHandle) =>
  db.select().from(leases).where(eq(leases.state, "active")).orderBy(asc(leases.seq)).prepare(),
);
const end = statement((db: SqliteHandle) =>
  db
    .update(leases)
    .set({
      state: sql`${placeholder("state")}`,
      endReason: sql`${placeholder("endReason")}`,
      endedAt: sql`${placeholder("endedAt")}`,
      hashrateSum: sql`${placeholder("hashrateSum")}`,
      hashrateCount: sql`${placeholder("hashrateCount")}`,
    })
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);
const blockFound = statement((db: SqliteHandle) =>
  db
    .update(leases)
    .set({ blocksFound: sql`${leases.blocksFound} + 1` })
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);

/** @throws a unique violation when the worker has an active lease or the prefix was given before. */
export function addLease(db: SqliteHandle, lease: NewLease): void {
  insert(db).run({ ...lease });
}

export function findLease(db: SqliteHandle, leaseId: string): LeaseRow | undefined {
  return one(db).get({ leaseId });
}

export function activeLeaseOf(db: SqliteHandle, workerId: string): string | undefined {
  return activeOfWorker(db).get({ workerId })?.leaseId;
}

/** The active leases, oldest first. */
export function listActiveLeases(db: SqliteHandle): LeaseRow[] {
  return allActive(db).all();
}

const beginning = statement((db: SqliteHandle) =>
  db
    .select()
    .from(leases)
    .where(and(gte(leases.leaseId, placeholder("start")), lt(leases.leaseId, placeholder("end"))))
    .limit(placeholder("limit"))
    .prepare(),
);

/** Leases whose identifier begins with this text of hex digits. */
export function leasesBeginningWith(db: SqliteHandle, start: string, limit: number): LeaseRow[] {
  // `g` comes after every hex digit and after the hyphen between them.
  return beginning(db).all({ start, end: `${start}g`, limit });
}

/** A consumer's leases that run. */
export function activeLeasesOf(db: SqliteHandle, consumerId: string): LeaseRow[] {
  return activeOfConsumer(db).all({ consumerId });
}

const began = statement((db: SqliteHandle) =>
  db
    .update(leases)
    .set({ beganAt: sql`${placeholder("beganAt")}` })
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);
const terms = statement((db: SqliteHandle) =>
  db
    .update(leases)
    .set({
      durationSec: sql`${placeholder("durationSec")}`,
      budget: sql`${placeholder("budget")}`,
      reserved: sql`${placeholder("reserved")}`,
    })
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);
const byPrefix = statement((db: SqliteHandle) =>
  db
    .select()
    .from(leases)
    .where(eq(leases.prefix, placeholder("prefix")))
    .prepare(),
);

/** The lease whose keys begin so. */
export function findLeaseByPrefix(db: SqliteHandle, prefix: string): LeaseRow | undefined {
  return byPrefix(db).get({ prefix });
}

/** The worker has been seen at work. */
export function saveBeginning(db: SqliteHandle, leaseId: string, beganAt: number): void {
  began(db).run({ leaseId, beganAt });
}

/** A lease is for longer, or for more money. */
export function saveTerms(
  db: SqliteHandle,
  next: { leaseId: string; durationSec: number; budget: bigint | null; reserved: bigint },
): void {
  terms(db).run({ ...next });
}

export interface LeaseEnd {
  leaseId: string;
  state: "completed" | "cancelled";
  endReason: EndReason;
  endedAt: number;
  hashrateSum: number;
  hashrateCount: number;
}

export function endLease(db: SqliteHandle, ending: LeaseEnd): void {
  end(db).run({ ...ending });
}

/** One block more, in the receipt too where there is one. */
export function countLeaseBlock(db: SqliteHandle, leaseId: string): void {
  blockFound(db).run({ leaseId });
  settledBlock(db).run({ leaseId });
}

export interface LeaseFilter {
  state?: string | undefined;
  consumerId?: string | undefined;
}

function matching({ state, consumerId }: LeaseFilter) {
  return and(
    state === undefined ? undefined : eq(leases.state, state as LeaseState),
    consumerId === undefined ? undefined : eq(leases.consumerId, consumerId),
  );
}

/** A page of leases, newest first. */
export function pageOfLeases(db: SqliteHandle, query: LeaseFilter & { limit: number; offset: number }): LeaseRow[] {
  const page = db.select().from(leases).where(matching(query)).orderBy(desc(leases.seq)).limit(query.limit);
  return page.offset(query.offset).all();
}

/** How many leases there are: walks all that match, or all of one of the conditions. */
export function countMatchingLeases(db: SqliteHandle, filter: LeaseFilter): number {
  return db.select({ total: count() }).from(leases).where(matching(filter)).all()[0]?.total ?? 0;
}

/** Leases that ended without a settlement: a file of another version may hold some. */
export function unsettledLeases(db: SqliteHandle): LeaseRow[] {
  return db
    .select({ lease: leases })
    .from(leases)
    .leftJoin(settlements, eq(settlements.leaseId, leases.leaseId))
    .where(and(ne(leases.state, "active"), isNull(settlements.leaseId)))
    .all()
    .map(({ lease }) => lease);
}

const newSettlement = statement((db: SqliteHandle) => insertOf(db, settlements).prepare());
const settlementOf = statement((db: SqliteHandle) =>
  db
    .select()
    .from(settlements)
    .where(eq(settlements.leaseId, placeholder("leaseId")))
    .prepare(),
);
const settlementPage = statement((db: SqliteHandle) =>
  db
    .select()
    .from(settlements)
    .orderBy(desc(settlements.seq))
    .limit(placeholder("limit"))
    .offset(placeholder("offset"))
    .prepare(),
);

const settledBlock = statement((db: SqliteHandle) =>
  db
    .update(settlements)
    .set({ blocksFound: sql`${settlements.blocksFound} + 1` })
    .where(eq(settlements.leaseId, placeholder("leaseId")))
    .prepare(),
);

export type Settlement = Omit<SettlementRow, "seq">;

/** @throws a unique violation when the lease is settled already. */
export function addSettlement(db: SqliteHandle, settlement: Settlement): void {
  newSettlement(db).run({ ...settlement });
}

export function findSettlement(db: SqliteHandle, leaseId: string): Settlement | undefined {
  return settlementOf(db).get({ leaseId });
}

/** A page of settlements, newest first. */
export function pageOfSettlements(db: SqliteHandle, limit: number, offset: number): SettlementRow[] {
  return settlementPage(db).all({ limit, offset });
}
