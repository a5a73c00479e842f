import type { StorageHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { Records } from "../records";
import type { UploadRequest } from "../schema/requests";
import type { JobRow } from "../tables";
import { inputKey, jobConfigKey, runConfigKey } from "./keys";
import type { LinkedFile } from "./present";

/** What is to be uploaded, and where it goes. */
export interface Upload {
  what: Exclude<LinkedFile, "results">;
  key: string;
}

const CONTEXTS = ["job", "run"];
const TYPES = ["config", "input", "output", "results", "logs"];

/** What the request asks to upload, by itself. @throws RequestError 400 */
export function checkedUpload({ jobId, context, type, runId }: UploadRequest): Upload["what"] {
  if (jobId < 1) throw new RequestError(400, "Job ID must be positive");
  if (runId !== undefined && runId < 1) throw new RequestError(400, "Run ID must be positive when provided");
  if (!CONTEXTS.includes(context)) throw refused(`Invalid context: ${shown(context)}. Must be one of: job, run`);
  if (!TYPES.includes(type)) throw refused(`Invalid job_type: ${shown(type)}. Must be one of: ${TYPES.join(", ")}`);
  if (context === "job" && type === "input") return "input";
  if (context === "job" && type === "config") return "job config";
  if (context === "run" && type === "config") {
    if (runId === undefined) throw refused("Run ID is required for the config of a run");
    return "run config";
  }
  throw refused(`Unsupported context ${context} or job type ${type}`);
}

/**
 * Records, in a transaction, that the upload was asked for.
 * @throws RequestError 400 where the job's state does not allow it, or the job has no such run.
 */
export async function recordUpload(
  records: Records,
  db: StorageHandle,
  job: JobRow,
  what: Upload["what"],
  runId: number | undefined,
  nowMs: number,
): Promise<Upload> {
  switch (what) {
    case "input": {
      const key = inputKey(job);
      if (await records.jobs.submit(db, job.id, key, nowMs)) return { what, key };
      throw refused(
        `Job ${job.id} must be in CREATED status to be submitted, current status: ${job.status.toUpperCase()}`,
      );
    }
    case "job config": {
      const key = jobConfigKey(job);
      await records.jobs.setConfig(db, job.id, key, nowMs);
      return { what, key };
    }
    case "run config": {
      const key = runConfigKey(job, runId!);
      if (await records.runs.configure(db, job.id, runId!, key, nowMs)) return { what, key };
      throw refused(`Run ${runId} not found`);
    }
  }
}

function refused(sentence: string): RequestError {
  return new RequestError(400, sentence);
}

function shown(text: string): string {
  return text.slice(0, 60);
}
