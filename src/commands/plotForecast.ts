import { svgToPng } from "../platform/charts";
import { replaceFile } from "../platform/replaceFile";
import { type FileAnswer, forecastChart } from "../systems/forecasting";
import { pictureEnding } from "./scenarioArgs";

/** Draws the first series of a forecast into a picture. @throws UsageError by its ending */
export async function plotForecast(answer: FileAnswer, path: string): Promise<void> {
  const ending = pictureEnding(path);
  const [first] = answer.forecasts;
  const svg = forecastChart(answer, first!);
  await replaceFile(path, ending === "svg" ? svg : await svgToPng(svg));
  const more = answer.forecasts.length > 1 ? ` (the first of ${answer.forecasts.length} series)` : "";
  process.stderr.write(`Drew ${first!.series.id ?? answer.read.target}${more} into ${path}\n`);
}
