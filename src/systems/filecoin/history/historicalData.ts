import { daysUntilMonday, epochDay } from "../../../numeric/calendar";
import { roundHalfEven } from "../../../numeric/rounding";
import { historyFileOf } from "./file";
import { shownDates } from "./reanchor";
import { type HistorySnapshot, RATE_FIELDS, SNAPSHOT_FIELDS } from "./snapshot";

const SHOWN_DECIMALS = 6;
const DAYS_PER_WEEK = 7;

/**
 * The body of GET /historical-data: every figure rounded to six decimals, lists of two or more entries thinned to
 * every seventh. As in the original the days to the first Monday are counted from the start date for every list,
 * whatever date its first entry has; docs/filecoin.md, "Which days an answer holds".
 */
export function historicalData(history: HistorySnapshot): { data: Record<string, number | number[]> } {
  const first = daysUntilMonday(epochDay(history.startDate)!);
  const weekly = (entries: Float64Array) =>
    entries.length < 2 ? entries : entries.filter((_, k) => k >= first && (k - first) % DAYS_PER_WEEK === 0);
  const rounded = (value: number) => roundHalfEven(value, SHOWN_DECIMALS);
  const shown = (value: number | Float64Array) =>
    typeof value === "number" ? rounded(value) : Array.from(weekly(value), rounded);
  return { data: namedFigures(history, shown) };
}

/** The body of GET /historical-data/full: every figure whole, with its source and dates. */
export function fullHistoricalData(history: HistorySnapshot) {
  const shown = (value: number | Float64Array) => (typeof value === "number" ? value : Array.from(value));
  return { ...originOf(history), data: namedFigures(history, shown) };
}

/** The body of GET /sim-dates: the dates, and how many entries each list has. */
export function simulationDates(history: HistorySnapshot) {
  const { historical_arrays, offline_data } = historyFileOf(history);
  const lists = Object.entries({ ...historical_arrays, ...offline_data });
  const lengths = lists.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.length] as const] : []));
  return { ...originOf(history), lengths: Object.fromEntries(lengths) };
}

function originOf(history: HistorySnapshot) {
  return { source: history.source, ...shownDates(history) };
}

/** Every figure by the contract's names and in its order. */
function namedFigures<Shown>(history: HistorySnapshot, shown: (value: number | Float64Array) => Shown) {
  return Object.fromEntries([
    ...RATE_FIELDS.map(([name, key]) => [`${name}_averaged_over_previous_30days`, shown(history.smoothed[key])]),
    ...RATE_FIELDS.map(([name, key]) => [name, shown(history.recent[key])]),
    ...SNAPSHOT_FIELDS.map(([name, key]) => [name, shown(history[key])]),
  ]) as Record<string, Shown>;
}
