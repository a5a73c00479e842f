import type { BlobStore } from "../../../platform/blobs/blobs";
import type { UploadAnswer } from "../schema/answers";
import type { JobRow, RunRow } from "../tables";

/** A file of a job that may have been uploaded. */
export interface JobFile extends Pick<UploadAnswer, "context" | "uploadType" | "runId"> {
  key: string;
}

/** The files that were asked for, whether they came or not. */
export function filesOf(job: JobRow, runs: readonly RunRow[]): JobFile[] {
  const files = [
    { context: "job" as const, uploadType: "input" as const, runId: null, key: job.inputLocation },
    { context: "job" as const, uploadType: "config" as const, runId: null, key: job.configLocation },
    ...runs.flatMap(({ id, configUrl, resultsUrl }) => [
      { context: "run" as const, uploadType: "config" as const, runId: id, key: configUrl },
      { context: "run" as const, uploadType: "results" as const, runId: id, key: resultsUrl },
    ]),
  ];
  return files.flatMap(({ key, ...file }) => (key === null ? [] : [{ ...file, key }]));
}

/** Those of them that are there, with size and hash. */
export async function listUploads(
  blobs: Pick<BlobStore, "get">,
  job: JobRow,
  runs: readonly RunRow[],
  origin: string,
): Promise<UploadAnswer[]> {
  const told: UploadAnswer[] = [];
  for (const { key, ...file } of filesOf(job, runs)) {
    const blob = await blobs.get(key);
    if (blob === undefined) continue;
    const sha256 = await sha256Of(blob.body);
    told.push({
      ...file,
      jobId: job.id,
      location: { url: `${origin}/blobs/${key}` },
      sizeBytes: blob.sizeBytes,
      sha256,
    });
  }
  return told;
}

async function sha256Of(body: Blob | ReadableStream<Uint8Array>): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of body instanceof Blob ? body.stream() : body) hash.update(chunk);
  return hash.digest("hex");
}
