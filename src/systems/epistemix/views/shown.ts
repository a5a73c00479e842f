import { shownStatus } from "../runs/states";
import type { ConfigurationAnswer, ListedJob, ShownJob } from "../schema/page";
import type { RunRequest } from "../schema/requests";
import type { JobRow, RunRow } from "../tables";

/** What the page shows of jobs and runs, from their rows. */

/** A job in a list. */
export function listedJob({ id, tags, createdAt }: JobRow, runs: readonly RunRow[]): ListedJob {
  const count = (...statuses: RunRow["status"][]) => runs.filter(({ status }) => statuses.includes(status)).length;
  const isOver = ({ status }: RunRow) => status === "Done" || status === "Failed" || status === "Cancelled";
  const locations = new Set(runs.flatMap((run) => configurationOf(run).locations));
  return {
    id,
    created: new Date(createdAt).toISOString(),
    tags,
    locations: [...locations],
    counts: {
      all: runs.length,
      done: count("Done"),
      failed: count("Failed", "Cancelled"),
      running: count("Running"),
      waiting: count("Submitted"),
    },
    progress:
      runs.length === 0 ? 0 : runs.reduce((sum, run) => sum + (isOver(run) ? 1 : run.progress), 0) / runs.length,
  };
}

/** A job with its runs. @param link the signed address of a result's key */
export function shownJob(job: JobRow, runs: readonly RunRow[], link: (key: string) => string): ShownJob {
  const configurations: ConfigurationAnswer[] = [];
  const places = new Map<string, number>();
  const numbered = runs.map((run) => {
    const configuration = configurationOf(run);
    const key = JSON.stringify(configuration);
    const place = places.get(key) ?? configurations.push(configuration) - 1;
    places.set(key, place);
    return { run, configuration: place };
  });
  return {
    ...listedJob(job, runs),
    configurations,
    runs: numbered.map(({ run, configuration }) => ({
      id: run.id,
      status: shownStatus(run.status),
      progress: run.status === "Done" ? 1 : run.progress,
      seed: seedOf(run),
      configuration,
      error: run.error,
      results: run.resultsUrl === null ? null : link(run.resultsUrl),
    })),
  };
}

/** The seed that a run was asked with, as text. */
export function seedOf(run: RunRow): string {
  return argumentsOf(run).findLast(({ flag }) => flag === "-s" || flag === "-r")?.value ?? "1";
}

/** What a run was asked for, but for its seed. */
export function configurationOf(run: RunRow): ConfigurationAnswer {
  const given = argumentsOf(run);
  const valuesOf = (flag: string) => given.flatMap((one) => (one.flag === flag ? [one.value] : []));
  const locations = valuesOf("-l");
  const { population } = run.request as unknown as Pick<RunRequest, "population">;
  return {
    locations: locations.length > 0 ? locations : [...(population?.locations ?? [])],
    startDate: valuesOf("--start-date").at(-1) ?? null,
    endDate: valuesOf("--end-date").at(-1) ?? null,
    parameters: Object.fromEntries(
      valuesOf("-o").map((text) => {
        const at = text.indexOf("=");
        return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      }),
    ),
  };
}

/** The file that a run was asked to run. */
export function mainOf(run: RunRow | undefined): string {
  return (run === undefined ? [] : argumentsOf(run)).findLast(({ flag }) => flag === "-p")?.value ?? "main.fred";
}

function argumentsOf({ request }: RunRow): RunRequest["fredArgs"] {
  return (request as unknown as Partial<RunRequest>).fredArgs ?? [];
}
