import type { BlobStore } from "../../../platform/blobs/blobs";
import type { Clock } from "../../../platform/clock";
import type { WorkPool } from "../../../platform/compute/pool";
import { RequestError } from "../../../platform/errors";
import type { ModelSource } from "../fred";
import type { Records } from "../records";
import { isAllowed, type Ownership, reachableJob } from "../runs/ownership";
import type {
  FileAnswer,
  JobListAnswer,
  Launch,
  LaunchAnswer,
  ListedFile,
  ModelAnswer,
  PlaceRowAnswer,
  ShownJob,
} from "../schema/page";
import type { Caller, EpistemixService } from "../service";
import type { RunRow } from "../tables";
import type { TokenHolder } from "../tokens/token";
import type { RunResult } from "./curves";
import { launchJob } from "./launch";
import { configurationOf, listedJob, mainOf, seedOf, shownJob } from "./shown";

/** What makes the file of a report from what it shows: another system's part. */
export type ReportMaker = (order: ReportOrder) => Promise<Uint8Array>;

/** A detailed analysis of one job. */
export interface ReportOrder {
  reportId: string;
  reportType: "detailed_analysis";
  format: "PDF" | "HTML";
  /** RFC 3339, UTC. */
  generatedAt: string;
  parameters: { title: string };
  simulations: {
    jobId: string;
    simulationType: string;
    /** Both as JSON in UTF-8. */
    parametersJson: Uint8Array;
    resultJson: Uint8Array;
    metadata: { title: string };
    /** RFC 3339, UTC. */
    createdAt: string;
    startedAt: null;
    completedAt: string | null;
    attempt: number;
    sections: unknown;
  }[];
}

export interface ViewOptions {
  report: ReportMaker;
  records: Records;
  service: EpistemixService;
  ownership: Ownership;
  blobs: BlobStore;
  clock: Clock;
  pool: WorkPool;
}

export type ViewService = ReturnType<typeof createViewService>;

const MAX_LISTED = 100;
const MAX_LOCATIONS = 20;
const LINK_S = 86_400;
/** Results of one job that curves are made of, together. */
const MAX_RESULT_BYTES = 256 * 1024 * 1024;
const MAX_CURVE_RUNS = 200;
/** What a thread is expected to take for a small piece, in milliseconds. */
const CHECK_COST_MS = 20;
const READ_COST_MS = 20;
const MS_PER_BYTE = 1e-5;

/** What the page `/epidemics` shows of a user's jobs, and what it begins. */
export function createViewService(options: ViewOptions) {
  return { ...jobViews(options), ...resultViews(options), ...modelViews(options), ...reportViews(options) };
}

function jobViews({ records, ownership, blobs }: ViewOptions) {
  const { storage } = records;
  return {
    /** Jobs, newest first. */
    async jobs({ userId }: TokenHolder): Promise<JobListAnswer> {
      const jobs = await records.jobs.list({
        userId,
        fromMs: 0,
        untilMs: Number.MAX_SAFE_INTEGER,
        limit: MAX_LISTED,
      });
      const ids = jobs.map(({ id }) => id);
      const runs = Map.groupBy(await storage.read((db) => records.runs.ofJobs(db, ids)), ({ jobId }) => jobId);
      return { jobs: jobs.map((job) => listedJob(job, runs.get(job.id) ?? [])) };
    },
    /** @throws RequestError 404, 403 */
    async job({ holder, origin }: Caller, id: number): Promise<ShownJob> {
      const { job, runs } = await storage.read(async (db) => ({
        job: await reachableJob(records, db, ownership, holder, id, 404),
        runs: await records.runs.ofJob(db, id),
      }));
      return shownJob(job, runs, (key) => blobs.presign({ op: "get", key, ttlS: LINK_S, origin }));
    },
  };
}

function resultViews(options: ViewOptions) {
  const { records, ownership, blobs, pool } = options;
  const { storage } = records;

  async function runOf(holder: TokenHolder, id: number): Promise<RunRow> {
    const [run] = await storage.read((db) => records.runs.byIds(db, [id]));
    if (run === undefined) throw new RequestError(404, `Run ${id} not found`);
    if (!isAllowed(ownership, holder, run)) throw new RequestError(403, `Run ${id} belongs to another user`);
    return run;
  }

  async function zipOf(holder: TokenHolder, id: number): Promise<Uint8Array<ArrayBuffer>> {
    const { resultsUrl } = await runOf(holder, id);
    const blob = resultsUrl === null ? undefined : await blobs.get(resultsUrl);
    if (blob === undefined) throw new RequestError(404, `Run ${id} has no result yet.`);
    if (blob.sizeBytes > MAX_RESULT_BYTES) throw tooLarge(blob.sizeBytes);
    return new Uint8Array(await blob.bytes());
  }

  const read = (zip: Uint8Array<ArrayBuffer>) => ({
    costMs: READ_COST_MS + MS_PER_BYTE * zip.byteLength,
    transfer: [zip.buffer],
  });

  return {
    /** The JSON of the curves of a job's configuration. @throws RequestError 404, 403, 413 */
    async curves(holder: TokenHolder, jobId: number, configuration: number): Promise<Uint8Array> {
      const { results, bytes } = await resultsOf(options, holder, jobId, configuration);
      return pool.run({
        kind: "epistemix.curves",
        input: results,
        costMs: READ_COST_MS + MS_PER_BYTE * bytes,
        transfer: results.map(({ zip }) => zip.buffer as ArrayBuffer),
      });
    },
    async places(holder: TokenHolder, runId: number): Promise<PlaceRowAnswer[]> {
      const zip = await zipOf(holder, runId);
      return pool.run({ kind: "epistemix.places", input: zip, ...read(zip) });
    },
    async files(holder: TokenHolder, runId: number): Promise<ListedFile[]> {
      const zip = await zipOf(holder, runId);
      return pool.run({ kind: "epistemix.files", input: zip, ...read(zip) });
    },
    async file(holder: TokenHolder, runId: number, path: string): Promise<FileAnswer> {
      const zip = await zipOf(holder, runId);
      const found = await pool.run({ kind: "epistemix.file", input: { zip, path }, ...read(zip) });
      if (found === undefined) throw new RequestError(404, `Run ${runId} has no file ${JSON.stringify(path)}.`);
      return found;
    },
  };
}

/** The results of a job's configuration that are there. @throws RequestError 404, 403, 413 */
async function resultsOf(
  { records, ownership, blobs }: ViewOptions,
  holder: TokenHolder,
  jobId: number,
  configuration: number,
) {
  const { job, runs } = await records.storage.read(async (db) => ({
    job: await reachableJob(records, db, ownership, holder, jobId, 404),
    runs: await records.runs.ofJob(db, jobId),
  }));
  const chosen = ofConfiguration(runs, configuration).filter(({ status }) => status === "Done");
  const results: RunResult[] = [];
  let bytes = 0;
  for (const run of chosen.slice(0, MAX_CURVE_RUNS)) {
    const blob = run.resultsUrl === null ? undefined : await blobs.get(run.resultsUrl);
    if (blob === undefined) continue;
    bytes += blob.sizeBytes;
    if (bytes > MAX_RESULT_BYTES) throw tooLarge(bytes);
    results.push({ id: run.id, seed: seedOf(run), zip: new Uint8Array(await blob.bytes()) });
  }
  return { job, runs: chosen, results, bytes };
}

function modelViews({ records, service, ownership, blobs, clock, pool }: ViewOptions) {
  return {
    check: async (source: ModelSource) => pool.run({ kind: "epistemix.check", input: source, costMs: CHECK_COST_MS }),
    /** Counties and states that begin with these letters or hold them, with their people. */
    async locations(letters: string) {
      // The tables of the language are not loaded before somebody needs them.
      const { locationsLike } = await import("../fred");
      return locationsLike(letters, MAX_LOCATIONS);
    },
    launch: (holder: TokenHolder, launch: Launch): Promise<LaunchAnswer> =>
      launchJob({ records, service, nowMs: clock.now() }, holder, launch),
    /** The programs of a job as they were run. @throws RequestError 404, 403 */
    async model(holder: TokenHolder, jobId: number): Promise<ModelAnswer> {
      const { job, runs } = await records.storage.read(async (db) => ({
        job: await reachableJob(records, db, ownership, holder, jobId, 404),
        runs: await records.runs.ofJob(db, jobId),
      }));
      const blob = job.inputLocation === null ? undefined : await blobs.get(job.inputLocation);
      if (blob === undefined) return { main: mainOf(runs[0]), files: {} };
      if (blob.sizeBytes > MAX_RESULT_BYTES) throw tooLarge(blob.sizeBytes);
      const zip = new Uint8Array(await blob.bytes());
      const costMs = READ_COST_MS + MS_PER_BYTE * zip.byteLength;
      const files = await pool.run({ kind: "epistemix.model", input: zip, costMs, transfer: [zip.buffer] });
      return { main: mainOf(runs[0]), files };
    },
  };
}

const JSON_ENCODER = new TextEncoder();
const REPORTED_TYPE = "fred_run";

function reportViews(options: ViewOptions) {
  const { pool, report, clock } = options;
  const { model } = modelViews(options);
  return {
    /** A detailed analysis of a job's configuration as a file. @throws RequestError 404, 403, 409, 413 */
    async report(
      holder: TokenHolder,
      jobId: number,
      { configuration, format }: { configuration: number; format: ReportOrder["format"] },
    ): Promise<Uint8Array> {
      const { job, runs, results, bytes } = await resultsOf(options, holder, jobId, configuration);
      const [first] = runs;
      if (first === undefined || results.length === 0)
        throw new RequestError(409, `No run of job ${jobId} is done yet.`);
      const { files } = await model(holder, jobId);
      const { sections, json } = await pool.run({
        kind: "epistemix.reportContent",
        input: { results, files },
        costMs: READ_COST_MS + MS_PER_BYTE * bytes,
        transfer: results.map(({ zip }) => zip.buffer as ArrayBuffer),
      });
      const title = job.tags.find((tag) => tag.trim() !== "") ?? `Job ${jobId}`;
      const ended = Math.max(...runs.map(({ updatedAt }) => updatedAt));
      const simulation = {
        jobId: String(jobId),
        simulationType: REPORTED_TYPE,
        parametersJson: JSON_ENCODER.encode(JSON.stringify(configurationOf(first))),
        resultJson: json,
        metadata: { title },
        createdAt: new Date(job.createdAt).toISOString(),
        startedAt: null,
        completedAt: new Date(ended).toISOString(),
        attempt: 1,
        sections,
      };
      return report({
        reportId: `job-${jobId}`,
        reportType: "detailed_analysis",
        format,
        generatedAt: new Date(clock.now()).toISOString(),
        parameters: { title },
        simulations: [simulation],
      });
    },
  };
}

/** The runs of one of a job's configurations, numbered as they first appear. */
function ofConfiguration(runs: readonly RunRow[], configuration: number): RunRow[] {
  const groups = [...Map.groupBy(runs, (run) => JSON.stringify(configurationOf(run))).values()];
  return groups[configuration] ?? [];
}

function tooLarge(bytes: number): RequestError {
  return new RequestError(413, `The results have ${bytes} bytes; the page reads at most ${MAX_RESULT_BYTES}.`);
}
