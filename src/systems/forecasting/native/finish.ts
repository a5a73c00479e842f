import { calibratedQuantiles } from "../classical/calibration";
import type { ClassicalForecast } from "../classical/forecastSeries";
import type { CovariateForecast } from "../covariates/forecast";
import { keptFromNegative, type NonNegative } from "../decoding/nonNegative";
import type { Forecast, Table, Warning } from "../model";
import { datesFrom, type SeriesCalendar } from "../reading/calendar";
import type { LevelRecipe } from "./levels";

/** A forecast as a model gives it, with what only some of them have. */
export type MadeForecast = Forecast &
  Partial<Pick<CovariateForecast, "xreg" | "base" | "shares">> &
  Partial<Pick<ClassicalForecast, "chosen">>;

/** A series that was forecast, and what the answer needs of it. */
export interface MadeRow {
  id?: string;
  /** Its place in the request. */
  index: number;
  values: Float64Array;
  calendar?: SeriesCalendar;
  forecast: MadeForecast;
  /** What the model said when it had seen so many points, where its past errors are asked for. */
  past?: { seen: number; point: Float64Array }[];
}

export interface FinishRules {
  levels: readonly number[];
  recipes: readonly LevelRecipe[];
  /** Whether quantiles that cross are repaired. */
  uncrosses: boolean;
  /** `done` where the model has seen to it. */
  nonNegative: NonNegative | "done";
  tellsFull: boolean;
}

/** A forecast as it is answered. */
export interface FinishedForecast {
  id?: string;
  index: number;
  dates?: string[];
  point: Float64Array;
  /** For each level of the request. */
  quantiles: Float64Array[];
  full?: Table;
  fitted?: { from: number; point: Float64Array; full?: Table };
  xreg?: { fit: Float64Array; base: number; shares: Record<string, Float64Array> };
  chosen?: ClassicalForecast["chosen"];
  warnings: readonly Warning[];
}

/** Makes of a model's forecast what is answered: the levels that were asked for, in order, nothing below 0 where that holds. */
export function finished(row: MadeRow, rules: FinishRules): FinishedForecast {
  const { id, index, values, calendar, forecast } = row;
  const { point, full, fitted, xreg, base, shares, chosen } = forecast;
  const quantiles = rules.recipes.map((recipe, level) => quantileOf(recipe, rules.levels[level]!, row));
  if (rules.uncrosses) uncrossRows(rules.levels, quantiles);
  const clipped =
    rules.nonNegative === "done" ? [] : keptFromNegative(rules.nonNegative, values, [point, ...quantiles]);
  return {
    ...(id !== undefined && { id }),
    index,
    ...(calendar && { dates: datesFrom(calendar, values.length, point.length) }),
    point,
    quantiles,
    ...(rules.tellsFull && full && { full }),
    ...(fitted && { fitted }),
    ...(xreg && { xreg: { fit: xreg, base: base!, shares: shares! } }),
    ...(chosen && { chosen }),
    warnings: [...(forecast.warnings ?? []), ...clipped],
  };
}

function quantileOf(recipe: LevelRecipe, level: number, { forecast, values, past = [] }: MadeRow): Float64Array {
  const { quantiles, point } = forecast;
  if (recipe.kind === "head") return quantiles[recipe.place]!.slice();
  if (recipe.kind === "between") {
    const [low, high] = [quantiles[recipe.low]!, quantiles[recipe.high]!];
    return low.map((value, step) => value + recipe.weight * (high[step]! - value));
  }
  const said = new Map(past.map(({ seen, point: then }) => [seen, then]));
  const asFitted = { label: "", parameters: 0, forecast: (seen: number) => said.get(seen)! };
  return calibratedQuantiles(asFitted, values, point, [level])[0]!;
}

/** Makes quantiles rise with their level, outward from the one nearest to the median. */
function uncrossRows(levels: readonly number[], quantiles: readonly Float64Array[]): void {
  const order = levels.map((_, place) => place).sort((a, b) => levels[a]! - levels[b]!);
  const rows = order.map((place) => quantiles[place]!);
  const far = (rank: number) => Math.abs(levels[order[rank]!]! - 0.5);
  const middle = order.reduce((nearest, _, rank) => (far(rank) < far(nearest) ? rank : nearest), 0);
  for (let rank = middle - 1; rank >= 0; rank--) hold(rows[rank]!, rows[rank + 1]!, Math.min);
  for (let rank = middle + 1; rank < rows.length; rank++) hold(rows[rank]!, rows[rank - 1]!, Math.max);
}

function hold(row: Float64Array, neighbour: Float64Array, bound: (a: number, b: number) => number): void {
  for (let step = 0; step < row.length; step++) row[step] = bound(row[step]!, neighbour[step]!);
}
