import { z } from "zod";

const example = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) =>
  schema.meta({ examples: [value] });

export const registeredAnswer = example(z.object({ id: z.number(), userId: z.number(), tags: z.array(z.string()) }), {
  id: 123,
  userId: 456,
  tags: ["info_job"],
});

export const urlAnswer = example(z.object({ url: z.string() }), {
  url: "http://127.0.0.1:8080/blobs/jobs/123/2026/01/01/000000/job_input.zip?op=put&exp=1767229200&sig=...",
});

const request = {
  jobId: 123,
  workingDir: "/home/ada",
  size: "hot",
  fredVersion: "latest",
  population: { version: "US_2010.v5", locations: ["Jefferson_County_PA"] },
  fredArgs: [{ flag: "-p", value: "main.fred" }],
  fredFiles: ["main.fred"],
};
const echoedRequest = z.record(z.string(), z.unknown());

export const submittedAnswer = example(
  z.object({
    runResponses: z.array(
      z.object({
        runId: z.number(),
        jobId: z.number(),
        status: z.enum(["Submitted", "Failed"]),
        errors: z.array(z.object({ key: z.string(), error: z.string() })).nullable(),
        runRequest: echoedRequest,
      }),
    ),
  }),
  { runResponses: [{ runId: 978, jobId: 123, status: "Submitted", errors: null, runRequest: request }] },
);

const run = z.object({
  id: z.number(),
  jobId: z.number(),
  userId: z.number(),
  createdTs: z.string(),
  request: echoedRequest,
  podPhase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
  containerStatus: z.null(),
  status: z.enum(["QUEUED", "NOT_STARTED", "RUNNING", "ERROR", "DONE"]),
  userDeleted: z.boolean(),
  epxClientVersion: z.string(),
  config_url: z.string().nullable(),
  url: z.string().nullable(),
  results_url: z.string().nullable(),
  results_uploaded_at: z.string().nullable(),
  progress: z.number(),
});
export type RunAnswer = z.output<typeof run>;

export const runsAnswer = example(z.object({ runs: z.array(run) }), {
  runs: [
    {
      id: 978,
      jobId: 123,
      userId: 456,
      createdTs: "2026-01-01T00:00:00.000Z",
      request,
      podPhase: "Running",
      containerStatus: null,
      status: "RUNNING",
      userDeleted: false,
      epxClientVersion: "1.2.2",
      config_url: null,
      url: null,
      results_url: null,
      results_uploaded_at: null,
      progress: 0.25,
    },
  ],
});

export const resultsAnswer = example(z.object({ urls: z.array(z.object({ run_id: z.number(), url: z.string() })) }), {
  urls: [{ run_id: 978, url: "http://127.0.0.1:8080/blobs/jobs/123/2026/01/01/000000/run_978_results.zip?op=get" }],
});

const job = z.object({ id: z.number(), userId: z.number(), tags: z.array(z.string()), created: z.string() });
export type JobAnswer = z.output<typeof job>;
const aJob: JobAnswer = { id: 123, userId: 456, tags: ["info_job"], created: "2026-01-01T00:00:00.000Z" };
export const jobAnswer = example(job, aJob);
export const jobsAnswer = example(z.object({ jobs: z.array(job) }), { jobs: [aJob] });

const stopOutcome = z.object({
  runId: z.number(),
  reason: z.enum(["Success", "NotFound", "Forbidden", "InternalError"]),
});
export type StopOutcome = z.output<typeof stopOutcome>;
export const stoppedAnswer = example(
  z.object({ description: z.string(), deletedIds: z.array(stopOutcome), failedIds: z.array(stopOutcome) }),
  { description: "1 run was stopped.", deletedIds: [{ runId: 978, reason: "Success" }], failedIds: [] },
);

export const retriedAnswer = example(z.object({ status: z.string(), runRequestIds: z.array(z.number()) }), {
  status: "Submitted",
  runRequestIds: [978],
});

export const deletedAnswer = example(z.object({ description: z.string() }), { description: "Job 123 was deleted." });

const upload = z.object({
  context: z.enum(["job", "run"]),
  uploadType: z.enum(["input", "config", "results"]),
  jobId: z.number(),
  runId: z.number().nullable(),
  location: z.object({ url: z.string() }),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type UploadAnswer = z.output<typeof upload>;
export const uploadsAnswer = example(z.array(upload), [
  {
    context: "job",
    uploadType: "input",
    jobId: 123,
    runId: null,
    location: { url: "http://127.0.0.1:8080/blobs/jobs/123/2026/01/01/000000/job_input.zip" },
    sizeBytes: 512,
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  },
]);

export const serviceHealthAnswer = example(
  z.object({ status: z.string(), service: z.string(), timestamp: z.string() }),
  { status: "healthy", service: "epistemix-api", timestamp: "2026-01-01T00:00:00.000Z" },
);

export const serviceAnswer = example(
  z.object({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    endpoints: z.record(z.string(), z.string()),
  }),
  { name: "Epistemix API", version: "0.1.0", description: "Runs of epidemic models.", endpoints: { runs: "/runs" } },
);
