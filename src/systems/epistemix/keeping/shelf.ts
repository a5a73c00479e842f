import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobStore } from "../../../platform/blobs/blobs";
import type { Storage } from "../../../platform/database";
import { UsageError } from "../../../platform/errors";
import { ENDED, shownStatus } from "../runs/states";
import { filesOf, type JobFile } from "../runs/uploadList";
import { createJobStore } from "../store/jobs";
import { createRunStore } from "../store/runs";
import type { JobRow, RunRow } from "../tables";

/** A file of a job that is there. */
export interface KeptFile extends JobFile {
  jobId: number;
  sizeBytes: number;
}

/** What an operator sees of jobs, runs and files of all users, without a server. */
export type Shelf = ReturnType<typeof openShelf>;

const DAY_MS = 86_400_000;

export function openShelf(storage: Storage, blobs: BlobStore, nowMs: number) {
  const jobs = createJobStore(storage);
  const runs = createRunStore(storage);

  async function jobWithRuns(id: number): Promise<{ job: JobRow; runs: RunRow[] }> {
    const job = await storage.read((db) => jobs.find(db, id));
    if (job === undefined) throw new UsageError(`There is no job ${id}.`);
    return { job, runs: await storage.read((db) => runs.ofJob(db, id)) };
  }

  async function keptOf(job: JobRow, own: readonly RunRow[]): Promise<KeptFile[]> {
    const kept: KeptFile[] = [];
    for (const file of filesOf(job, own)) {
      const facts = await blobs.stat(file.key);
      if (facts !== undefined) kept.push({ ...file, jobId: job.id, sizeBytes: facts.sizeBytes });
    }
    return kept;
  }

  async function files(jobId: number, uploadType?: JobFile["uploadType"]): Promise<KeptFile[]> {
    const { job, runs: own } = await jobWithRuns(jobId);
    const kept = await keptOf(job, own);
    return kept.filter((file) =>
      uploadType === undefined ? file.uploadType !== "results" : file.uploadType === uploadType,
    );
  }

  return {
    /** Jobs, newest first, with how many of their runs are in which state. */
    async jobs(filter: { userId?: number; limit: number }) {
      const found = await jobs.list({ ...filter, fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER });
      const rows: { job: JobRow; states: string }[] = [];
      for (const job of found) rows.push({ job, states: statesOf(await storage.read((db) => runs.ofJob(db, job.id))) });
      return rows;
    },
    jobWithRuns,
    files,
    copyTo: (folder: string, kept: readonly KeptFile[], force: boolean) => copyTo(blobs, folder, kept, force),
    /** Uploads of jobs that were made at least so many days ago and of which nothing waits or runs. */
    async old(days: number): Promise<KeptFile[]> {
      const found = await jobs.list({ fromMs: 0, untilMs: nowMs - days * DAY_MS, limit: Number.MAX_SAFE_INTEGER });
      const kept: KeptFile[] = [];
      for (const job of found) {
        const own = await storage.read((db) => runs.ofJob(db, job.id));
        if (own.every(({ status }) => ENDED.includes(status))) kept.push(...(await files(job.id)));
      }
      return kept;
    },
    async remove(kept: readonly KeptFile[]): Promise<void> {
      for (const { key } of kept) await blobs.delete(key);
    },
  };
}

/** Copies files to a folder, under their keys. @throws UsageError for one that is there already, unless `force` */
async function copyTo(blobs: BlobStore, folder: string, kept: readonly KeptFile[], force: boolean): Promise<string[]> {
  const paths = kept.map(({ key }) => join(folder, key));
  const there = force ? undefined : paths.find((path) => existsSync(path));
  if (there !== undefined) throw new UsageError(`${there} is there already; say --force to write it anew.`);
  for (const [k, path] of paths.entries()) {
    const blob = await blobs.get(kept[k]!.key);
    if (blob === undefined) continue;
    await mkdir(dirname(path), { recursive: true });
    await Bun.write(path, await blob.bytes());
  }
  return paths;
}

/** As `2 DONE, 1 ERROR`. */
function statesOf(runs: readonly RunRow[]): string {
  const counts = new Map<string, number>();
  for (const { status } of runs) counts.set(shownStatus(status), (counts.get(shownStatus(status)) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ") || "no runs";
}
