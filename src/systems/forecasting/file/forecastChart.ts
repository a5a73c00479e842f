import { lineChart } from "../../../platform/charts";
import { stepFrom } from "../reading/steps";
import type { FileAnswer, FileForecast } from "./forecastFile";

const DAY_MS = 86_400_000;
/** Points of the past that are shown: some horizons, so that the forecast can be seen. */
const SHOWN_HORIZONS = 6;
const MIN_SHOWN = 60;

/** One series with its forecast and the band between the outermost levels, as SVG. */
export function forecastChart({ read, levels }: FileAnswer, one: FileForecast): string {
  const { series, horizon, forecast } = one;
  const { values } = series;
  const from = Math.max(0, values.length - Math.max(MIN_SHOWN, SHOWN_HORIZONS * horizon));
  const past = values.length - from;
  const known = Float64Array.from({ length: past + horizon }, (_, at) => values[from + at] ?? Number.NaN);
  const ahead = (row: ArrayLike<number>) =>
    Float64Array.from(known, (_, at) =>
      at === past - 1 ? (values.at(-1) ?? Number.NaN) : (row[at - past] ?? Number.NaN),
    );
  const [low, high] = [levels.indexOf(Math.min(...levels)), levels.indexOf(Math.max(...levels))];
  const x = axisOf(one, from, known.length);
  return lineChart({
    title: series.id === undefined ? read.target : `${read.target} of ${series.id}`,
    unit: "",
    x,
    series: [
      { name: "history", values: known },
      { name: `forecast (${forecast.chosen.model})`, values: ahead(forecast.point) },
    ],
    bands: [
      {
        name: `${100 * levels[low]!} to ${100 * levels[high]!} %`,
        low: ahead(forecast.quantiles[low]!),
        high: ahead(forecast.quantiles[high]!),
        level: "outer",
        of: 1,
      },
    ],
    boundary: { at: boundaryOf(x, past - 1), label: "forecast" },
  });
}

type Axis = { startDay: number; stepDays: number } | { values: Float64Array; title: string };

/** Days at equal steps, which is what months are nearly; numbers where the series has no dates. */
function axisOf({ series: { calendar } }: FileForecast, from: number, length: number): Axis {
  if (calendar === undefined) return { values: Float64Array.from({ length }, (_, at) => from + at + 1), title: "step" };
  const time = (at: number) => stepFrom(calendar.start, from + at, calendar.step);
  const { kind } = calendar.form;
  if (kind === "year" || kind === "index")
    return { values: Float64Array.from({ length }, (_, at) => time(at)), title: kind };
  return { startDay: time(0) / DAY_MS, stepDays: (time(length - 1) - time(0)) / DAY_MS / Math.max(1, length - 1) };
}

function boundaryOf(axis: Axis, at: number): number {
  return "values" in axis ? axis.values[at]! : axis.startDay + at * axis.stepDays;
}
