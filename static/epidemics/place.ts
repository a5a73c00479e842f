import { choiceCodec, numberCodec, textCodec, urlStore } from "../common/url-state";
import { FLU } from "./flu";

export const MAX_RUNS = 200;
export const MAIN_FILE = "main.fred";

/** The programs of a model by their paths. */
export type ModelFiles = Readonly<Record<string, string>>;

/** The job that is shown; nought for the newest. */
export const chosenJob = urlStore("job", numberCodec(0, 0));
/** The job that it is held against; nought for none. */
export const comparedJob = urlStore("with", numberCodec(0, 0));
/** Which of the job's configurations is shown. */
export const configuration = urlStore("configuration", numberCodec(0, 0));
/** Empty for the one that spreads. */
export const chosenCondition = urlStore("condition", textCodec());
/** The state whose single runs are drawn; empty for the one that comes and goes. */
export const chosenState = urlStore("state", textCodec());
/** The run whose places, log and files are shown; nought for the first. */
export const chosenRun = urlStore("run", numberCodec(0, 0));
/** The file of that run that is shown. */
export const chosenFile = urlStore("file", textCodec("logs.txt"));

export const modelFiles = urlStore<ModelFiles>("model", {
  fallback: { [MAIN_FILE]: FLU },
  read: filesIn,
  write: (files) => JSON.stringify(files),
});
/** The file in the editor. */
export const editedFile = urlStore("edit", textCodec(MAIN_FILE));
export const locations = urlStore("in", textCodec("Jefferson_County_PA"));
export const startDate = urlStore("from", textCodec("2020-01-01"));
export const endDate = urlStore("to", textCodec("2020-05-01"));
export const runCount = urlStore("runs", numberCodec(10, 1, MAX_RUNS));
export const firstSeed = urlStore("seed", textCodec("1"));
/** As `name=value, name=value`. */
export const parameters = urlStore("set", textCodec());

export const TAB_TITLES = {
  figures: "Figures",
  places: "Places",
  runs: "Runs",
  log: "Log",
  files: "Files",
  model: "Model",
  jobs: "All jobs",
} as const;
export type TabName = keyof typeof TAB_TITLES;
const TAB_NAMES = Object.keys(TAB_TITLES) as TabName[];
const tab = urlStore("tab", choiceCodec(TAB_NAMES, "figures"));

export function showTab(name: TabName): void {
  tab.set(name);
}

/** Shows a job beside another, or alone; what was chosen within the job before is left. */
export function showJob(id: number, beside = 0): void {
  chosenJob.set(id);
  comparedJob.set(beside === id ? 0 : beside);
  configuration.set(0);
  chosenRun.set(0);
}

function filesIn(text: string): ModelFiles | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const files = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return files.length > 0 ? Object.fromEntries(files) : undefined;
  } catch {
    return undefined;
  }
}
