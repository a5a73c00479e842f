import { daysUntilMonday, epochDay, isoDateOf } from "../../../numeric/calendar";
import { finiteOrNull } from "../../../numeric/finite";
import { roundHalfEven } from "../../../numeric/rounding";
import { prepareEngine } from "../model/engine";
import { forecast } from "../model/forecast";
import { scenarioFrom } from "../scenario";
import { historyFileOf } from "./file";
import { shownDates } from "./reanchor";
import { type HistorySnapshot, RATE_FIELDS, SNAPSHOT_FIELDS } from "./snapshot";

type ShownFigure = number | string | (number | null)[];

const SHOWN_DECIMALS = 6;
const DAYS_PER_WEEK = 7;

/**
 * The body of GET /historical-data: every figure rounded to six decimals, lists of two or more entries thinned to
 * every seventh. As in the original the days to the first Monday are counted from the start date for every list,
 * whatever date its first entry has; docs/filecoin.md, "Which days an answer holds".
 */
export function historicalData(history: HistorySnapshot): { data: Record<string, ShownFigure> } {
  const first = daysUntilMonday(epochDay(history.startDate)!);
  const weekly = (entries: Float64Array) =>
    entries.length < 2 ? entries : entries.filter((_, k) => k >= first && (k - first) % DAYS_PER_WEEK === 0);
  const rounded = (value: number) => roundHalfEven(value, SHOWN_DECIMALS);
  const shown = (value: number | Float64Array) =>
    typeof value === "number" ? rounded(value) : Array.from(weekly(value), rounded);
  return { data: { ...namedFigures(history, shown), ...datedFigures(history, first, weekly) } };
}

/** What newer clients of the original read beside its figures: the dates of the lists, and lists of stocks by date. */
function datedFigures(history: HistorySnapshot, first: number, weekly: (entries: Float64Array) => Float64Array) {
  const { startDate, currentDate, burntFil, recent } = history;
  const startDay = epochDay(startDate)!;
  const stocks = historicalStocks(history);
  const list = (entries: Float64Array) =>
    Array.from(weekly(entries), (value) => finiteOrNull(roundHalfEven(value, SHOWN_DECIMALS)));
  return {
    data_start_date: isoDateOf(startDay + first),
    data_end_date: currentDate,
    timestep_days: DAYS_PER_WEEK,
    n_entries: weekly(burntFil).length,
    hist_window_start_date: isoDateOf(epochDay(currentDate)! - recent.rawBytePower.length + 1),
    hist_window_end_date: currentDate,
    hist_window_days: recent.rawBytePower.length,
    hist_window_n_entries: weekly(recent.rawBytePower).length,
    historical_circulating_fil: list(stocks.circulating),
    historical_locked_fil: list(stocks.locked),
    historical_burnt_fil: list(burntFil),
    historical_pledge_fil_per_sector: list(stocks.pledgePerSector),
  };
}

const stocksOf = new WeakMap<HistorySnapshot, HistoricalStocks>();

interface HistoricalStocks {
  circulating: Float64Array;
  locked: Float64Array;
  pledgePerSector: Float64Array;
}

/** As measured, and reconstructed under the rules in force where nothing was. */
function historicalStocks(history: HistorySnapshot): HistoricalStocks {
  const known = stocksOf.get(history);
  if (known !== undefined) return known;
  const scenario = scenarioFrom({ rules: "mainnet", forecast_length_days: 1 }, history.smoothed);
  const run = forecast(prepareEngine(history, 1, { rules: "mainnet" }), scenario);
  const stocks = {
    circulating: run.series("circ_supply").slice(),
    locked: run.series("network_locked").slice(),
    pledgePerSector: run.series("day_pledge_per_QAP").slice(),
  };
  stocksOf.set(history, stocks);
  return stocks;
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
