import type { Clock } from "../../platform/clock";
import { RequestError } from "../../platform/errors";
import { type Records, RUN_QUEUE } from "./records";
import type { FaultFinder } from "./runs/configuration";
import { retryRuns, type Stopped, stopRuns } from "./runs/control";
import { isAllowed, type Ownership, reachableJob } from "./runs/ownership";
import type { Presentation } from "./runs/present";
import { type SubmittedRun, submitRuns } from "./runs/submit";
import { filesOf, listUploads } from "./runs/uploadList";
import { checkedUpload, recordUpload } from "./runs/uploads";
import type { JobAnswer, RunAnswer, UploadAnswer } from "./schema/answers";
import type { RunRequest, UploadRequest } from "./schema/requests";
import type { JobRow } from "./tables";
import type { TokenHolder } from "./tokens/token";

export interface ServiceOptions {
  records: Records;
  clock: Clock;
  ownership: Ownership;
  presentation: Presentation;
  runner: Runs;
  faultsOf: FaultFinder;
}

/** What runs the runs; absent where nothing is run. */
export type Runs = { wake(): void; callOff(id: string): boolean } | undefined;

/** Who asks, and by which address he reached the server. */
export interface Caller {
  holder: TokenHolder;
  origin: string;
}

export interface JobSearch {
  tags: readonly string[];
  /** Milliseconds; the end not included. */
  fromMs: number;
  untilMs: number;
}

export type EpistemixService = ReturnType<typeof createEpistemixService>;

/** The most jobs that one list looks through. */
const MAX_LISTED_JOBS = 10_000;

/** Jobs, uploads and runs of one caller (docs/epistemix.md). */
export function createEpistemixService(options: ServiceOptions) {
  return { ...jobCalls(options), ...removal(options), ...runCalls(options) };
}

function jobCalls({ records, clock, ownership, presentation }: ServiceOptions) {
  const { storage } = records;

  async function jobs(holder: TokenHolder, { tags, fromMs, untilMs }: JobSearch): Promise<JobRow[]> {
    const found = await records.jobs.list({ userId: holder.userId, fromMs, untilMs, limit: MAX_LISTED_JOBS });
    return found.filter((job) => tags.every((tag) => job.tags.includes(tag)));
  }

  return {
    async register({ userId }: TokenHolder, tags: string[]) {
      const blank = tags.find((tag) => tag.trim() === "");
      if (blank !== undefined) throw new RequestError(400, `Tag must be a non-empty string: ${JSON.stringify(blank)}`);
      const id = await storage.transact(async (db) => {
        const taken = await records.ids.take(db, "jobs", 1);
        await records.jobs.insert(db, taken, userId, tags, clock.now());
        return taken;
      });
      return { id, userId: presentation.registeredUser(userId), tags };
    },
    async uploadUrl({ holder, origin }: Caller, request: UploadRequest): Promise<string> {
      const asked = checkedUpload(request);
      const { what, key } = await storage.transact(async (db) => {
        const job = await reachableJob(records, db, ownership, holder, request.jobId);
        return recordUpload(records, db, job, asked, request.runId, clock.now());
      });
      return presentation.link("put", what, key, origin);
    },
    jobs: async (holder: TokenHolder, search: JobSearch): Promise<JobAnswer[]> =>
      (await jobs(holder, search)).map(presentation.job),
    async latest(holder: TokenHolder, tags: readonly string[]): Promise<JobAnswer> {
      const [job] = await jobs(holder, { tags, fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER });
      if (job === undefined) throw new RequestError(404, "There is no such job");
      return presentation.job(job);
    },
    /** What was uploaded to a job, and the results of its runs. */
    async uploads({ holder, origin }: Caller, jobId: number): Promise<UploadAnswer[]> {
      const { job, rows } = await storage.read(async (db) => ({
        job: await reachableJob(records, db, ownership, holder, jobId, 404),
        rows: await records.runs.ofJob(db, jobId),
      }));
      return listUploads(records.blobs, job, rows, origin);
    },
  };
}

function removal({ records, ownership, runner }: ServiceOptions) {
  const { storage } = records;
  return {
    /** Ends what runs of it, and removes its rows and then its blobs. */
    async remove(holder: TokenHolder, id: number): Promise<void> {
      const { job, rows } = await storage.transact(async (db) => {
        const job = await reachableJob(records, db, ownership, holder, id, 404);
        const found = await records.runs.ofJob(db, id);
        for (const run of found) await records.queue.remove(db, RUN_QUEUE, String(run.id));
        await records.jobs.remove(db, id);
        return { job, rows: found };
      });
      for (const run of rows) runner?.callOff(String(run.id));
      for (const { key } of filesOf(job, rows)) await records.blobs.delete(key);
    },
  };
}

function runCalls({ records, clock, ownership, presentation, runner, faultsOf }: ServiceOptions) {
  const { storage } = records;
  return {
    async submit(holder: TokenHolder, requests: readonly RunRequest[], clientVersion: string): Promise<SubmittedRun[]> {
      const settings = { records, ownership, runs: runner !== undefined, faultsOf };
      const submitted = await submitRuns(settings, holder, requests, clientVersion, clock.now());
      runner?.wake();
      return submitted;
    },
    /** Runs of jobs, which must be reachable, and runs by their ids, of which those that are not there are left out. */
    async runs({ holder, origin }: Caller, jobIds: readonly number[], runIds: readonly number[]): Promise<RunAnswer[]> {
      const rows = await storage.read(async (db) => {
        const found = await records.runs.byIds(db, runIds);
        for (const id of jobIds) {
          await reachableJob(records, db, ownership, holder, id);
          found.push(...(await records.runs.ofJob(db, id)));
        }
        return found;
      });
      const foreign = rows.find((row) => !isAllowed(ownership, holder, row));
      if (foreign !== undefined) throw new RequestError(403, `Run ${foreign.id} belongs to another user`);
      return rows.map((row) => presentation.run(row, origin));
    },
    async results({ holder, origin }: Caller, jobId: number): Promise<{ run_id: number; url: string }[]> {
      const rows = await storage.read(async (db) => {
        await reachableJob(records, db, ownership, holder, jobId);
        return records.runs.ofJob(db, jobId);
      });
      return rows.flatMap(({ id, resultsUrl }) =>
        resultsUrl === null ? [] : [{ run_id: id, url: presentation.link("get", "results", resultsUrl, origin) }],
      );
    },
    async stop(holder: TokenHolder, ids: readonly number[]): Promise<Stopped> {
      const stopped = await stopRuns(records, ownership, holder, ids, clock.now());
      for (const { runId } of stopped.deletedIds) runner?.callOff(String(runId));
      return stopped;
    },
    async retry(holder: TokenHolder, ids: readonly number[]): Promise<number[]> {
      const again = await retryRuns(records, ownership, holder, ids, clock.now());
      runner?.wake();
      return again;
    },
  };
}
