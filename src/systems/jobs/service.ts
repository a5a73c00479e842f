import type { BlobLink } from "../../platform/blobs/blobs";
import type { Clock } from "../../platform/clock";
import { RequestError } from "../../platform/errors";
import type { Registry } from "./handlers/registry";
import { deliveryAnswerOf, jobAnswerOf, submitAnswerOf, told, toldOrNull } from "./life/answer";
import { cancelJob } from "./life/cancel";
import type { Records } from "./life/records";
import { type SubmitLimits, submitJob } from "./life/submit";
import type { DeliveryAnswer, JobAnswer, Submission, SubmitAnswer } from "./schema/simulations";
import type { JobFilter, JobSummary } from "./store/jobs";

/** What callers do with their own jobs. A job of somebody else is as unknown as one that never was. */
export interface JobService {
  /** @throws InvalidInput, RequestError 409 or 429 as `submitJob`. */
  submit(userId: string, submission: Submission, idempotencyKey: string | undefined): Promise<SubmitAnswer>;
  /** @throws RequestError 404 "Simulation job ID not found", as all that follow. */
  read(userId: string, id: string): Promise<JobAnswer>;
  list(userId: string, filter: JobFilter, limit: number, offset: number): Promise<{ jobs: JobAnswer[]; total: number }>;
  /** The answer of `/result` as bytes of JSON, streamed where the result is large. */
  result(userId: string, id: string, how: ResultOptions): Promise<ReadableStream<Uint8Array> | string>;
  /** @throws RequestError 400 for a job that has ended. */
  cancel(userId: string, id: string): Promise<JobAnswer>;
  /** The same submission once more, as a new job. */
  retry(userId: string, id: string): Promise<SubmitAnswer>;
  deliveries(userId: string, id: string): Promise<DeliveryAnswer[]>;
  /** What was asked for. @throws RequestError 410 where its parameters are gone. */
  submission(userId: string, id: string): Promise<Submission>;
}

export interface ResultOptions {
  inline: boolean;
  /** Where the caller reached this server. */
  origin: string;
}

export interface JobServiceOptions {
  records: Records;
  registry: Registry;
  limits: SubmitLimits;
  clock: Clock;
  linkTtlS: number;
  /** Tells the runner that there is work, or that a job is called off. */
  runner: { wake(): void; callOff(id: string): boolean };
}

export function createJobService(options: JobServiceOptions): JobService {
  const { records, registry, limits, runner } = options;

  async function own(userId: string, id: string): Promise<JobSummary> {
    const job = await records.jobs.own(userId, id);
    if (job === undefined) throw new RequestError(404, `Simulation job ${id} not found`);
    return job;
  }

  async function submit(userId: string, submission: Submission, key?: string): Promise<SubmitAnswer> {
    const job = await submitJob(records, registry, limits, userId, submission, { idempotencyKey: key });
    runner.wake();
    return submitAnswerOf(job);
  }

  return {
    submit,
    read: async (userId, id) => jobAnswerOf(await own(userId, id)),
    async list(userId, filter, limit, offset) {
      const [jobs, total] = await Promise.all([
        records.jobs.list(userId, filter, limit, offset),
        records.counts.total(userId, filter),
      ]);
      return { jobs: jobs.map(jobAnswerOf), total };
    },
    result: async (userId, id, how) => resultAnswer(options, await own(userId, id), how),
    async cancel(userId, id) {
      const cancelled = await cancelJob(records, await own(userId, id));
      runner.callOff(id);
      return jobAnswerOf(cancelled);
    },
    async retry(userId, id) {
      await own(userId, id);
      return submit(userId, await submissionOf(records, id));
    },
    async submission(userId, id) {
      await own(userId, id);
      return submissionOf(records, id);
    },
    async deliveries(userId, id) {
      await own(userId, id);
      return (await records.deliveries.ofJob(userId, id)).map(deliveryAnswerOf);
    },
  };
}

/** What was asked for when the job was submitted, but for conditions whose time is over. */
async function submissionOf({ jobs, blobs }: Records, id: string): Promise<Submission> {
  const job = (await jobs.whole(id))!;
  const blob = job.parametersKey === null ? undefined : await blobs.get(job.parametersKey);
  const text = job.parameters ?? new TextDecoder().decode((await blob?.bytes()) ?? new Uint8Array());
  if (text === "") throw new RequestError(410, `The parameters of job ${id} are gone; it cannot be run again.`);
  return {
    simulation_type: job.simulationType,
    parameters: JSON.parse(text),
    job_metadata: JSON.parse(job.jobMetadata),
    callback_url: job.callbackUrl ?? undefined,
    options: {
      timeout_s: job.timeoutS ?? undefined,
      priority: job.priority,
      max_attempts: job.maxAttempts,
      start_after: undefined,
    },
  };
}

/** Stands where the result comes; no other member can hold it. */
const RESULT_PLACE = "\u0000result";

async function resultAnswer(
  { records, clock, linkTtlS }: JobServiceOptions,
  job: JobSummary,
  { inline, origin }: ResultOptions,
): Promise<ReadableStream<Uint8Array> | string> {
  const isDone = job.status === "COMPLETED";
  const key = job.resultKey;
  const blob = key === null ? undefined : await records.blobs.get(key);
  if (isDone && key !== null && blob === undefined) {
    throw new RequestError(404, `Result for simulation ${job.id} not found`);
  }
  const isInlined = isDone && inline;
  const link = key === null || !isDone ? null : resultLink(job, key, linkTtlS, origin);
  const whole = JSON.stringify({
    job_id: job.id,
    status: job.status,
    result: isInlined ? RESULT_PLACE : null,
    output_format: isDone && !inline ? "json" : null,
    completed_at: toldOrNull(job.completedAt),
    message: isDone ? null : `Simulation is ${job.status.toLowerCase()}`,
    result_size_bytes: isDone ? job.resultSizeBytes : null,
    result_url: link === null ? null : records.blobs.presign(link),
    url_expires_at: link === null ? null : told(clock.now() + linkTtlS * 1000),
  });
  if (!isInlined) return whole;
  // The result is put in as it was kept: nobody parses it on the way.
  const [before, after] = whole.split(JSON.stringify(RESULT_PLACE)) as [string, string];
  if (blob !== undefined) return streamed(before, blob.body, after);
  return `${before}${(await records.jobs.whole(job.id))!.resultInline}${after}`;
}

function resultLink(job: JobSummary, key: string, ttlS: number, origin: string): BlobLink {
  const download = { filename: `result-${job.id}.json`, contentType: "application/json" };
  return { op: "get", key, ttlS, origin, download };
}

function streamed(before: string, body: Blob | ReadableStream<Uint8Array>, after: string): ReadableStream<Uint8Array> {
  const middle = body instanceof Blob ? body.stream() : body;
  const encoder = new TextEncoder();
  async function* all(): AsyncGenerator<Uint8Array> {
    yield encoder.encode(before);
    yield* middle;
    yield encoder.encode(after);
  }
  const parts = all();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await parts.return(undefined)),
  });
}
