import { and, asc, count, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Storage, StorageHandle } from "../../../platform/database";
import { type ReportRow, type ReportStatus, reportTables } from "../tables";

export interface ReportFilter {
  status?: ReportStatus | undefined;
  reportType?: string | undefined;
}

export interface ReportChange {
  id: string;
  from: ReportStatus;
  runNumber?: number;
  set: Partial<Omit<ReportRow, "id">>;
}

export type ReportStore = ReturnType<typeof createReportStore>;

/** The rows of reports. */
export function createReportStore(storage: Storage) {
  const { reports } = storage.tables(reportTables);
  const ofUser = (userId: string, { status, reportType }: ReportFilter) =>
    and(
      eq(reports.userId, userId),
      status === undefined ? undefined : eq(reports.status, status),
      reportType === undefined ? undefined : eq(reports.reportType, reportType),
    );
  return {
    async insert(db: StorageHandle, report: ReportRow): Promise<void> {
      await db.insert(reports).values(report);
    },
    own: async (userId: string, id: string): Promise<ReportRow | undefined> =>
      (
        await storage.read(async (db) =>
          db
            .select()
            .from(reports)
            .where(and(eq(reports.id, id), eq(reports.userId, userId))),
        )
      )[0],
    byId: async (db: StorageHandle, id: string): Promise<ReportRow | undefined> =>
      (await db.select().from(reports).where(eq(reports.id, id)))[0],
    list: (userId: string, filter: ReportFilter, limit: number, offset: number): Promise<ReportRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(reports)
          .where(ofUser(userId, filter))
          .orderBy(desc(reports.createdAt), desc(reports.id))
          .limit(limit)
          .offset(offset),
      ),
    total: async (userId: string, filter: ReportFilter): Promise<number> => {
      const [found] = await storage.read(async (db) =>
        db.select({ count: count() }).from(reports).where(ofUser(userId, filter)),
      );
      return Number(found?.count ?? 0);
    },
    /** Makes the change where its condition holds. */
    async change(db: StorageHandle, { id, from, runNumber, set }: ReportChange): Promise<ReportRow | undefined> {
      const inRun = runNumber === undefined ? undefined : eq(reports.runNumber, runNumber);
      const changed = await db
        .update(reports)
        .set(set)
        .where(and(eq(reports.id, id), eq(reports.status, from), inRun))
        .returning();
      return changed[0];
    },
    ...chores(storage, reports),
  };
}

type Table = (typeof reportTables)["postgres"]["reports"];

/** What chores and monitors ask for. */
function chores(storage: Storage, reports: Table) {
  return {
    endedBefore: (beforeMs: number, limit: number): Promise<ReportRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(reports)
          .where(and(inArray(reports.status, ["COMPLETED", "FAILED"]), lt(reports.completedAt, beforeMs)))
          .orderBy(asc(reports.completedAt))
          .limit(limit),
      ),
    unsettled: (): Promise<ReportRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(reports)
          .where(inArray(reports.status, ["PENDING", "GENERATING"])),
      ),
    async remove(db: StorageHandle, id: string): Promise<void> {
      await db.delete(reports).where(eq(reports.id, id));
    },
    blobBytes: async (): Promise<number> => {
      const [found] = await storage.read(async (db) =>
        db.select({ bytes: sql<number>`coalesce(sum(${reports.sizeBytes}), 0)`.mapWith(Number) }).from(reports),
      );
      return found?.bytes ?? 0;
    },
  };
}
