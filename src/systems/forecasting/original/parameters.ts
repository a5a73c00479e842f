import type { Frequency } from "../model";
import { dataError, unforeseen } from "./faults";
import { MAX_HORIZON } from "./schema/requests";

/** As the original's release of that number answers, or as it should. */
export type Compat = "newest" | "2.0.0";

/** What `parameters` of an inference ask for. */
export interface InferenceParameters {
  /** Absent where the model's own, as it was initialised, is meant. */
  contextLen: number | undefined;
  horizonLen: number | undefined;
  usesCovariates: boolean;
  /** Columns between which bands are told; null for no bands at all. */
  bandColumns: number[] | null;
  frequency: Frequency;
  /** Milliseconds since 1970, both ends within; undefined where there is no such end. */
  from: number | undefined;
  until: number | undefined;
}

const DEFAULT_BANDS = [1, 3, 5, 7, 9];
const LAST_COLUMN = 9;
const DAY_MS = 86_400_000;
const MAX_DATES = 10_000;

export function compatOf(parameters: Readonly<Record<string, unknown>>, standard: Compat): Compat {
  return parameters["compat"] === "2.0.0" ? "2.0.0" : standard;
}

/** @throws ServiceError 422 for a value that does not do, in the original's release 2.0.0 some of them with 500 */
export function parametersOf(given: Readonly<Record<string, unknown>>, compat: Compat): InferenceParameters {
  const lengthOf = (name: string) => (typeof given[name] === "number" ? given[name] : undefined);
  const horizonLen = lengthOf("horizon_len");
  const most = compat === "newest" ? MAX_HORIZON : MAX_DATES;
  if (horizonLen !== undefined && horizonLen > most) {
    throw dataError(422, `horizon_len must be at most ${most}; got ${horizonLen}`);
  }
  const window = compat === "newest";
  return {
    contextLen: lengthOf("context_len"),
    horizonLen,
    usesCovariates: given["use_covariates"] === true,
    bandColumns: bandColumnsOf(given["quantile_indices"], compat),
    frequency: frequencyOf(given["freq"], compat),
    from: window ? timeOf(given, "context_start_date", 0) : undefined,
    until: window ? timeOf(given, "context_end_date", DAY_MS - 1) : undefined,
  };
}

function bandColumnsOf(given: unknown, compat: Compat): number[] | null {
  if (given === null) return null;
  if (given === undefined) return DEFAULT_BANDS;
  if (Array.isArray(given)) {
    return given.filter((index) => Number.isInteger(index) && index >= 1 && index <= LAST_COLUMN).map(Number);
  }
  throw compat === "newest"
    ? dataError(422, "quantile_indices must be a list of 1 to 9, or null")
    : unforeseen("TypeError");
}

function frequencyOf(given: unknown, compat: Compat): Frequency {
  const first: unknown = Array.isArray(given) ? given[0] : given;
  const frequency = first ?? 0;
  if (frequency === 0 || frequency === 1 || frequency === 2) return frequency;
  throw compat === "newest" ? dataError(422, "freq must be 0, 1 or 2") : unforeseen("IndexError");
}

function timeOf(given: Readonly<Record<string, unknown>>, name: string, dayRestMs: number): number | undefined {
  const written = given[name];
  if (written === undefined || written === null || written === "") return undefined;
  const match =
    typeof written === "string" ? /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?Z?$/.exec(written) : null;
  const isDay = match !== null && match[1] === undefined;
  const text = String(written).replace(/Z$/, "");
  const time = match === null ? Number.NaN : Date.parse(isDay ? `${text}T00:00:00Z` : `${text}Z`);
  if (Number.isNaN(time)) throw dataError(422, `${name} must be a date such as 2024-07-10`);
  return isDay ? time + dayRestMs : time;
}
