import type { BacktestAnswer } from "../../src/systems/forecasting/native/schema/answer";
import { postJson } from "../common/api";
import { type Asked, useAsked } from "./asked";
import { curlOf, LEVELS, seriesOf, type Task } from "./forecast";
import { taskKey } from "./use-forecasts";

export type Result = BacktestAnswer["results"][number];

export const WINDOWS = 3;

export const NAIVE = "seasonal_naive";

function requestOf({ reading, horizon, context, ...task }: Task, models: readonly string[]) {
  // The past is judged as it was: no step ahead of the values, nothing that somebody changed.
  const known = reading.series.values.length;
  const series = seriesOf({ ...task, reading, horizon: 0, context, known, edits: {} });
  return {
    models: models.includes(NAIVE) ? models : [...models, NAIVE],
    series: [series],
    horizon,
    windows: windowsOf(known, horizon),
    quantiles: LEVELS,
    ...(context > 0 && { context_length: context }),
    options: { non_negative: "auto" },
  };
}

/** The most windows, up to three, that leave the models something to see; 0 where none does. */
export function windowsOf(points: number, horizon: number): number {
  return Math.max(0, Math.min(WINDOWS, Math.floor((points - 4) / horizon)));
}

/** How good these models would have been; nothing is asked where the history is too short. */
export function useBacktest(task: Task | undefined, models: readonly string[]): Asked<BacktestAnswer> {
  const isLong = task !== undefined && windowsOf(task.reading.series.values.length, task.horizon) > 0;
  const question = isLong ? `${taskKey({ ...task, known: 0, edits: {} })} ${JSON.stringify(models)}` : undefined;
  return useAsked(question, "POST /api/v1/backtest", (signal) =>
    postJson<BacktestAnswer>("/api/v1/backtest", requestOf(task!, models), signal),
  );
}

/** The command that gets the same figures. */
export function backtestCurl(task: Task, models: readonly string[]): string {
  return curlOf("/api/v1/backtest", requestOf(task, models));
}
