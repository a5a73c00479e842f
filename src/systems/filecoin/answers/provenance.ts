import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { roundHalfEven } from "../../../numeric/rounding";
import { measuredTo } from "../history/measured";
import { shownDates } from "../history/reanchor";
import type { HistorySnapshot } from "../history/snapshot";
import { MODEL_VERSION } from "../model/constants";
import type { Forecast } from "../model/forecast";
import type { Extent } from "../model/outputs";
import { policyMembers } from "../policies/members";
import type { Control, Scenario } from "../scenario";
import { type Model, PROTOCOL_AS_OF, type Rules } from "../schema/rules";
import { type AnswerShape, dateAt, gridOf, zeroDayOf } from "./shape";

/**
 * The contract's `input`: the rates it tells are those of the history, whatever the scenario's are. The dates are of the
 * first and the last entry of the series.
 */
export function inputOf(run: Forecast, shape: AnswerShape) {
  const { engine, forecastDays } = run;
  const { smoothed, currentDate } = engine.history;
  const { first_date, step_days, count } = axisOf(run, "total", shape);
  const last = first_date === null ? null : isoDateOf(epochDay(first_date)! + (count - 1) * step_days);
  return {
    "current date": currentDate,
    forecast_length_days: forecastDays,
    raw_byte_power: roundHalfEven(smoothed.rawBytePower, 2),
    renewal_rate: roundHalfEven(smoothed.renewalRate, 2),
    filplus_rate: roundHalfEven(smoothed.filPlusRate, 2),
    // What newer clients of the original read.
    sim_start_date: first_date,
    sim_end_date: last,
    timestep_days: step_days,
  };
}

/** Where the figures come from, which days they are for, and what is needed to have them again. */
export function provenanceOf(run: Forecast) {
  const { history, snapshotId } = run.engine;
  return {
    source: history.source,
    dates: datesOf(run),
    stamp: { engine: "cpu-f64", model: MODEL_VERSION, snapshot: snapshotId },
    ...rulesOf(run.engine.rules, run.model, history),
  };
}

/** The rules that a run followed, and of what day they are. */
export function rulesOf(rules: Rules, model: Model, history: HistorySnapshot) {
  if (rules === "plain") return { rules, model };
  const until = measuredTo(history);
  return { rules, protocol_as_of: PROTOCOL_AS_OF, ...(until !== undefined && { measured_to: until }), model };
}

/** The dates of the entries that the contract's form keeps: of the one-year series, and of all others. */
export function axesOf(run: Forecast, shape: AnswerShape) {
  return { forecast: axisOf(run, "total", shape), years: axisOf(run, "years", shape) };
}

/** The scenario as it was run, by the contract's names; a later run of these members gives the same results. */
export function setupOf(run: Forecast, scenario: Scenario): Record<string, unknown> {
  return {
    ...datesOf(run),
    rules: scenario.rules,
    model: scenario.model,
    forecast_length_days: scenario.forecastDays,
    ...(scenario.model === "schedule" && { sector_duration_days: scenario.sectorDays }),
    lock_target: plain(scenario.lockTarget),
    rbp: plain(scenario.rbpPibPerDay),
    rr: plain(scenario.renewalRate),
    fpr: plain(scenario.filPlusRate),
    fil_plus_m: plain(scenario.filPlusMultiplier),
    qa_renew_relative_multiplier: plain(scenario.qaRenewalMultiplier),
    ...(scenario.gammaRamp === undefined && { gamma: plain(scenario.gamma) }),
    gamma_weight_type: plain(scenario.gammaWeighting),
    use_available_supply: scenario.supplyBase === "available",
    ...(scenario.model === "schedule" && { known_trim: scenario.knownTrim }),
    ...(scenario.burnPerDayFil !== undefined && { burn_per_day: plain(scenario.burnPerDayFil) }),
    ...policyMembers(scenario),
    ...(scenario.baselineEib && { baseline_eib: Array.from(scenario.baselineEib) }),
    source: run.engine.history.source,
  };
}

/** `end_date` is the first day that is not forecast. */
function datesOf({ engine, forecastDays }: Forecast) {
  const { history } = engine;
  return { ...shownDates(history), end_date: isoDateOf(epochDay(history.currentDate)! + forecastDays) };
}

/** The dates of the entries of all series of an extent. */
function axisOf(run: Forecast, extent: Extent, shape: AnswerShape) {
  const grid = gridOf(run, extent, shape);
  const first_date = grid.count === 0 ? null : dateAt(zeroDayOf(run, extent), grid, 0);
  return { first_date, step_days: grid.step, count: grid.count };
}

function plain(control: Control): number | number[] {
  return typeof control === "number" ? control : Array.from(control);
}
