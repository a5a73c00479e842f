import { defineCommand } from "citty";
import { UsageError } from "../platform/errors";
import { INPUT_NAMES, MAX_CARD_RUNS, sweepCharts, sweepRequest } from "../systems/filecoin";
import { ENGINE_ARG, numbered, runBatch } from "./runBatch";
import { checked, scenarioArgs, seriesNames, statedMembers, textArg } from "./scenarioArgs";

export default defineCommand({
  meta: { name: "sweep", description: "Run a scenario over a grid of its inputs, or over points spread between them." },
  args: {
    ...scenarioArgs,
    axes: textArg(`Inputs with their ends and steps, of ${INPUT_NAMES.join(", ")}`, "rbp=1:10:10,rr=0.5:0.9"),
    method: textArg("grid or latin_hypercube (default grid)", "M"),
    runs: textArg(`Points of a Latin hypercube, 1 to ${MAX_CARD_RUNS} (default 1000)`, "N"),
    seed: textArg("The same seed gives the same points (default 1)", "N"),
    engine: ENGINE_ARG,
    at: textArg("Forecast days that are told, comma-separated (default 1, 3, 5 and 10 years)", "D,D"),
    plot: textArg("Draw the last of these days over one or two inputs into .png or .svg files", "FILE"),
  },
  async run({ args }) {
    const { axes, at, engine, method, series } = args;
    const request = checked(sweepRequest, {
      ...(await statedMembers(args)),
      ...numbered(args, { runs: "runs", seed: "seed" }),
      ...(engine !== undefined && { engine }),
      ...(axes !== undefined && { axes: axesIn(axes) }),
      ...(at !== undefined && { at_days: at.split(",").map(Number) }),
      ...(method !== undefined && { method }),
      ...(series !== undefined && { output: seriesNames(series) }),
    });
    return runBatch(args, (service) => service.sweep(request), sweepCharts);
  },
});

const AXIS = /^(\w+)=([^:]+):([^:]+)(?::([^:]+))?$/;

function axesIn(list: string): Record<string, object> {
  return Object.fromEntries(
    list.split(",").map((one) => {
      const parts = AXIS.exec(one.trim());
      if (parts === null) throw new UsageError(`--axes: expected input=low:high or input=low:high:steps, got ${one}`);
      const [, input, low, high, steps] = parts;
      return [input, { low: Number(low), high: Number(high), ...(steps !== undefined && { steps: Number(steps) }) }];
    }),
  );
}
