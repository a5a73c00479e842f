import { isoDateOf } from "../../../numeric/calendar";
import { finiteOrNull } from "../../../numeric/finite";
import { BAND_SHARES } from "../batch/run/figures";
import type { OutputName } from "../schema/series";
import type { AnchorForecast } from "./anchorForecast";
import type { Comparison, Score } from "./schema";

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

const WIDTH = BAND_SHARES.length;

/** Every forecast whose day has come, by series, horizon and anchor. @param startDay in days since 1970-01-01 */
export function comparisonsOf(
  anchors: readonly AnchorForecast[],
  outputs: readonly OutputName[],
  horizonsDays: readonly number[],
  startDay: number,
): Comparison[] {
  return outputs.flatMap((series, o) =>
    horizonsDays.flatMap((horizon, h) =>
      anchors.flatMap(({ day, forecast, actual, unchanged, quantiles }) => {
        const at = o * horizonsDays.length + h;
        if (!Number.isFinite(actual[at]!)) return [];
        const bands = Array.from(quantiles.subarray(WIDTH * at, WIDTH * (at + 1)));
        return {
          anchor: isoDateOf(startDay + day),
          horizon_days: horizon,
          date: isoDateOf(startDay + day + horizon),
          series,
          forecast: finiteOrNull(forecast[at]!),
          actual: actual[at]!,
          no_change: unchanged[at]!,
          bands: bands.every(Number.isFinite) ? bands : null,
        };
      }),
    ),
  );
}

/** The scores of each series and horizon. */
export function scoresOf(
  comparisons: readonly Comparison[],
  outputs: readonly OutputName[],
  horizonsDays: readonly number[],
): Score[] {
  return outputs.flatMap((series) =>
    horizonsDays.map((horizon) => {
      const of = comparisons.filter((one) => one.series === series && one.horizon_days === horizon);
      return scoreOf(series, horizon, of);
    }),
  );
}

function scoreOf(series: OutputName, horizon: number, compared: readonly Comparison[]): Score {
  const errors = compared.flatMap(({ forecast, actual }) => (forecast === null ? [] : relative(forecast, actual)));
  const unchanged = compared.flatMap(({ no_change, actual }) => relative(no_change, actual));
  const mape = mean(errors.map(Math.abs));
  const noChange = mean(unchanged.map(Math.abs));
  const withBands = compared.filter(({ bands }) => bands !== null);
  const inside = (low: number, high: number) =>
    mean(withBands.map(({ bands, actual }) => Number(bands![low]! <= actual && actual <= bands![high]!)));
  return {
    series,
    truth: MEASURED.has(series) ? "measured" : "reconstructed",
    horizon_days: horizon,
    forecasts: errors.length,
    mape,
    bias: mean(errors),
    no_change_mape: noChange,
    skill: mape === null || noChange === null || noChange === 0 ? null : 1 - mape / noChange,
    inside_50: inside(1, 3),
    inside_90: inside(0, 4),
  };
}

/** The error as a share of what came; none where that was nothing. */
function relative(forecast: number, actual: number): number[] {
  return actual === 0 ? [] : [(forecast - actual) / Math.abs(actual)];
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
