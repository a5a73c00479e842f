import type { BlobStore } from "../../platform/blobs/blobs";
import type { Storage } from "../../platform/database";
import { createQueue, type Queue } from "../../platform/queue/queue";
import { createIdStore, type IdStore } from "./store/ids";
import { createJobStore, type JobStore } from "./store/jobs";
import { createRunStore, type RunStore } from "./store/runs";

/** Where everything about jobs and runs stands. */
export interface Records {
  storage: Storage;
  blobs: BlobStore;
  queue: Queue;
  ids: IdStore;
  jobs: JobStore;
  runs: RunStore;
}

/** The queue of runs. */
export const RUN_QUEUE = "epistemix.runs";

export function openRecords(storage: Storage, blobs: BlobStore): Records {
  return {
    storage,
    blobs,
    queue: createQueue(storage),
    ids: createIdStore(storage),
    jobs: createJobStore(storage),
    runs: createRunStore(storage),
  };
}
