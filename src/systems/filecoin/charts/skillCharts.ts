import { epochDay } from "../../../numeric/calendar";
import { lineChart } from "../../../platform/charts";
import { type OutputName, SERIES_MEANINGS } from "../schema/series";
import type { Comparison } from "../skill/schema";
import type { Picture } from "./batchCharts";

/** The horizon that is drawn, or the longest below it. */
const SHOWN_HORIZON_DAYS = 90;

/** What charts of a backtest take of an answer. */
export interface BacktestAnswerJson {
  forecasts: Comparison[];
}

/** For each series what was forecast some days ahead beside what came, with the bands about the forecasts. */
export function backtestCharts({ forecasts }: BacktestAnswerJson): Picture[] {
  const names = [...new Set(forecasts.map(({ series }) => series))];
  const horizons = forecasts.map(({ horizon_days }) => horizon_days);
  const fitting = horizons.filter((days) => days <= SHOWN_HORIZON_DAYS);
  const horizon = fitting.length > 0 ? Math.max(...fitting) : Math.min(...horizons);
  return names.map((name) => ({ name, svg: chartOf(name, horizon, forecasts) }));
}

function chartOf(name: OutputName, horizon: number, forecasts: readonly Comparison[]): string {
  const shown = forecasts.filter(({ series, horizon_days }) => series === name && horizon_days === horizon);
  const { title, unit } = SERIES_MEANINGS[name];
  const days = shown.map(({ date }) => epochDay(date)!);
  // Anchors are evenly spaced, to the day.
  const stepDays = days.length > 1 ? (days.at(-1)! - days[0]!) / (days.length - 1) : 1;
  const band = (low: number, high: number) => ({
    low: shown.map(({ bands }) => bands?.[low] ?? Number.NaN),
    high: shown.map(({ bands }) => bands?.[high] ?? Number.NaN),
  });
  return lineChart({
    title: `${title}, forecast ${horizon} days ahead, and what came`,
    unit,
    x: { startDay: days[0] ?? 0, stepDays },
    series: [
      { name: "what came", values: shown.map(({ actual }) => actual) },
      { name: "forecast", values: shown.map(({ forecast }) => forecast ?? Number.NaN) },
    ],
    bands: [
      { name: "5 to 95 %", ...band(0, 4), level: "outer", of: 1 },
      { name: "25 to 75 %", ...band(1, 3), level: "inner", of: 1 },
    ],
  });
}
