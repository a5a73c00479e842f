import { RequestError } from "../../../platform/errors";
import { covariatesUntil } from "../covariates/until";
import { cutoffsOf, type Windows } from "../judging/rollingOrigin";
import { seriesName, type TaskSeries } from "./task";

/** A series as it was known at some time: its first `cutoff` values, and covariates for `horizon` steps more. */
export function seenUntil(series: TaskSeries, cutoff: number, horizon: number): TaskSeries {
  const { covariates } = series;
  return {
    ...series,
    // Not a view: a thread is handed all of what a view looks at.
    values: series.values.slice(0, cutoff),
    ...(covariates && { covariates: covariatesUntil(covariates, cutoff + horizon) }),
  };
}

/** The cut-offs of a backtest of a series. @throws RequestError 422 that names a series that is too short */
export function cutoffsIn(series: TaskSeries, index: number, windows: Windows): number[] {
  try {
    return cutoffsOf(series.values.length, windows);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError(error.status, `Series ${seriesName(series, index)}: ${error.detail}`);
  }
}
