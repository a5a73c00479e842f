import { epochDay } from "../../../numeric/calendar";
import { lineChart, svgToPng } from "../../../platform/charts";
import { OUTPUTS } from "../model/outputs";
import { type OutputName, SERIES_MEANINGS } from "../schema/series";

/** Series of one unit in one chart, as SVG, history shaded. @param series entries from the first day of each extent */
export function plotSeries(
  names: readonly OutputName[],
  series: (name: OutputName) => ArrayLike<number | null>,
  dates: { startDate: string; currentDate: string },
): string {
  const [first] = names;
  const { title, unit } = SERIES_MEANINGS[first!];
  const today = epochDay(dates.currentDate)!;
  const startDay = OUTPUTS[first!].extent === "forecast" ? today : epochDay(dates.startDate)!;
  return lineChart({
    title: names.length === 1 ? title : names.map((name) => SERIES_MEANINGS[name].title).join(", "),
    unit,
    x: { startDay },
    series: names.map((name) => ({
      name: SERIES_MEANINGS[name].title,
      values: Float64Array.from(series(name), (value) => value ?? Number.NaN),
    })),
    boundary: { at: today, label: "forecast" },
  });
}

/** A saved run, `{setup, results}`, as plots of its first `count` series: PNG in base64 under each one's name. */
export async function plotSaved(saved: Uint8Array, count: number): Promise<Record<string, string>> {
  const { setup, results } = JSON.parse(new TextDecoder().decode(saved)) as SavedRun;
  const dates = { startDate: setup.start_date, currentDate: setup.current_date };
  const plots: Record<string, string> = {};
  for (const name of (Object.keys(results) as OutputName[]).slice(0, count)) {
    const png = await svgToPng(
      plotSeries([name], () => results[name]!, dates),
      { scale: 1 },
    );
    plots[name] = Buffer.from(png).toString("base64");
  }
  return plots;
}

interface SavedRun {
  setup: { start_date: string; current_date: string };
  results: Record<string, (number | null)[]>;
}
