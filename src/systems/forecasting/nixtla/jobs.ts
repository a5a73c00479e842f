import type { Clock } from "../../../platform/clock";
import { messageOf, RequestError } from "../../../platform/errors";
import type { Log } from "../../../platform/log";

/** Work that a client submits and asks after; it is known until the program ends. */
export interface Job {
  id: string;
  status: "pending" | "running" | "succeeded" | "failed" | "cancelled";
  /** The pieces of the result's JSON. */
  result?: Uint8Array[];
  /** Why it failed. */
  error?: string;
}

export interface Jobs {
  /** Takes work on. @param timeoutS after so long it fails @throws RequestError 429 where too much waits */
  submit(run: (signal: AbortSignal) => Promise<Uint8Array[]>, timeoutS: number | undefined): Job;
  /** @throws RequestError 404 */
  find(id: string): Job;
  /** @throws RequestError 404 for one that is not known, 409 for one that is over */
  cancel(id: string): void;
  stop(): void;
}

/** Jobs that are worked on at a time; the others wait in the order in which they came. */
const MAX_RUNNING = 2;
const MAX_WAITING = 100;
/** Jobs that are over and still known, and the bytes of all their results. */
const MAX_KEPT = 1000;
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

interface Entry {
  job: Job;
  run: (signal: AbortSignal) => Promise<Uint8Array[]>;
  timeoutS: number | undefined;
  stopped: AbortController;
}

export function createJobs(clock: Clock, log: Log): Jobs {
  const entries = new Map<string, Entry>();
  const withStatus = (status: Job["status"]) => [...entries.values()].filter(({ job }) => job.status === status);

  function begin(): void {
    const [next] = withStatus("pending");
    if (next === undefined || withStatus("running").length >= MAX_RUNNING) return;
    next.job.status = "running";
    void work(next, clock, log).finally(() => {
      forgetOldest(entries);
      begin();
    });
    begin();
  }

  function entryOf(id: string): Entry {
    const entry = entries.get(id);
    if (entry !== undefined) return entry;
    throw new RequestError(
      404,
      "There is no such job: it was never submitted here, is long over, or the program was started again.",
    );
  }

  return {
    submit(run, timeoutS) {
      if (withStatus("pending").length >= MAX_WAITING) {
        throw new RequestError(429, `${MAX_WAITING} jobs wait already. Try again later.`, { retryAfterS: 10 });
      }
      const job: Job = { id: crypto.randomUUID(), status: "pending" };
      entries.set(job.id, { job, run, timeoutS, stopped: new AbortController() });
      begin();
      return job;
    },
    find: (id) => entryOf(id).job,
    cancel(id) {
      const { job, stopped } = entryOf(id);
      if (isOver(job)) throw new RequestError(409, `The job is over: ${job.status}.`);
      job.status = "cancelled";
      stopped.abort();
    },
    stop() {
      for (const { job, stopped } of entries.values()) if (!isOver(job)) stopped.abort();
    },
  };
}

async function work({ job, run, timeoutS, stopped }: Entry, clock: Clock, log: Log): Promise<void> {
  const expire = () => {
    if (isOver(job)) return;
    job.status = "failed";
    job.error = `The job ran longer than the ${timeoutS} s of job_options.timeout_seconds.`;
    stopped.abort();
  };
  const cancelTimer = timeoutS === undefined ? undefined : clock.after(timeoutS * 1000, expire);
  try {
    const result = await run(stopped.signal);
    if (!isOver(job)) Object.assign(job, { status: "succeeded", result });
  } catch (error) {
    if (isOver(job)) return;
    if (!(error instanceof RequestError)) log.write("error", "a job of forecasting failed", { job: job.id, error });
    job.status = "failed";
    job.error = error instanceof RequestError ? messageOf(error) : "Internal error; the log has the rest.";
  } finally {
    cancelTimer?.();
  }
}

/** The oldest that are over go where too many are known, or their results are too large; the last one stays. */
function forgetOldest(entries: Map<string, Entry>): void {
  const over = [...entries.values()].filter(({ job }) => isOver(job));
  let bytes = over.reduce((sum, { job }) => sum + sizeOf(job), 0);
  for (const { job } of over.slice(0, -1)) {
    if (bytes <= MAX_KEPT_BYTES && entries.size <= MAX_KEPT) return;
    bytes -= sizeOf(job);
    entries.delete(job.id);
  }
}

function isOver({ status }: Job): boolean {
  return status !== "pending" && status !== "running";
}

function sizeOf({ result = [] }: Job): number {
  return result.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
