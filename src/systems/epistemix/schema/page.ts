import { z } from "zod";
import { textLike, textOf } from "../../../platform/http/api/texts";

/** What the page `/epidemics` asks for and is answered; docs/epidemics.md, "The page". */

const MAX_MODEL_CHARACTERS = 1_000_000;
const MAX_FILES = 100;
const MAX_LOCATIONS = 100;
const MAX_PAGE_RUNS = 200;
const MAX_PARAMETERS = 200;

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date such as 2020-01-31");
const files = z
  .record(z.string().min(1).max(200), z.string().max(MAX_MODEL_CHARACTERS))
  .refine((texts) => Object.keys(texts).length <= MAX_FILES, `expected at most ${MAX_FILES} files`)
  .meta({ examples: [{ "main.fred": "condition FLU { state S { wait() next() } }\n" }] });

export const checkRequest = z.object({ files, main: textLike("main.fred").max(200) });

const fault = z.object({
  file: textLike("main.fred"),
  line: z.int(),
  column: z.int(),
  text: textLike("  wait(24 * lognormall(5.0, 1.5))"),
  message: textLike("there is no function lognormall; did you mean lognormal?"),
});
export const checkAnswer = z.object({ faults: z.array(fault) });
export type ModelFaultAnswer = z.output<typeof fault>;

export const launchRequest = z.object({
  files,
  main: textLike("main.fred").max(200),
  locations: z.array(textLike("Jefferson_County_PA").max(100)).min(1).max(MAX_LOCATIONS),
  startDate: date.meta({ examples: ["2020-01-01"] }),
  endDate: date.meta({ examples: ["2020-05-01"] }),
  /** How many runs, whose seeds follow each other. */
  runs: z.int().min(1).max(MAX_PAGE_RUNS),
  /** Of the first run; up to 2^64-1, so as text. */
  seed: z
    .string()
    .regex(/^\d{1,20}$/, "expected a whole number")
    .meta({ examples: ["1"] }),
  parameters: z
    .record(z.string().min(1).max(200), z.string().max(200))
    .refine((values) => Object.keys(values).length <= MAX_PARAMETERS, `expected at most ${MAX_PARAMETERS} parameters`)
    .default({})
    .meta({ examples: [{}] }),
  /** What the job is called in lists. */
  title: textLike("Flu").max(200).default("model"),
});
export type LaunchRequest = z.input<typeof launchRequest>;
export type Launch = z.output<typeof launchRequest>;

export const launchAnswer = z.object({
  jobId: z.int(),
  runIds: z.array(z.int()),
  /** What of the configuration is wrong; such runs have failed. */
  errors: z.array(z.object({ key: textLike("--end-date"), error: textLike("2020-01-01 is before 2020-02-01") })),
});
export type LaunchAnswer = z.output<typeof launchAnswer>;

export const sessionAnswer = z.object({
  /** Of the user of this machine, as the client's settings take it. */
  token: textLike("eyJ1c2VyX2lkIjoxLCJzY29wZXNfaGFzaCI6InBhZ2UifQ=="),
  userId: z.int(),
  /** What the client is told as `api-url`. */
  apiUrl: textLike("http://127.0.0.1:8080/epistemix"),
});
export type SessionAnswer = z.output<typeof sessionAnswer>;

const status = z.enum(["QUEUED", "NOT_STARTED", "RUNNING", "ERROR", "DONE"]);
export type PageRunStatus = z.output<typeof status>;

const jobMembers = {
  id: z.int(),
  created: textLike("2026-01-01T00:00:00.000Z"),
  tags: z.array(textLike("flu")),
  locations: z.array(textLike("Jefferson_County_PA")),
  /** Runs by their state. */
  counts: z.object({ all: z.int(), done: z.int(), failed: z.int(), running: z.int(), waiting: z.int() }),
  /** Of all runs together, from 0 to 1. */
  progress: z.number(),
};
const listedJob = z.object(jobMembers);
export type ListedJob = z.output<typeof listedJob>;
export const jobListAnswer = z.object({ jobs: z.array(listedJob) });
export type JobListAnswer = z.output<typeof jobListAnswer>;

const shownRun = z.object({
  id: z.int(),
  status,
  progress: z.number(),
  seed: textLike("1"),
  /** Which of the job's configurations. */
  configuration: z.int(),
  error: z.union([textLike("there is no location Jeferson_County_PA"), z.null()]),
  /** A signed address of the ZIP; null before there is one. */
  results: z.union([textLike("/blobs/jobs/123/2026/01/01/000000/run_978_results.zip?op=get"), z.null()]),
});
export type ShownRun = z.output<typeof shownRun>;
const configuration = z.object({
  locations: z.array(textLike("Jefferson_County_PA")),
  startDate: z.union([textLike("2020-01-01"), z.null()]),
  endDate: z.union([textLike("2020-05-01"), z.null()]),
  parameters: z.record(z.string(), z.string()).meta({ examples: [{}] }),
});
export type ConfigurationAnswer = z.output<typeof configuration>;
export const shownJob = z.object({
  ...jobMembers,
  /** Why some runs have failed, each reason once. */
  runs: z.array(shownRun),
  configurations: z.array(configuration),
});
export type ShownJob = z.output<typeof shownJob>;

const numbers = z.array(z.number());
/** By day: the median of the runs and where nine in ten of them lie. */
const bands = z.object({ median: numbers, low: numbers, high: numbers });
export type BandsAnswer = z.output<typeof bands>;
const range = z.object({ median: z.number(), low: z.number(), high: z.number() });
export type RangeAnswer = z.output<typeof range>;

const stateCurves = z.object({
  name: textLike("Ill"),
  /** People there at the end of the day. */
  there: bands,
  /** People who came in the day. */
  came: bands,
  /** The same `there` of single runs, in the order of `runs`. */
  single: z.array(numbers),
  peak: range,
  /** Days from the first. */
  peakDay: range,
  end: range,
  total: range,
});
export type StateCurvesAnswer = z.output<typeof stateCurves>;
const placeCurves = z.object({
  name: textLike("Household"),
  /** People exposed a day, as the mean of the seven days up to it. */
  came: bands,
  total: range,
});
export type PlaceCurvesAnswer = z.output<typeof placeCurves>;

const conditionCurves = z.object({
  name: textLike("FLU"),
  states: z.array(stateCurves),
  /** By the kind of place of exposure; empty where nobody can be exposed. */
  places: z.array(placeCurves),
  /** All who were exposed; null where nobody can be. */
  exposed: z.union([range, z.null()]),
});
export type ConditionCurvesAnswer = z.output<typeof conditionCurves>;

export const curvesAnswer = z.object({
  startDate: textLike("2020-01-01"),
  days: z.int(),
  people: z.number(),
  /** The runs that the bands are of. */
  runs: z.array(z.object({ id: z.int(), seed: textLike("1") })),
  /** Runs that are done and that the bands leave out: of other dates, or too many. */
  leftOut: z.int(),
  conditions: z.array(conditionCurves),
});
export type CurvesAnswer = z.output<typeof curvesAnswer>;
export const curvesQuery = z.object({
  configuration: z.coerce.number().int().min(0).default(0).meta({ description: "Which of the job's configurations." }),
});

export const reportQuery = curvesQuery.extend({
  format: z.enum(["PDF", "HTML"]).default("PDF").meta({ description: "What the report is." }),
});
export const reportFile = textOf("application/pdf", "%PDF-1.7\n");

const placeRow = z.object({
  condition: textLike("FLU"),
  kind: textLike("School"),
  place: textLike("3"),
  people: z.int(),
  exposures: z.int(),
  exposed: z.int(),
});
export type PlaceRowAnswer = z.output<typeof placeRow>;
export const placesAnswer = z.object({ places: z.array(placeRow) });

const listedFile = z.object({ path: textLike("DAILY/FLU.Ill.txt"), sizeBytes: z.int() });
export type ListedFile = z.output<typeof listedFile>;
export const filesAnswer = z.object({ files: z.array(listedFile) });
export const fileQuery = z.object({ path: z.string().meta({ description: "The file.", examples: ["logs.txt"] }) });
export const fileAnswer = z.object({
  path: textLike("logs.txt"),
  text: textLike("[2026-01-01T00:00:00.000Z] INFO: the run is done\n"),
  /** Whether the file goes on. */
  isCut: z.boolean(),
});
export type FileAnswer = z.output<typeof fileAnswer>;

export const modelAnswer = z.object({ main: textLike("main.fred"), files });
export type ModelAnswer = z.output<typeof modelAnswer>;
export const modelText = textOf("text/plain", "condition FLU { state S { wait() next() } }\n");

const location = z.object({ name: textLike("Jefferson_County_PA"), people: z.int() });
export type LocationAnswer = z.output<typeof location>;
export const locationsAnswer = z.object({ locations: z.array(location) });
export const locationsQuery = z.object({
  q: z
    .string()
    .max(100)
    .default("")
    .meta({ description: "Letters of the name.", examples: ["Jeff"] }),
});

export const jobPath = z.object({ id: z.string().meta({ description: "The job.", examples: ["123"] }) });
export const runPath = z.object({ id: z.string().meta({ description: "The run.", examples: ["978"] }) });
export const stateEvents = textOf("text/event-stream", 'event: state\ndata: {"jobs":[]}\n\n');
