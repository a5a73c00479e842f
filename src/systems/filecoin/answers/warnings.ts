import { reconstructionNote } from "../history/measured";
import type { HistorySnapshot } from "../history/snapshot";
import type { Forecast } from "../model/forecast";
import { OUTPUTS } from "../model/outputs";
import type { Scenario } from "../scenario";
import { doubtsOf } from "./doubts";
import { dateAt, type ShownSeries } from "./shape";

/** What a reader of the answer must know: of the whole run, or of entries of one series that are not numbers. */
export type Warning = { reason: string } | SeriesWarning;

interface SeriesWarning {
  series: string;
  /** How many entries of the answer. */
  count: number;
  /** Place and date of the first of them in the answer. */
  first_index: number;
  first_date: string;
  reason: string;
}

/** What is to be told of how the scenario was read, then one warning for each series that holds NaN or an infinity. */
export function warningsOf(run: Forecast, scenario: Scenario, shown: readonly ShownSeries[]): Warning[] {
  const ofSeries = shown.flatMap((series) => {
    const { values, grid } = series;
    let count = 0;
    let first = 0;
    for (let k = grid.count - 1; k >= 0; k--) {
      if (Number.isFinite(values[grid.from + k * grid.step]!)) continue;
      count++;
      first = k;
    }
    return count === 0 ? [] : [warningAt(run, series, first, count)];
  });
  const told = [...notesOf(scenario, run.engine.history), ...(shown.length > 0 ? doubtsOf(run, scenario) : [])];
  return [...told.map((reason) => ({ reason })), ...ofSeries];
}

/** What is to be told of a scenario and of the stocks that it starts from. */
export function notesOf({ rules, notes }: Scenario, history: HistorySnapshot): string[] {
  const stocks = rules === "mainnet" ? reconstructionNote(history) : undefined;
  return stocks === undefined ? [...notes] : [...notes, stocks];
}

function warningAt(run: Forecast, { name, grid, zeroDay }: ShownSeries, first: number, count: number): SeriesWarning {
  const index = grid.from + first * grid.step;
  const day = OUTPUTS[name].extent === "forecast" ? index + run.engine.historyDays : index;
  return {
    series: name,
    count,
    first_index: first,
    first_date: dateAt(zeroDay, grid, first),
    reason: reasonAt(run, day),
  };
}

/** Why the model has no number on the day: what it divided by, else what it was driven to. */
function reasonAt({ engine }: Forecast, day: number): string {
  if (engine.power.onboardedQaPib[day] === 0)
    return "no power is onboarded on that day, so nothing can be divided by it";
  if (engine.power.qaEib[day] === 0) return "the network has no power on that day, so nothing can be divided by it";
  return "the scenario drives the model beyond the range of its numbers";
}
