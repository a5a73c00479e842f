import { defineCommand } from "citty";
import { UsageError } from "../platform/errors";
import {
  historyAtStart,
  MAX_FORECAST_DAYS,
  OUTPUT_NAMES,
  PROTOCOL_AS_OF,
  prepareEngine,
  runSimulation,
  type ScenarioMembers,
  scenarioFile,
  scenarioFrom,
} from "../systems/filecoin";
import { printBacktest } from "./backtest";
import { checked, oneOf, PRINT_FORMATS, scenarioArgs, seriesNames, statedMembers, textArg } from "./scenarioArgs";
import { configFrom } from "./settingFlags";
import { textTable } from "./textTable";

const PRECISIONS = ["rounded", "full"] as const;

export default defineCommand({
  meta: { name: "simulate", description: "Run one Filecoin scenario and print its series." },
  args: {
    ...scenarioArgs,
    series: textArg("Names of series, comma-separated (default: all 44)", "A,B"),
    precision: textArg("`rounded` to two decimals, or `full` (default full)", "P"),
    plot: textArg("Draw the series into a .png or .svg file instead of printing them", "FILE"),
    backtest: { type: "boolean", description: "Tell how good such forecasts from past days were; see backtest" },
  },
  async run({ args }) {
    if (args.backtest) return backtestOf(args);
    const { values } = configFrom({ history: args.history, "data-dir": args["data-dir"] });
    const members: ScenarioMembers = checked(scenarioFile, await statedMembers(args));
    const { history } = await historyAtStart(values);
    const engine = prepareEngine(history, members.forecast_length_days ?? MAX_FORECAST_DAYS);
    const scenario = scenarioFrom(members, engine.history.smoothed, {
      // A scenario file is the original's own, whose figures it is held against.
      rules: args.scenario === undefined ? "mainnet" : "plain",
      knownTrim: values.FILECOIN_KNOWN_TRIM,
    });
    const names = seriesNames(args.series) ?? OUTPUT_NAMES;
    const format = oneOf("--format", args.format ?? "json", PRINT_FORMATS);
    const precision = oneOf("--precision", args.precision ?? "full", PRECISIONS);
    if (args.plot !== undefined) {
      const { plotRun } = await import("./plotRun");
      await plotRun(engine, scenario, names, args.plot);
      return 0;
    }
    const shape = { form: "series", format: format === "json" ? "json" : "csv", precision, sampling: "daily" } as const;
    const answer = asUsage(() => runSimulation(engine, scenario, names, shape));
    if (scenario.rules === "mainnet") process.stderr.write(`protocol as of ${PROTOCOL_AS_OF}\n`);
    for (const warning of answer.warnings) process.stderr.write(`warning: ${sentenceOf(warning)}\n`);
    const { bytes } = answer;
    await Bun.write(Bun.stdout, format === "table" ? textTable(new TextDecoder().decode(bytes)) : bytes);
    return 0;
  },
});

/** The rates of past forecasts are those of their past, so that a scenario's own cannot be stated. */
function backtestOf(args: Record<string, unknown>): Promise<number> {
  const unfit = ["days", "rbp", "rr", "fpr", "scenario", "precision"].find((name) => args[name] !== undefined);
  if (unfit !== undefined) throw new UsageError(`--backtest takes its rates from the past; leave out --${unfit}.`);
  return printBacktest(args);
}

type Warning = ReturnType<typeof runSimulation>["warnings"][number];

function sentenceOf(warning: Warning): string {
  if (!("series" in warning)) return warning.reason;
  const { series, count, first_date, reason } = warning;
  return `${series}: ${count} entries are not numbers from ${first_date} on: ${reason}`;
}

/** A scenario that does not fit the history is the caller's to mend. */
function asUsage<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
