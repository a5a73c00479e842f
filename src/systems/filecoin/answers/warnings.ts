import type { Forecast } from "../model/forecast";
import { OUTPUTS } from "../model/outputs";
import { dateAt, type ShownSeries } from "./shape";

/** Entries of one series that are not numbers. */
export interface Warning {
  series: string;
  /** How many entries of the answer. */
  count: number;
  /** Place and date of the first of them in the answer. */
  first_index: number;
  first_date: string;
  reason: string;
}

/** One warning for each series of the answer that holds NaN or an infinity. */
export function warningsOf(run: Forecast, shown: readonly ShownSeries[]): Warning[] {
  return shown.flatMap((series) => {
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
}

function warningAt(run: Forecast, { name, grid, zeroDay }: ShownSeries, first: number, count: number): Warning {
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
