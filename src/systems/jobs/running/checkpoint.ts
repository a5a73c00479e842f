import { checkpointKey } from "../life/keys";
import type { Records } from "../life/records";
import type { JobRow } from "../tables";

/** What a run keeps for the next attempt: a small value in the row of its job, and beside it a blob that it names. */
export interface JobCheckpoint {
  /** The value that the attempt before kept. */
  value: unknown;
  bulk(): Promise<Uint8Array | undefined>;
  /** @param text the value as JSON */
  save(text: string, bulk?: ReadableStream<Uint8Array>): Promise<void>;
  /** Removes the blob when the job has ended and goes on nowhere. */
  tidy(): Promise<void>;
}

/** How it stands in the row. */
interface KeptCheckpoint {
  value: unknown;
  bulkKey?: string;
}

export function createCheckpoint({ storage, jobs, blobs }: Records, job: JobRow): JobCheckpoint {
  const before: KeptCheckpoint | undefined = job.checkpoint === null ? undefined : JSON.parse(job.checkpoint);
  let bulkKey = before?.bulkKey;

  /** The blob comes first and the one before goes last: whatever happens between, the row names one that is there. */
  async function save(text: string, bulk?: ReadableStream<Uint8Array>): Promise<void> {
    const key = bulk && checkpointKey(job, job.runNumber);
    if (bulk !== undefined) await blobs.put(key!, bulk);
    const kept = key === undefined ? `{"value":${text}}` : `{"value":${text},"bulkKey":${JSON.stringify(key)}}`;
    const isKept = await storage.transactConditional((db) => jobs.checkpoint(db, job.id, job.runNumber, kept));
    const left = isKept ? bulkKey : key;
    if (isKept) bulkKey = key;
    if (left !== undefined) await blobs.delete(left);
  }

  return {
    value: before?.value,
    bulk: async () => (before?.bulkKey === undefined ? undefined : (await blobs.get(before.bulkKey))?.bytes()),
    save,
    async tidy() {
      if (bulkKey !== undefined && (await jobs.whole(job.id))?.checkpoint == null) await blobs.delete(bulkKey);
    },
  };
}
