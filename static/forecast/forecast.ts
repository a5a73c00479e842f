import type { ForecastAnswer } from "../../src/systems/forecasting/native/schema/answer";
import type { ReadingAnswer } from "../../src/systems/forecasting/page/schema";
import { postJson } from "../common/api";
import type { Edits } from "./place";

/** One series, and how far of it is known to the models. */
export interface Task {
  reading: ReadingAnswer;
  /** Points that the models see; fewer than there are where the end is held back. */
  known: number;
  horizon: number;
  /** 0 for all. */
  context: number;
  edits: Edits;
}

export type Values = Float64Array<ArrayBuffer>;

/** What one model says. */
export interface ModelForecast {
  model: string;
  point: readonly (number | null)[];
  /** By level, such as `0.1`. */
  quantiles: Readonly<Record<string, readonly (number | null)[]>>;
  shares: Readonly<Record<string, readonly (number | null)[]>>;
  /** What was made of the series, in words; empty where the model does not say. */
  form: string;
  seasons: readonly number[];
  warnings: ForecastAnswer["warnings"];
}

/** Every model of this program has these. */
export const LEVELS = [0.1, 0.3, 0.5, 0.7, 0.9];

/** The task as the service takes series. */
export function seriesOf({ reading, known, horizon, edits }: Task) {
  const { values, dates, freq, beside } = reading.series;
  const columns = beside.map(({ name, kind, values: all }) => ({
    name,
    kind,
    values: ahead(all, known + horizon, kind, edits[name], known),
  }));
  const of = (wanted: string) =>
    columns.filter(({ kind }) => kind === wanted).map(({ name, values: all }) => [name, all]);
  const [numerical, categorical] = [of("numerical"), of("categorical")];
  return {
    values: values.slice(0, known),
    ...(freq !== undefined && { start: dates[0]!, freq }),
    ...(numerical.length > 0 && { dynamic_numerical: Object.fromEntries(numerical) }),
    ...(categorical.length > 0 && { dynamic_categorical: Object.fromEntries(categorical) }),
  };
}

type Cell = number | string | null;

/** A covariate over the points and the horizon, gaps filled with what stands before them, with what somebody changed. */
function ahead(
  all: readonly Cell[],
  length: number,
  kind: string,
  changed: Edits[string] | undefined,
  known: number,
): Cell[] {
  let before = all.find((value) => value !== null) ?? (kind === "numerical" ? 0 : "");
  return Array.from({ length }, (_, at) => {
    const edit = changed?.[at - known];
    before = edit === undefined ? (all[at] ?? before) : kind === "numerical" ? Number(edit) : edit;
    return before;
  });
}

function requestOf(task: Task) {
  return {
    series: [seriesOf(task)],
    horizon: task.horizon,
    quantiles: LEVELS,
    ...(task.context > 0 && { context_length: task.context }),
    options: { non_negative: "auto" },
  };
}

export async function askForecast(task: Task, model: string, signal: AbortSignal): Promise<ModelForecast> {
  const body = { model, ...requestOf(task) };
  const answer = await postJson<ForecastAnswer>("/api/v1/forecast", body, signal);
  const [forecast] = answer.forecasts;
  const { point, quantiles, xreg, chosen } = forecast!;
  const seasons = chosen?.seasons ?? [];
  const form =
    chosen === undefined ? "" : chosen.reason === undefined ? chosen.form : `${chosen.form}. ${chosen.reason}`;
  return { model, point, quantiles, shares: xreg?.shares ?? {}, form, seasons, warnings: answer.warnings };
}

/** The command that gets the same figures. */
export function forecastCurl(task: Task, model: string): string {
  return curlOf("/api/v1/forecast", { model, ...requestOf(task) });
}

export function curlOf(path: string, body: unknown): string {
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  const key = "-H 'authorization: Bearer KEY' -H 'content-type: application/json'";
  return `curl -s ${location.origin}${path} ${key} -d '${json}'`;
}
