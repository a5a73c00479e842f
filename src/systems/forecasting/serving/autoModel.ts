import type { ClassicalForecast } from "../classical/forecastSeries";
import { keptFromNegative } from "../decoding/nonNegative";
import type { Forecast, ForecastQuery, Model, Series } from "../model";

/** A forecast with what was chosen for its series. */
export type ChosenForecast = Forecast & Partial<Pick<ClassicalForecast, "chosen">>;

/** Windows of the short backtest by which a model is chosen. */
const WINDOWS = 2;
const MIN_POINTS = 8;
const FALLBACK = "ensemble";

/** A series of a query, and which model won for it. */
interface Won {
  place: number;
  model: Model;
  reason: string;
}

/**
 * Forecasts each series by the model that missed least over two windows at its end, of all that are given; docs/forecasting.md,
 * "Built-in models".
 * @param own what chooses among the built-in models alone
 */
export function autoModel(own: Model, candidates: readonly Model[]): Model {
  return {
    traits: own.traits,
    async forecast(query): Promise<ChosenForecast[]> {
      const able = candidates.filter((model) => canGive(model, query));
      const won = await winnersOf(able, query);
      const forecasts = new Array<ChosenForecast>(query.series.length);
      for (const model of new Set(won.map((one) => one.model))) {
        const mine = won.filter((one) => one.model === model);
        const made = await model.forecast({ ...query, series: mine.map(({ place }) => query.series[place]!) });
        for (const [index, one] of mine.entries()) {
          forecasts[one.place] = chosen(made[index]!, one, query.series[one.place]!, query);
        }
      }
      return forecasts;
    },
  };
}

function canGive({ traits }: Model, { levels, horizon, past }: ForecastQuery): boolean {
  const { levels: own, maxHorizon, fittedFrom } = traits;
  const hasLevels = own === "any" || levels.every((level) => own.includes(level));
  return hasLevels && horizon <= maxHorizon && (past !== "fitted" || Number.isFinite(fittedFrom));
}

async function winnersOf(models: readonly Model[], query: ForecastQuery): Promise<Won[]> {
  const errors = new Map<Model, number[]>();
  const lengths = query.series.map((series) => windowOf(series, query.horizon));
  for (const model of models) errors.set(model, await missedBy(model, query, lengths));
  const fallback = models.find(({ traits }) => traits.id === FALLBACK)!;
  return query.series.map((_series, place): Won => {
    const missed = models.map((model) => ({ model, error: errors.get(model)![place]! }));
    const known = missed.filter(({ error }) => Number.isFinite(error));
    if (known.length === 0) return { place, model: fallback, reason: "The series is too short for a backtest." };
    const best = known.reduce((least, one) => (one.error < least.error ? one : least));
    return { place, model: best.model, reason: reasonOf(best, known, lengths[place]!) };
  });
}

function reasonOf({ error }: { error: number }, known: readonly { model: Model; error: number }[], length: number) {
  const naive = known.find(({ model }) => model.traits.id === "seasonal_naive");
  const compared = naive === undefined ? "" : ` against ${naive.error.toPrecision(3)} of seasonal naive`;
  const head = `Lowest mean error of ${known.length} models over ${WINDOWS} windows of ${length} points`;
  return `${head}: ${error.toPrecision(3)}${compared}.`;
}

/** Points of a window; 0 where the series is too short to be judged. */
function windowOf({ values }: Series, horizon: number): number {
  const length = Math.min(horizon, Math.floor(values.length / 4));
  const seen = values.subarray(0, values.length - WINDOWS * length);
  return values.length < MIN_POINTS || !seen.some(Number.isFinite) ? 0 : length;
}

/** The mean error for each series; NaN where it cannot be judged. Series of equal windows are asked for together. */
async function missedBy(model: Model, query: ForecastQuery, lengths: readonly number[]): Promise<number[]> {
  const sums = lengths.map(() => 0);
  const counts = lengths.map(() => 0);
  for (const length of new Set(lengths.filter((one) => one > 0))) {
    const places = [...lengths.keys()].filter((place) => lengths[place] === length);
    for (let window = WINDOWS; window >= 1; window--) {
      const seenOf = (place: number) => query.series[place]!.values.length - window * length;
      const series = places.map((place) => {
        const one = query.series[place]!;
        return { ...one, values: one.values.subarray(0, seenOf(place)) };
      });
      const said = await model.forecast({ ...query, series, horizon: length, levels: [], past: "none" });
      for (const [index, place] of places.entries()) {
        const { values } = query.series[place]!;
        for (let step = 0; step < length; step++) {
          const error = Math.abs(values[seenOf(place) + step]! - said[index]!.point[step]!);
          if (Number.isNaN(error)) continue;
          sums[place]! += error;
          counts[place]!++;
        }
      }
    }
  }
  return sums.map((sum, place) => (counts[place] === 0 ? Number.NaN : sum / counts[place]!));
}

function chosen(
  forecast: ChosenForecast,
  { model, reason }: Won,
  { values }: Series,
  query: ForecastQuery,
): ChosenForecast {
  const { id, title, family } = model.traits;
  const own = forecast.chosen;
  if (own !== undefined) return { ...forecast, chosen: { ...own, reason } };
  const rule = query.options?.["non_negative"];
  const nonNegative = typeof rule === "boolean" ? rule : "auto";
  const clipped = keptFromNegative(nonNegative, values, [forecast.point, ...forecast.quantiles]);
  const warnings = [...(forecast.warnings ?? []), ...clipped];
  return { ...forecast, warnings, chosen: { model: id, form: `${title} (${family})`, seasons: [], reason } };
}
