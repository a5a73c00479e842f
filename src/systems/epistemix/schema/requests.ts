import { z } from "zod";
import { dictionary, nullish, optional, required } from "../../../platform/http/fastapi/members";
import { integer, list, nullable, type Reader, text } from "../../../platform/http/fastapi/readers";
import { members } from "./members";

const MAX_TAGS = 100;
const MAX_TAG_CHARACTERS = 1000;
const MAX_TEXT_CHARACTERS = 10_000;
const MAX_ARGUMENTS = 10_000;
const MAX_RUNS = 1000;

const words = (example: string): Reader<string> => {
  const { read, about } = text({ longest: MAX_TEXT_CHARACTERS });
  return { read, about: { ...about, examples: [example] } };
};

/** `POST /jobs/register`. */
export const registration = dictionary({
  tags: optional(list(text({ longest: MAX_TAG_CHARACTERS }), { most: MAX_TAGS }), [], "What the job is about."),
});

/** `POST /jobs`: what is to be uploaded. */
export const uploadRequest = dictionary({
  jobId: required(integer(), "The job."),
  context: optional(words("job"), "job", "`job` or `run`."),
  type: optional(words("input"), "input", "`config`, `input`, `output`, `results` or `logs`."),
  runId: nullish(integer(), "The run, in the context of one."),
});

const runRequest = members({
  jobId: integer(),
  workingDir: words("/home/ada"),
  size: words("hot"),
  fredVersion: words("latest"),
  population: nullable(
    members({ version: words("US_2010.v5"), locations: list(words("Jefferson_County_PA"), { most: MAX_ARGUMENTS }) }),
  ),
  fredArgs: list(members({ flag: words("-p"), value: words("main.fred") }), { most: MAX_ARGUMENTS }),
  fredFiles: list(words("/home/ada/main.fred"), { most: MAX_ARGUMENTS }),
});

/** `POST /runs`. */
export const runSubmission = dictionary({
  runRequests: required(list(runRequest, { most: MAX_RUNS }), "The runs, in their order."),
});

export type UploadRequest = z.output<typeof uploadRequest>;
export type RunRequest = z.output<typeof runSubmission>["runRequests"][number];

/** `GET /runs` of a job or of runs, which may both be named more than once. */
export const runsQuery = z.object({
  job_id: z.string().optional().meta({ description: "A job; may be repeated." }),
  id: z.string().optional().meta({ description: "A run; may be repeated." }),
});
export const jobQuery = z.object({ job_id: z.string().meta({ description: "The job.", examples: ["123"] }) });
export const runIdsQuery = z.object({
  id: z.string().meta({ description: "A run; may be repeated.", examples: ["978"] }),
});
export const jobPath = z.object({ id: z.string().meta({ description: "The job.", examples: ["123"] }) });
export const myJobsQuery = z.object({
  tags: z.string().optional().meta({ description: "A tag that the jobs have; may be repeated." }),
  startDate: z.string().optional().meta({ description: "The first day, YYYY-MM-DD in UTC." }),
  endDate: z.string().optional().meta({ description: "The last day, YYYY-MM-DD in UTC." }),
});
export const latestQuery = z.object({
  latest: z.string().meta({ description: "`true`.", examples: ["true"] }),
  tags: z.string().optional().meta({ description: "A tag that the job has; may be repeated." }),
});
export const retryForm = z.object({
  runRequestIds: z.string().meta({ description: "A run; may be repeated.", examples: ["978"] }),
});
