/**
 * Where the files of a job lie: under one folder for each job, named by the second in which the job was made
 * (docs/epistemix.md, "Uploads and downloads").
 */

interface Dated {
  id: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

export const inputKey = (job: Dated) => `${folderOf(job)}/job_input.zip`;
export const jobConfigKey = (job: Dated) => `${folderOf(job)}/job_config.json`;
export const runConfigKey = (job: Dated, runId: number) => `${folderOf(job)}/run_${runId}_config.json`;
export const resultsKey = (job: Dated, runId: number) => `${folderOf(job)}/run_${runId}_results.zip`;

function folderOf({ id, createdAt }: Dated): string {
  const [day = "", time = ""] = new Date(createdAt).toISOString().split("T");
  return `jobs/${id}/${day.replaceAll("-", "/")}/${time.slice(0, 8).replaceAll(":", "")}`;
}
