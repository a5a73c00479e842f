import type { Clock } from "../../../platform/clock";
import type { WorkPool } from "../../../platform/compute/pool";
import type { StorageHandle } from "../../../platform/database";
import { messageOf } from "../../../platform/errors";
import type { Lease } from "../../../platform/queue/entry";
import type { RunnerWork } from "../../../platform/queue/runner";
import type { Random } from "../../../platform/random";
import { PermanentError } from "../../../platform/simulations";
import { told, toldOrNull } from "../life/answer";
import { reportKey } from "../life/keys";
import type { Records } from "../life/records";
import { retryDelayMs } from "../life/retry";
import type { ReportedSimulation, ReportFormat } from "../reports";
import { type ErrorCode, QUEUES } from "../states";
import type { ReportChange } from "../store/reports";
import type { JobRow, ReportRow } from "../tables";
import type { ReportFile, ReportHandler } from "./handler";

export interface ReportWorkOptions {
  records: Records;
  handlers: ReadonlyMap<string, ReportHandler>;
  /** What makes a report of a type that nobody knows; absent where that is a failure. */
  unknown: ((type: string) => ReportHandler) | undefined;
  slots: WorkPool;
  clock: Clock;
  random: Random;
  maxAttempts: number;
  maxLost: number;
  timeoutS: number;
}

interface ReportFailure {
  code: ErrorCode;
  message: string;
  isPermanent: boolean;
}

const QUEUE = QUEUES.reports;

class NoHandler extends Error {}
class TimeLimit extends Error {}

/** How the runner of the queue of reports does its pieces. */
export function reportQueueWork(options: ReportWorkOptions): RunnerWork {
  const { records } = options;

  async function run(lease: Lease, stopped: AbortSignal, free: () => void): Promise<void> {
    const report = await records.storage.read((db) => records.reports.byId(db, lease.id));
    if (report?.status !== "GENERATING" || report.runNumber !== lease.number) return;
    const overtime = new AbortController();
    const cancel = options.clock.after(options.timeoutS * 1000, () => overtime.abort(new TimeLimit()));
    try {
      const file = await generate(options, report, AbortSignal.any([stopped, overtime.signal]));
      free();
      await complete(records, report, lease, file);
    } catch (error) {
      if (stopped.aborted) await settleStopped(records, report, lease, stopped.reason);
      else
        await fail(
          options,
          report,
          lease,
          failureOf(overtime.signal.aborted ? overtime.signal.reason : error, options),
        );
    } finally {
      cancel();
    }
  }

  return { begin: (db, lease) => begin(db, records, lease), run, lost: (db, lease) => lost(db, options, lease) };
}

async function begin(db: StorageHandle, { reports, queue }: Records, lease: Lease): Promise<void> {
  const report = await reports.byId(db, lease.id);
  if (report?.status !== "PENDING") {
    await queue.settle(db, QUEUE, lease);
    return;
  }
  const set = { status: "GENERATING", attempt: report.failures + 1, runNumber: lease.number } as const;
  await reports.change(db, { id: report.id, from: "PENDING", set });
}

async function generate(options: ReportWorkOptions, report: ReportRow, signal: AbortSignal): Promise<ReportFile> {
  const { records, handlers, unknown, slots } = options;
  const handler = handlers.get(report.reportType) ?? unknown?.(report.reportType);
  if (handler === undefined) throw new NoHandler(`There is no handler for report type ${report.reportType}.`);
  const ids = JSON.parse(report.simulationJobIds) as string[];
  const simulations: ReportedSimulation[] = [];
  for (const id of ids) simulations.push(await simulationOf(records, id));
  const order = {
    reportId: report.id,
    format: report.outputFormat as ReportFormat,
    generatedAt: told(report.createdAt),
    parameters: JSON.parse(report.parameters),
    simulations,
  };
  return handler.generate(order, { slots, signal });
}

/** A finished simulation with what was asked for and what came of it. @throws PermanentError where either is gone. */
export async function simulationOf({ jobs, blobs }: Records, id: string): Promise<ReportedSimulation> {
  const job = await jobs.whole(id);
  if (job === undefined) throw new PermanentError(`Simulation job ${id} is gone.`);
  const bytesOf = async (inline: string | null, key: string | null): Promise<Uint8Array> => {
    if (inline !== null) return new TextEncoder().encode(inline);
    const blob = key === null ? undefined : await blobs.get(key);
    if (blob === undefined) throw new PermanentError(`What simulation job ${id} left is gone.`);
    return blob.bytes();
  };
  return reportedOf(
    job,
    await bytesOf(job.parameters, job.parametersKey),
    await bytesOf(job.resultInline, job.resultKey),
  );
}

function reportedOf(job: JobRow, parametersJson: Uint8Array, resultJson: Uint8Array): ReportedSimulation {
  return {
    jobId: job.id,
    simulationType: job.simulationType,
    parametersJson,
    resultJson,
    metadata: JSON.parse(job.jobMetadata),
    createdAt: told(job.createdAt),
    startedAt: toldOrNull(job.startedAt),
    completedAt: toldOrNull(job.completedAt),
    attempt: job.attempt,
  };
}

async function complete(records: Records, report: ReportRow, lease: Lease, file: ReportFile): Promise<void> {
  const { storage, reports, queue, blobs } = records;
  const blobKey = reportKey(report, lease.number, file.filename);
  await blobs.put(blobKey, file.bytes);
  const changed = await storage.transactConditional(async (db) => {
    await queue.settle(db, QUEUE, lease);
    const completedAt = await storage.nowMs(db);
    const { contentType, filename, bytes } = file;
    const set = { blobKey, contentType, filename, sizeBytes: bytes.byteLength, completedAt };
    return reports.change(db, { ...ending(report, lease), set: { status: "COMPLETED", ...set } });
  });
  if (changed === undefined) await blobs.delete(blobKey);
}

async function fail(
  options: ReportWorkOptions,
  report: ReportRow,
  lease: Lease,
  failure: ReportFailure,
): Promise<void> {
  const { storage, reports, queue } = options.records;
  const failures = report.failures + 1;
  await storage.transactConditional(async (db) => {
    if (failure.isPermanent || failures >= options.maxAttempts) {
      await endFailed(db, options.records, report, lease, { failures }, failure.code, failure.message);
      return;
    }
    await reports.change(db, { ...ending(report, lease), set: { status: "PENDING", failures } });
    await queue.release(db, QUEUE, lease, retryDelayMs(failures, options.random));
  });
}

async function lost(db: StorageHandle, { records, maxLost }: ReportWorkOptions, lease: Lease): Promise<void> {
  const { reports, queue } = records;
  const report = await reports.byId(db, lease.id);
  if (report?.status !== "GENERATING") {
    if (report?.status === "PENDING") await queue.release(db, QUEUE, lease, 0);
    else await queue.settle(db, QUEUE, lease);
    return;
  }
  const losses = report.losses + 1;
  if (losses >= maxLost) {
    const message = `The process that worked at it died ${losses} times; JOBS_MAX_LOST is ${maxLost}.`;
    await endFailed(db, records, report, lease, { losses }, "WORKER_LOST", message);
    return;
  }
  await reports.change(db, { ...ending(report, lease), set: { status: "PENDING", losses } });
  await queue.release(db, QUEUE, lease, 0);
}

async function endFailed(
  db: StorageHandle,
  { reports, queue, storage }: Records,
  report: ReportRow,
  lease: Lease,
  counts: Partial<ReportRow>,
  errorCode: ErrorCode,
  errorMessage: string,
): Promise<void> {
  const completedAt = await storage.nowMs(db);
  const set = { ...counts, status: "FAILED", errorCode, errorMessage, completedAt } as const;
  await reports.change(db, { ...ending(report, lease), set });
  await queue.settle(db, QUEUE, lease);
}

async function settleStopped(records: Records, report: ReportRow, lease: Lease, reason: unknown): Promise<void> {
  if (reason !== "draining") return;
  await records.storage.transactConditional(async (db) => {
    await records.reports.change(db, { ...ending(report, lease), set: { status: "PENDING" } });
    await records.queue.release(db, QUEUE, lease, 0);
  });
}

function ending({ id }: ReportRow, lease: Lease): Pick<ReportChange, "id" | "from" | "runNumber"> {
  return { id, from: "GENERATING", runNumber: lease.number };
}

function failureOf(error: unknown, { timeoutS }: ReportWorkOptions): ReportFailure {
  if (error instanceof TimeLimit) {
    return { code: "TIMEOUT", message: `The report took longer than ${timeoutS} s and was ended.`, isPermanent: true };
  }
  const code = error instanceof NoHandler ? "NO_HANDLER" : "REPORT_ERROR";
  return { code, message: messageOf(error), isPermanent: code === "NO_HANDLER" || error instanceof PermanentError };
}
