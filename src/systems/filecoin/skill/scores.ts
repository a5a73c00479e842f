import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { finiteOrNull } from "../../../numeric/finite";
import type { OutputName } from "../schema/series";
import { type AnchorForecast, SCORED_SHARES } from "./anchorForecast";
import type { Comparison, Score } from "./schema";

/** Stocks that were measured on some days of a history. */
const STOCKS: ReadonlySet<OutputName> = new Set<OutputName>(["circ_supply", "network_locked"]);
const BAND_AIM = 0.9;

/** Series that the history records day by day. All others are reconstructed from it. */
const MEASURED: ReadonlySet<OutputName> = new Set<OutputName>([
  "rb_total_power_eib",
  "qa_total_power_eib",
  "network_RBP_EIB",
  "network_QAP_EIB",
  "rb_day_onboarded_power_pib",
  "qa_day_onboarded_power_pib",
  "day_onboarded_power_QAP_PIB",
  "rb_day_renewed_power_pib",
  "qa_day_renewed_power_pib",
  "day_renewed_power_QAP_PIB",
  "full_renewal_rate",
  "network_gas_burn",
]);

const WIDTH = SCORED_SHARES.length;
/** Where the quantiles that a band is told by stand among those that are scored. */
const BAND_PLACES = [0, 2, 3, 4, 6] as const;

/** What comparisons are made of. */
export interface Compared {
  anchors: readonly AnchorForecast[];
  outputs: readonly OutputName[];
  horizonsDays: readonly number[];
  /** The start date in days since 1970-01-01. */
  startDay: number;
  /** The last day on which stocks were measured, counted from the start date; -1 where there is none. */
  lastMeasuredDay: number;
}

/** Every forecast whose day has come, by series, horizon and anchor. */
export function comparisonsOf({ anchors, outputs, horizonsDays, startDay, lastMeasuredDay }: Compared): Comparison[] {
  return outputs.flatMap((series, o) =>
    horizonsDays.flatMap((horizon, h) =>
      anchors.flatMap(({ day, forecast, actual, unchanged, quantiles }) => {
        const at = o * horizonsDays.length + h;
        if (!Number.isFinite(actual[at]!)) return [];
        const scored = quantiles.subarray(WIDTH * at, WIDTH * (at + 1));
        const hasBands = scored.length > 0 && scored.every(Number.isFinite);
        return {
          anchor: isoDateOf(startDay + day),
          horizon_days: horizon,
          date: isoDateOf(startDay + day + horizon),
          series,
          truth: truthOf(series, day + horizon, lastMeasuredDay),
          forecast: finiteOrNull(forecast[at]!),
          actual: actual[at]!,
          no_change: unchanged[at]!,
          bands: hasBands ? BAND_PLACES.map((place) => scored[place]!) : null,
          band_80: hasBands ? [scored[1]!, scored[5]!] : null,
        };
      }),
    ),
  );
}

function truthOf(series: OutputName, day: number, lastMeasuredDay: number): Comparison["truth"] {
  if (MEASURED.has(series)) return "measured";
  return STOCKS.has(series) && day <= lastMeasuredDay ? "measured" : "reconstructed";
}

/** The scores of each series and horizon; what was measured and what was reconstructed of one series apart. */
export function scoresOf(
  comparisons: readonly Comparison[],
  outputs: readonly OutputName[],
  horizonsDays: readonly number[],
): Score[] {
  return outputs.flatMap((series) =>
    horizonsDays.flatMap((horizon) => {
      const of = comparisons.filter((one) => one.series === series && one.horizon_days === horizon);
      const truths = [...new Set(of.map(({ truth }) => truth))];
      if (truths.length === 0) truths.push(MEASURED.has(series) ? "measured" : "reconstructed");
      return truths.map((truth) =>
        scoreOf(
          series,
          truth,
          horizon,
          of.filter((one) => one.truth === truth),
        ),
      );
    }),
  );
}

function scoreOf(
  series: OutputName,
  truth: Comparison["truth"],
  horizon: number,
  compared: readonly Comparison[],
): Score {
  const errors = compared.flatMap(({ forecast, actual }) => (forecast === null ? [] : relative(forecast, actual)));
  const unchanged = compared.flatMap(({ no_change, actual }) => relative(no_change, actual));
  const mape = mean(errors.map(Math.abs));
  const noChange = mean(unchanged.map(Math.abs));
  const withBands = compared.filter(({ bands }) => bands !== null);
  const inside = (band: (one: Comparison) => readonly [number, number]) =>
    mean(withBands.map((one) => Number(band(one)[0] <= one.actual && one.actual <= band(one)[1])));
  return {
    series,
    truth,
    horizon_days: horizon,
    forecasts: errors.length,
    mape,
    bias: mean(errors),
    no_change_mape: noChange,
    skill: mape === null || noChange === null || noChange === 0 ? null : 1 - mape / noChange,
    inside_50: inside(({ bands }) => [bands![1]!, bands![3]!]),
    inside_80: inside(({ band_80 }) => [band_80![0]!, band_80![1]!]),
    inside_90: inside(({ bands }) => [bands![0]!, bands![4]!]),
    interval_score_90: mean(withBands.flatMap(intervalScore)),
    independent_spans: spansOf(compared, horizon),
  };
}

/** What a band that aims at 90 % costs: its width, and what lies beyond it by the weight that makes honesty cheapest. */
function intervalScore({ bands, actual }: Comparison): number[] {
  const [low, high] = [bands![0]!, bands![4]!];
  const beyond = Math.max(0, low - actual) + Math.max(0, actual - high);
  return actual === 0 ? [] : [(high - low + (2 / (1 - BAND_AIM)) * beyond) / Math.abs(actual)];
}

/** How many spans of a horizon fit between the anchors without a common day. */
function spansOf(compared: readonly Comparison[], horizon: number): number {
  if (compared.length === 0) return 0;
  const days = compared.map(({ anchor }) => epochDay(anchor)!);
  return Math.floor((Math.max(...days) - Math.min(...days)) / horizon) + 1;
}

/** The error as a share of what came; none where that was nothing. */
function relative(forecast: number, actual: number): number[] {
  return actual === 0 ? [] : [(forecast - actual) / Math.abs(actual)];
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
