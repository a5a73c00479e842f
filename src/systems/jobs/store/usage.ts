import { asc, desc, eq, sql } from "drizzle-orm";
import type { Storage } from "../../../platform/database";
import { jobTables, reportTables } from "../tables";

/** So many of a user's jobs and reports are added up, the oldest first, which retention takes first. */
export const MAX_COUNTED = 5000;

/** What lies of one user, and how much of it ended before a time. */
export interface Usage {
  count: number;
  bytes: number;
  endedCount: number;
  endedBytes: number;
}

export type UsageStore = ReturnType<typeof createUsageStore>;

/** What results and files of reports take, by user. */
export function createUsageStore(storage: Storage) {
  const { jobs, counts } = storage.tables(jobTables);
  const { reports } = storage.tables(reportTables);

  function usageOf(table: typeof jobs | typeof reports, bytes: typeof jobs.resultSizeBytes | typeof reports.sizeBytes) {
    return async (userId: string, endedBeforeMs: number): Promise<Usage> => {
      const [found] = await storage.read(async (db) => {
        const oldest = db
          .select({
            bytes: sql<number>`coalesce(${bytes}, 0)`.as("bytes"),
            ended: sql<number>`completed_at`.as("ended"),
          })
          .from(table)
          .where(eq(table.userId, userId))
          .orderBy(asc(table.createdAt), asc(table.id))
          .limit(MAX_COUNTED)
          .as("oldest");
        const isDue = sql`ended < ${endedBeforeMs}`;
        return db
          .select({
            count: sql<number>`count(*)`,
            bytes: sql<number>`coalesce(sum(bytes), 0)`,
            endedCount: sql<number>`coalesce(sum(case when ${isDue} then 1 else 0 end), 0)`,
            endedBytes: sql<number>`coalesce(sum(case when ${isDue} then bytes else 0 end), 0)`,
          })
          .from(oldest);
      });
      const { count, bytes: sum, endedCount, endedBytes } = found!;
      // Postgres tells sums as text.
      return {
        count: Number(count),
        bytes: Number(sum),
        endedCount: Number(endedCount),
        endedBytes: Number(endedBytes),
      };
    };
  }

  return {
    jobsOf: usageOf(jobs, jobs.resultSizeBytes),
    reportsOf: usageOf(reports, reports.sizeBytes),
    /** Those with the most jobs. */
    users: async (limit: number): Promise<string[]> => {
      const found = await storage.read(async (db) =>
        db
          .select({ userId: counts.userId })
          .from(counts)
          .groupBy(counts.userId)
          .orderBy(desc(sql`sum(${counts.jobs})`), asc(counts.userId))
          .limit(limit),
      );
      return found.map(({ userId }) => userId);
    },
  };
}
