import type { Clock } from "../../../platform/clock";
import type { WorkPool } from "../../../platform/compute/pool";
import { RequestError } from "../../../platform/errors";
import { PermanentError } from "../../../platform/simulations";
import { told, toldOrNull } from "../life/answer";
import type { Records } from "../life/records";
import type { ReportedSimulation } from "../reports";
import type { ReportAnswer, ReportSubmission } from "../schema/reports";
import { QUEUES } from "../states";
import type { ReportFilter } from "../store/reports";
import type { ReportRow } from "../tables";
import type { ReportHandler } from "./handler";
import { simulationOf } from "./work";

/** What callers do with reports over their own simulations. */
export interface ReportService {
  /** @throws RequestError 404 or 400 for a simulation that is not one's own or not completed, 422 for a format. */
  submit(userId: string, request: ReportSubmission): Promise<ReportAnswer>;
  /** With a fresh link, once it is completed. @throws RequestError 404 */
  read(userId: string, id: string, origin: string): Promise<ReportAnswer>;
  list(userId: string, filter: ReportFilter, limit: number, offset: number): Promise<ReportList>;
  handlers(): ReportHandler[];
  /**
   * What a report would show, as bytes of JSON; nothing is kept of it.
   * @throws RequestError as `submit`, 410 where a result is gone, 503 where it would have to wait too long.
   */
  preview(userId: string, request: ReportSubmission, signal: AbortSignal): Promise<Uint8Array>;
}

export interface ReportList {
  reports: ReportAnswer[];
  total: number;
}

export interface ReportServiceOptions {
  records: Records;
  clock: Clock;
  linkTtlS: number;
  /** The types of reports by name. */
  handlers: ReadonlyMap<string, ReportHandler>;
  wake(): void;
  /** Where a preview is made: somebody waits for it. */
  pool: WorkPool;
}

export function createReportService(options: ReportServiceOptions): ReportService {
  const { records, clock, linkTtlS, handlers, wake, pool } = options;
  return {
    async submit(userId, request) {
      const types = await typesOf(records, userId, request.simulation_job_ids);
      const handler = handlers.get(request.report_type);
      if (handler !== undefined) refuseUnfit(handler, request, types);
      const report = await records.storage.transactConditional(async (db) => {
        const made = newReport(userId, request, await records.storage.nowMs(db));
        await records.reports.insert(db, made);
        await records.queue.add(db, { queue: QUEUES.reports, id: made.id, owner: userId, priority: 0 });
        return made;
      });
      wake();
      return answerOf(report);
    },
    async read(userId, id, origin) {
      const report = await records.reports.own(userId, id);
      if (report === undefined) throw new RequestError(404, `Report ${id} not found`);
      if (report.status !== "COMPLETED") return answerOf(report);
      const download = { filename: report.filename!, contentType: report.contentType! };
      return {
        ...answerOf(report),
        download_url: records.blobs.presign({ op: "get", key: report.blobKey!, ttlS: linkTtlS, origin, download }),
        url_expires_at: told(clock.now() + linkTtlS * 1000),
      };
    },
    async list(userId, filter, limit, offset) {
      const [reports, total] = await Promise.all([
        records.reports.list(userId, filter, limit, offset),
        records.reports.total(userId, filter),
      ]);
      return { reports: reports.map(answerOf), total };
    },
    handlers: () => [...handlers.values()],
    async preview(userId, asked, signal) {
      const request = { ...asked, output_format: "JSON" as const };
      const types = await typesOf(records, userId, request.simulation_job_ids);
      const handler = handlers.get(request.report_type);
      if (handler === undefined) throw new RequestError(422, `There is no report type ${request.report_type}.`);
      refuseUnfit(handler, request, types);
      const simulations: ReportedSimulation[] = [];
      for (const id of request.simulation_job_ids) {
        simulations.push(await simulationOf(records, id).catch(refusalOf(410)));
      }
      const made = handler.generate(
        {
          reportId: "preview",
          format: "JSON",
          generatedAt: told(clock.now()),
          parameters: request.parameters ?? {},
          simulations,
        },
        { slots: pool, signal },
      );
      return (await made.catch(refusalOf(422))).bytes;
    },
  };
}

/** Throws what would be the same the next time as a refusal, with its sentence; anything else as it is. */
function refusalOf(status: number) {
  return (error: unknown): never => {
    throw error instanceof PermanentError ? new RequestError(status, error.message) : error;
  };
}

/** The types of the simulations, each one's own and completed. */
async function typesOf({ jobs }: Records, userId: string, ids: readonly string[]): Promise<string[]> {
  const types: string[] = [];
  for (const id of ids) {
    const job = await jobs.own(userId, id);
    if (job === undefined) throw new RequestError(404, `Simulation job ${id} not found`);
    if (job.status !== "COMPLETED") throw new RequestError(400, `Simulation job ${id} is not completed`);
    types.push(job.simulationType);
  }
  return types;
}

function refuseUnfit(handler: ReportHandler, { output_format }: ReportSubmission, types: readonly string[]): void {
  if (!handler.formats.includes(output_format)) {
    const expected = `one of ${handler.formats.join(", ")}, which ${handler.type} offers`;
    const fault = { path: ["body", "output_format"], expected, got: output_format };
    throw new RequestError(422, `output_format: expected ${expected}`, { faults: [fault] });
  }
  const reason = handler.fault(types);
  if (reason === undefined) return;
  const fault = { path: ["body", "simulation_job_ids"], expected: reason, got: types.join(", ") };
  throw new RequestError(422, reason, { faults: [fault] });
}

function newReport(userId: string, request: ReportSubmission, now: number): ReportRow {
  return {
    id: Bun.randomUUIDv7(),
    userId,
    reportType: request.report_type,
    outputFormat: request.output_format,
    status: "PENDING",
    simulationJobIds: JSON.stringify(request.simulation_job_ids),
    parameters: JSON.stringify(request.parameters ?? {}),
    attempt: 0,
    failures: 0,
    losses: 0,
    runNumber: 0,
    blobKey: null,
    contentType: null,
    filename: null,
    sizeBytes: null,
    errorCode: null,
    errorMessage: null,
    createdAt: now,
    completedAt: null,
  };
}

function answerOf(report: ReportRow): ReportAnswer {
  const { errorCode: code, errorMessage: message } = report;
  return {
    id: report.id,
    report_id: report.id,
    user_id: report.userId,
    report_type: report.reportType,
    output_format: report.outputFormat as ReportAnswer["output_format"],
    status: report.status,
    simulation_job_ids: JSON.parse(report.simulationJobIds),
    created_at: told(report.createdAt),
    completed_at: toldOrNull(report.completedAt),
    download_url: null,
    url_expires_at: null,
    content_type: report.contentType,
    size_bytes: report.sizeBytes,
    error: code === null ? null : { code, message: message ?? "" },
  };
}
