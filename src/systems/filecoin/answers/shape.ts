import { daysUntilMonday, isoDateOf } from "../../../numeric/calendar";
import type { Forecast } from "../model/forecast";
import { type Extent, OUTPUTS } from "../model/outputs";
import type { OutputName } from "../schema/series";

/**
 * How the series of a run are put into an answer.
 *
 * - `contract`: the forecast days, beside an `input` member, as the original server answers; the one-year series whole.
 * - `whole`: the same, every series from the start date on, daily.
 * - `flat`: every series whole and daily under its own name and nothing else.
 * - `saved`: the same under `results`, beside the scenario under `setup`.
 * - `series`: the same under `series`, with numbers that are none as texts; what the command line prints.
 */
export type AnswerForm = "contract" | "whole" | "flat" | "saved" | "series";

export interface AnswerShape {
  form: AnswerForm;
  format: "json" | "csv";
  /** `rounded` to two decimals, or `full`: the shortest text that reads back as the same number. */
  precision: "rounded" | "full";
  /** `weekly` thins the `contract` form as the original does; the other forms are always daily. */
  sampling: "weekly" | "daily";
}

export const CONTRACT_SHAPE: AnswerShape = {
  form: "contract",
  format: "json",
  precision: "rounded",
  sampling: "weekly",
};

/** Which entries of a series an answer holds: `count` of them from index `from`, every `step`-th. */
export interface Grid {
  from: number;
  step: number;
  count: number;
}

/** A series of the run with the entries that the answer holds. */
export interface ShownSeries {
  name: OutputName;
  values: Float64Array;
  grid: Grid;
  /** The date of entry 0 of `values`, in days since 1970-01-01. */
  zeroDay: number;
}

const DAYS_PER_WEEK = 7;

/** The asked series, each once, in the order in which they were asked. */
export function shownSeries(run: Forecast, names: readonly OutputName[], shape: AnswerShape): ShownSeries[] {
  return [...new Set(names)].map((name) => {
    const { extent } = OUTPUTS[name];
    return { name, values: run.series(name), grid: gridOf(run, extent, shape), zeroDay: zeroDayOf(run, extent) };
  });
}

/** What a shape keeps of the series of an extent; docs/filecoin.md, "Which days an answer holds". */
export function gridOf(run: Forecast, extent: Extent, shape: AnswerShape): Grid {
  const whole = { from: 0, step: 1, count: run.lengths[extent] };
  if (shape.form !== "contract") return whole;
  const kept = extent === "total" ? { from: run.engine.historyDays, step: 1, count: run.forecastDays } : whole;
  // The original counts the days to the first Monday from the start date, whatever date the first entry has.
  return shape.sampling === "weekly" ? thinned(kept, daysUntilMonday(zeroDayOf(run, "total"))) : kept;
}

/** Every seventh entry from the given one on; a single entry stays. */
function thinned(grid: Grid, skipped: number): Grid {
  if (grid.count <= 1) return grid;
  const count = Math.max(0, Math.ceil((grid.count - skipped) / DAYS_PER_WEEK));
  return { from: grid.from + skipped, step: DAYS_PER_WEEK, count };
}

/** The date of entry 0 of every series of an extent, in days since 1970-01-01. */
export function zeroDayOf(run: Forecast, extent: Extent): number {
  const { startDay, historyDays } = run.engine;
  return extent === "forecast" ? startDay + historyDays : startDay;
}

/** The date of the k-th entry that a grid keeps. */
export function dateAt(zeroDay: number, grid: Grid, k: number): string {
  return isoDateOf(zeroDay + grid.from + k * grid.step);
}
