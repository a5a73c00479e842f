import { zipSync } from "fflate";
import { RequestError } from "../../../platform/errors";
import type { Records } from "../records";
import { recordUpload } from "../runs/uploads";
import type { Launch, LaunchAnswer } from "../schema/page";
import type { RunRequest } from "../schema/requests";
import type { EpistemixService } from "../service";
import type { TokenHolder } from "../tokens/token";

/** In the place of the client's version, for runs that the page began. */
const PAGE_VERSION = "page";
const POPULATION_VERSION = "US_2010.v5";
const AS_IT_IS = 0;

/**
 * Makes a job of a model and its runs, as the client does: job, input, runs.
 * @throws RequestError 422 with what is wrong where none of the runs can be begun; nothing is kept then.
 */
export async function launchJob(
  { records, service, nowMs }: { records: Records; service: EpistemixService; nowMs: number },
  holder: TokenHolder,
  launch: Launch,
): Promise<LaunchAnswer> {
  if (launch.files[launch.main] === undefined) {
    throw new RequestError(422, `There is no file ${JSON.stringify(launch.main)} in the model.`);
  }
  const { id: jobId } = await service.register(holder, [launch.title]);
  const { key } = await records.storage.transact(async (db) => {
    const job = await records.jobs.find(db, jobId);
    return recordUpload(records, db, job!, "input", undefined, nowMs);
  });
  await records.blobs.put(key, inputOf(launch.files));
  const submitted = await service.submit(holder, requestsOf(jobId, launch), PAGE_VERSION);
  const errors = distinct(submitted.flatMap(({ errors }) => errors ?? []));
  if (submitted.every(({ status }) => status === "Failed")) {
    await service.remove(holder, jobId);
    throw new RequestError(422, errors.map(({ key, error }) => `${key}: ${error}`).join("; "));
  }
  return { jobId, runIds: submitted.map(({ runId }) => runId), errors };
}

function requestsOf(jobId: number, launch: Launch): RunRequest[] {
  const { locations, startDate, endDate, main, parameters, files } = launch;
  const first = BigInt(launch.seed);
  return Array.from({ length: launch.runs }, (_, run) => ({
    jobId,
    workingDir: "/",
    size: "hot",
    fredVersion: "latest",
    population: { version: POPULATION_VERSION, locations },
    fredArgs: [
      { flag: "-p", value: main },
      ...Object.entries(parameters).map(([name, value]) => ({ flag: "-o", value: `${name}=${value}` })),
      { flag: "-s", value: String(first + BigInt(run)) },
      { flag: "--start-date", value: startDate },
      { flag: "--end-date", value: endDate },
      ...locations.map((value) => ({ flag: "-l", value })),
    ],
    fredFiles: Object.keys(files),
  }));
}

function inputOf(files: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(([name, text]) => [name, encoder.encode(text)] as const);
  return zipSync(Object.fromEntries(entries), { level: AS_IT_IS });
}

function distinct(errors: LaunchAnswer["errors"]): LaunchAnswer["errors"] {
  return [...new Map(errors.map((error) => [`${error.key} ${error.error}`, error])).values()];
}
