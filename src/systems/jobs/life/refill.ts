import type { StorageHandle } from "../../../platform/database";
import { QUEUES } from "../states";
import type { Records } from "./records";

interface Missing {
  queue: string;
  id: string;
  owner: string;
  priority: number;
  dueAtMs?: number | undefined;
}

/**
 * Makes the queues hold what the rows say: the row is the truth. An entry that is missing is added. Where the database
 * is this process's alone, whoever held leases when it was left is dead: they lapse at once.
 */
export async function refillQueues(records: Records, isAlone: boolean): Promise<void> {
  const { queue, jobs, reports, deliveries } = records;
  for (const name of isAlone ? Object.values(QUEUES) : []) await queue.lapseAll(name);
  const waiting: Missing[] = [
    ...(await jobs.unsettled()).map(({ id, userId, priority, startAfter }) => ({
      queue: QUEUES.simulations,
      id,
      owner: userId,
      priority,
      dueAtMs: startAfter ?? undefined,
    })),
    ...(await reports.unsettled()).map(({ id, userId }) => ({
      queue: QUEUES.reports,
      id,
      owner: userId,
      priority: 0,
    })),
    ...(await deliveries.unsettled()).map(({ id, userId }) => ({
      queue: QUEUES.callbacks,
      id,
      owner: userId,
      priority: 0,
    })),
  ];
  for (const entry of waiting) await add(records, entry);
}

async function add({ storage, queue }: Records, entry: Missing): Promise<void> {
  await storage.transactConditional(async (db: StorageHandle) => {
    if (!(await queue.holds(db, entry.queue, entry.id))) await queue.add(db, entry);
  });
}
