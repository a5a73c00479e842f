import { type ArgsDef, defineCommand } from "citty";
import { openBlobs } from "../platform/blobs/open";
import { systemClock } from "../platform/clock";
import { openToRead } from "../platform/database";
import { UsageError } from "../platform/errors";
import { type KeptFile, openShelf, type Shelf } from "../systems/epistemix";
import { databaseArgs, databaseSettings } from "./databaseSettings";
import { textArg } from "./scenarioArgs";
import { configFrom } from "./settingFlags";

const STANDARD_JOBS = 100;
/** Only links are signed with it, and none is made here. */
const NO_KEY = new Uint8Array(32);
const JOB = { type: "positional", description: "The number of a job", required: true } as const;
const OUT = textArg("Folder to write to (default .)", "DIR");
const FORCE = { type: "boolean", description: "Write files anew that are there already" } as const;

/** Lets `work` look at what is kept, also while a server runs on it. */
async function withShelf(args: Record<string, unknown>, work: (shelf: Shelf) => Promise<string[]>): Promise<number> {
  const settings = databaseSettings(args);
  await using opened = await openToRead(settings);
  const blobs = openBlobs(configFrom(args).values, { dataDir: settings.dataDir, key: NO_KEY, clock: systemClock });
  const lines = await work(openShelf(opened.storage, blobs, settings.now()));
  await Bun.write(Bun.stdout, lines.map((line) => `${line}\n`).join(""));
  return 0;
}

const list = defineCommand({
  meta: { name: "list", description: "List jobs, newest first, with the states of their runs." },
  args: {
    ...databaseArgs,
    user: textArg("Of this user alone", "N"),
    limit: textArg("At most so many (default 100)", "N"),
  },
  run: ({ args }) =>
    withShelf(args, async (shelf) => {
      const user = args["user"] === undefined ? {} : { userId: numberOf("--user", args["user"]) };
      const limit = numberOf("--limit", args["limit"] ?? STANDARD_JOBS);
      const rows = await shelf.jobs({ ...user, limit });
      return rows.map(({ job, states }) =>
        [job.id, `user ${job.userId}`, job.status, timeOf(job.createdAt), states, job.tags.join(",")].join("  "),
      );
    }),
});

const info = defineCommand({
  meta: { name: "info", description: "Tell all of a job, its runs and its files, as JSON." },
  args: { ...databaseArgs, job: JOB },
  run: ({ args }) =>
    withShelf(args, async (shelf) => {
      const id = numberOf("JOB", args["job"]);
      const files = [...(await shelf.files(id)), ...(await shelf.files(id, "results"))];
      return [JSON.stringify({ ...(await shelf.jobWithRuns(id)), files }, null, 2)];
    }),
});

const listUploads = defineCommand({
  meta: { name: "list", description: "List what was uploaded to a job." },
  args: { ...databaseArgs, job: JOB },
  run: ({ args }) => withShelf(args, async (shelf) => (await shelf.files(numberOf("JOB", args["job"]))).map(lineOf)),
});

const copying = (name: string, description: string, uploadType?: "results") =>
  defineCommand({
    meta: { name, description },
    args: { ...databaseArgs, job: JOB, out: OUT, force: FORCE } satisfies ArgsDef,
    run: ({ args }) =>
      withShelf(args, async (shelf) => {
        const files = await shelf.files(numberOf("JOB", args["job"]), uploadType);
        return shelf.copyTo(String(args["out"] ?? "."), files, args["force"] === true);
      }),
  });

const archive = defineCommand({
  meta: { name: "archive", description: "Move uploads of old jobs, of which nothing runs, to a folder." },
  args: {
    ...databaseArgs,
    "days-since-create": { ...textArg("Jobs made at least so many days ago", "N"), required: true },
    out: { ...textArg("Folder to move them to", "DIR"), required: true },
    "dry-run": { type: "boolean", description: "Only say what would be moved" },
    force: FORCE,
  },
  run: ({ args }) =>
    withShelf(args, async (shelf) => {
      const files = await shelf.old(numberOf("--days-since-create", args["days-since-create"], 0));
      if (args["dry-run"] === true) return files.map(lineOf);
      const paths = await shelf.copyTo(String(args["out"]), files, args["force"] === true);
      // Gone only when all of them are in the folder.
      await shelf.remove(files);
      return paths;
    }),
});

function numberOf(name: string, written: unknown, least = 1): number {
  const number = /^\d{1,15}$/.test(String(written)) ? Number(written) : -1;
  if (number < least) throw new UsageError(`${name}: expected a number from ${least}, got ${String(written)}`);
  return number;
}

function lineOf({ jobId, runId, context, uploadType, sizeBytes, key }: KeptFile): string {
  const of = runId === null ? `job ${jobId}` : `job ${jobId} run ${runId}`;
  return `${of}  ${context} ${uploadType}  ${sizeBytes} bytes  ${key}`;
}

const timeOf = (ms: number) => new Date(ms).toISOString();

export const jobs = defineCommand({
  meta: { name: "jobs", description: "Jobs of all users, as the database has them." },
  subCommands: { list, info },
});

export const uploads = defineCommand({
  meta: { name: "uploads", description: "Files that were uploaded to jobs." },
  subCommands: {
    list: listUploads,
    download: copying("download", "Copy what was uploaded to a job."),
    archive,
  },
});

export const results = copying("results", "Copy the results of a job's runs.", "results");
