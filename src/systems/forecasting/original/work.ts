import { RequestError } from "../../../platform/errors";
import { dataError, ServiceError } from "./faults";
import { type PreparedSeries, prepareSeries, type SeriesInput } from "./series";

/** What a thread gives back: errors lose their kind on the way, so that refusals are values. */
export type Prepared = { series: PreparedSeries } | { refused: { status: number; body: ServiceError["body"] } };

/** Reads a source in a thread. */
export function prepareInThread(input: SeriesInput): Prepared {
  try {
    return { series: prepareSeries(input) };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { status, body } = error instanceof ServiceError ? error : dataError(error.status, error.detail);
    return { refused: { status, body } };
  }
}
