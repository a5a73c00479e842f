import { defineCommand } from "citty";
import { backtestCharts, backtestRequest } from "../systems/filecoin";
import { numbered, runBatch } from "./runBatch";
import { checked, flag, scenarioArgs, seriesNames, textArg } from "./scenarioArgs";

const {
  "sector-duration": sectorDuration,
  "lock-target": lockTarget,
  history,
  "data-dir": dataDir,
  series,
  format,
} = scenarioArgs;

export default defineCommand({
  meta: { name: "backtest", description: "How good forecasts from past days were, by series and horizon." },
  args: {
    "sector-duration": sectorDuration,
    "lock-target": lockTarget,
    history,
    "data-dir": dataDir,
    series,
    format,
    horizons: textArg("Days ahead that are compared, comma-separated (default 30,90,180,365)", "D,D"),
    anchors: textArg("Past days from which forecasts are made, at most 60 (default 16)", "N"),
    known: textArg("flows or later_rows: what was known of expirations (default flows)", "K"),
    runs: textArg("Runs by chance for the bands of each forecast, at most 500 (default 200)", "N"),
    seed: textArg("The same seed gives the same bands (default 1)", "N"),
    plot: textArg("Draw each series' forecasts beside what came into .png or .svg files", "FILE"),
  },
  run: ({ args }) => printBacktest(args),
});

/** Prints or draws a backtest, by the flags of its command. */
export async function printBacktest(args: Record<string, unknown>): Promise<number> {
  const horizons = flag(args, "horizons");
  const known = flag(args, "known");
  const request = checked(backtestRequest, {
    ...numbered(args, { "sector-duration": "sector_duration_days", "lock-target": "lock_target" }),
    ...numbered(args, { anchors: "anchors", runs: "runs", seed: "seed" }),
    ...(horizons !== undefined && { horizons_days: horizons.split(",").map(Number) }),
    ...(known !== undefined && { known_expirations: known }),
    ...(flag(args, "series") !== undefined && { output: seriesNames(flag(args, "series")) }),
  });
  return runBatch(args, (service) => service.backtest(request), backtestCharts);
}
