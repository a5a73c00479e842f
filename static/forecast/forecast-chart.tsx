import { useMemo } from "preact/hooks";
import { Chart } from "../common/chart/chart";
import type { ChartBand, ChartProps } from "../common/chart/model";
import { useStore } from "../common/store";
import { forecastCurl, type ModelForecast, type Task, type Values } from "./forecast";
import { shownHistory } from "./place";
import { seriesAxis } from "./time-axis";

/** Points of the history that are shown at first: some horizons, so that the forecast can be seen. */
const SHOWN_HORIZONS = 6;
const MIN_SHOWN = 72;
const HEIGHT_PX = 320;

const HISTORY_LOOK = 7;

/** The history, the forecasts of one model with its bands and of others beside it, and what came where that is known. */
export function ForecastChart({ task, forecasts }: { task: Task; forecasts: readonly ModelForecast[] }) {
  const shown = useStore(shownHistory());
  const props = useMemo(() => chartOf(task, forecasts, shown), [task, forecasts, shown]);
  const { series } = task.reading;
  return (
    <div class="forecast-chart">
      <Chart {...props} axis={seriesAxis(series.axis, series.times, series.dates)} />
      <button
        type="button"
        class="quiet"
        aria-pressed={shown === "all"}
        onClick={() => shownHistory().set(shown === "all" ? "recent" : "all")}
      >
        All of the history
      </button>
    </div>
  );
}

function chartOf(task: Task, forecasts: readonly ModelForecast[], shown: "recent" | "all"): ChartProps {
  const { reading, known, horizon } = task;
  const { values, times, dates } = reading.series;
  const from = shown === "all" ? 0 : Math.max(0, known - Math.max(MIN_SHOWN, SHOWN_HORIZONS * horizon));
  const length = known - from + horizon;
  const column = (at: (place: number) => number | null | undefined): Values =>
    Float64Array.from({ length }, (_, place) => at(from + place) ?? Number.NaN);
  // A forecast begins where the history ends, so that the lines meet.
  const ahead = (row: readonly (number | null)[]) =>
    column((place) => (place === known - 1 ? values[known - 1] : row[place - known]));
  const came = values.length > known;
  const lines = forecasts.map(({ model, point }, look) => ({ label: model, look, values: ahead(point) }));
  const history = {
    label: "history",
    look: HISTORY_LOOK,
    values: column((place) => (place < known ? values[place] : null)),
  };
  const actual = {
    label: "actual",
    look: HISTORY_LOOK,
    values: column((place) => (place >= known - 1 ? values[place] : null)),
  };
  return {
    name: "forecast",
    title: reading.series.id === undefined ? reading.read.target : `${reading.read.target} of ${reading.series.id}`,
    unit: "",
    x: column((place) => times[place]),
    series: [...lines, history, ...(came ? [actual] : [])],
    bands: forecasts.length === 0 ? [] : bandsOf(forecasts[0]!, ahead),
    boundary: { at: times[known - 1]!, label: `Forecast after ${dates[known - 1] ?? `point ${known}`}` },
    heightPx: HEIGHT_PX,
    curl: forecastCurl(task, forecasts[0]?.model ?? "ensemble"),
  };
}

function bandsOf({ quantiles }: ModelForecast, ahead: (row: readonly (number | null)[]) => Values): ChartBand[] {
  const band = (low: string, high: string, reach: "outer" | "inner"): ChartBand => ({
    label: `${100 * Number(low)} to ${100 * Number(high)} %`,
    of: 0,
    low: ahead(quantiles[low] ?? []),
    high: ahead(quantiles[high] ?? []),
    reach,
  });
  return [band("0.1", "0.9", "outer"), band("0.3", "0.7", "inner")];
}
