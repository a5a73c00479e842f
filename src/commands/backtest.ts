import { defineCommand } from "citty";
import { backtestCharts, backtestRequest } from "../systems/filecoin";
import { printFileBacktest } from "./fileBacktest";
import { dataArgs } from "./forecast";
import { numbered, runBatch } from "./runBatch";
import { checked, flag, scenarioArgs, seriesNames, textArg } from "./scenarioArgs";

const {
  "sector-duration": sectorDuration,
  "lock-target": lockTarget,
  rules,
  model,
  history,
  "data-dir": dataDir,
  series,
} = scenarioArgs;

export default defineCommand({
  meta: {
    name: "backtest",
    description: "How good past forecasts were: of the series of a file, or, without one, of Filecoin.",
  },
  args: {
    file: {
      type: "positional",
      description: "A CSV, JSON or XLSX file; without one Filecoin is judged",
      required: false,
    },
    ...dataArgs,
    models: textArg("With a file: built-in models, comma-separated (default ensemble)", "A,B"),
    windows: textArg("With a file: cut-offs (default 3)", "N"),
    step: textArg("With a file: points between cut-offs (default the horizon)", "N"),
    "sector-duration": sectorDuration,
    "lock-target": lockTarget,
    rules,
    model,
    measured: textArg("Measured circulating and locked supply as CSV, to score against", "FILE"),
    history,
    "data-dir": dataDir,
    series,
    format: textArg("json, csv or table (default json; with a file table)", "F"),
    horizons: textArg("Days ahead that are compared, comma-separated (default 30,90,180,365)", "D,D"),
    anchors: textArg("Past days from which forecasts are made, at most 60, or weekly (default 16)", "N"),
    known: textArg("flows or later_rows: what was known of expirations (default flows)", "K"),
    runs: textArg("Runs by chance for the bands of each forecast, at most 500 (default 200)", "N"),
    seed: textArg("The same seed gives the same bands (default 1)", "N"),
    plot: textArg("Draw each series' forecasts beside what came into .png or .svg files", "FILE"),
  },
  run: ({ args }) => (args.file === undefined ? printBacktest(args) : printFileBacktest(args.file, args)),
});

/** Prints or draws a backtest, by the flags of its command. */
export async function printBacktest(args: Record<string, unknown>): Promise<number> {
  const horizons = flag(args, "horizons");
  const known = flag(args, "known");
  const request = checked(backtestRequest, {
    ...numbered(args, { "sector-duration": "sector_duration_days", "lock-target": "lock_target" }),
    ...numbered(args, { anchors: "anchors", runs: "runs", seed: "seed" }),
    ...(horizons !== undefined && { horizons_days: horizons.split(",").map(Number) }),
    ...Object.fromEntries(
      ["rules", "model"].flatMap((name) => (flag(args, name) === undefined ? [] : [[name, flag(args, name)]])),
    ),
    ...(flag(args, "anchors") === "weekly" && { anchors: "weekly" }),
    ...(known !== undefined && { known_expirations: known }),
    ...(flag(args, "series") !== undefined && { output: seriesNames(flag(args, "series")) }),
  });
  return runBatch(args, (service) => service.backtest(request), backtestCharts);
}
