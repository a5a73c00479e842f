import { defineCommand } from "citty";
import { fanCharts, MAX_CARD_RUNS, monteCarloRequest } from "../systems/filecoin";
import { ENGINE_ARG, numbered, runBatch } from "./runBatch";
import { checked, scenarioArgs, seriesNames, statedMembers, textArg } from "./scenarioArgs";

export default defineCommand({
  meta: { name: "montecarlo", description: "Bands over runs whose rates come about by chance." },
  args: {
    ...scenarioArgs,
    runs: textArg(`How many, 1 to ${MAX_CARD_RUNS}, over 100,000 with a GPU (default 1000)`, "N"),
    seed: textArg("The same seed gives the same bands (default 1)", "N"),
    method: textArg("mean_reverting, block_bootstrap or none (default mean_reverting)", "M"),
    "fit-weeks": textArg("Weeks of history that are fitted (default all)", "N"),
    "block-weeks": textArg("Weeks that the bootstrap takes in one piece (default 8)", "N"),
    engine: ENGINE_ARG,
    plot: textArg("Draw a fan chart of each series into .png or .svg files instead of printing", "FILE"),
  },
  async run({ args }) {
    const request = checked(monteCarloRequest, {
      ...(await statedMembers(args)),
      ...numbered(args, { runs: "runs", seed: "seed", "fit-weeks": "fit_weeks", "block-weeks": "block_weeks" }),
      ...(args.engine !== undefined && { engine: args.engine }),
      ...(args.method !== undefined && { method: args.method }),
      ...(args.series !== undefined && { output: seriesNames(args.series) }),
    });
    return runBatch(args, (service) => service.monteCarlo(request), fanCharts);
  },
});
