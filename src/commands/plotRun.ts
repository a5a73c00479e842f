import { svgToPng } from "../platform/charts";
import { UsageError } from "../platform/errors";
import { replaceFile } from "../platform/replaceFile";
import {
  type Engine,
  forecast,
  OUTPUT_NAMES,
  OUTPUTS,
  type OutputName,
  plotSeries,
  type Scenario,
  SERIES_MEANINGS,
} from "../systems/filecoin";
import { pictureEnding } from "./scenarioArgs";

/** Draws the named series of a run into one picture. @throws UsageError when they cannot share one, or by its ending. */
export async function plotRun(
  engine: Engine,
  scenario: Scenario,
  names: readonly OutputName[],
  path: string,
): Promise<void> {
  const ending = pictureEnding(path);
  refuseMixed(names);
  const run = forecast(engine, scenario, names);
  const svg = plotSeries(names, run.series, engine.history);
  await replaceFile(path, ending === "svg" ? svg : await svgToPng(svg));
  process.stderr.write(`Drew ${names.join(", ")} into ${path}\n`);
}

/** One chart has one unit and one beginning. */
function refuseMixed(names: readonly OutputName[]): void {
  const kinds = new Set(names.map((name) => `${SERIES_MEANINGS[name].unit} ${OUTPUTS[name].extent === "forecast"}`));
  if (kinds.size === 1) return;
  const asked = names.length === OUTPUT_NAMES.length ? "all series" : names.join(", ");
  throw new UsageError(`--plot draws series of one unit into one picture; choose some with --series, got ${asked}.`);
}
