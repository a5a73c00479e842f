import { defineCommand } from "citty";
import { RequestError, UsageError } from "../platform/errors";
import {
  ageDaysOf,
  historyAtStart,
  MAX_FORECAST_DAYS,
  OUTPUT_NAMES,
  type OutputName,
  PROTOCOL_AS_OF,
  prepareEngine,
  refuseIdle,
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
    series: textArg("Names of series, comma-separated, or all (default: all 44; of a table seven)", "A,B"),
    precision: textArg("`rounded` to two decimals, or `full` (default full; of a table six digits)", "P"),
    plot: textArg("Draw the series into a .png or .svg file instead of printing them", "FILE"),
    backtest: { type: "boolean", description: "Tell how good such forecasts from past days were; see backtest" },
  },
  async run({ args }) {
    if (args.backtest) return backtestOf(args);
    const { values } = configFrom({ history: args.history, "data-dir": args["data-dir"] });
    const stated = await statedMembers(args);
    refuseUnknown(stated);
    const members: ScenarioMembers = checked(scenarioFile, stated);
    const { history } = await historyAtStart(values);
    const engine = prepareEngine(history, members.forecast_length_days ?? MAX_FORECAST_DAYS);
    const scenario = scenarioFrom(members, engine.history.smoothed, {
      // A scenario file is the original's own, whose figures it is held against.
      rules: args.scenario === undefined ? "mainnet" : "plain",
      knownTrim: values.FILECOIN_KNOWN_TRIM,
    });
    asUsage(() => refuseIdle(scenario, members));
    const format = oneOf("--format", args.format ?? "json", PRINT_FORMATS);
    const names = args.series === "all" ? OUTPUT_NAMES : (seriesNames(args.series) ?? USUAL_SERIES[format]);
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
    if (format === "json") await Bun.write(Bun.stdout, bytes);
    else {
      const { source, currentDate } = history;
      const age = `${ageDaysOf(history, new Date().toISOString().slice(0, 10))} days old`;
      process.stderr.write(`source ${source}, to ${currentDate}, ${age}; the forecast begins there\n`);
      const csv = withParts(new TextDecoder().decode(bytes), currentDate);
      await Bun.write(Bun.stdout, format === "csv" ? csv : textTable(args.precision === "full" ? csv : forPeople(csv)));
    }
    return 0;
  },
});

/** What a saved run tells of itself beside its members. */
const TOLD_OF_RUNS = ["start_date", "current_date", "end_date", "source", "reanchored_by_days", "output"];

/** A name that is misspelt would be passed over in silence. */
function refuseUnknown(stated: object): void {
  const known = [...Object.keys(scenarioFile.shape), ...TOLD_OF_RUNS];
  const unknown = Object.keys(stated).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(`The scenario has no member ${JSON.stringify(unknown)}. There are: ${known.join(", ")}.`);
}

/** The rates of past forecasts are those of their past, so that a scenario's own cannot be stated. */
function backtestOf(args: Record<string, unknown>): Promise<number> {
  const unfit = ["days", "rbp", "rr", "fpr", "scenario", "precision"].find((name) => args[name] !== undefined);
  if (unfit !== undefined) throw new UsageError(`--backtest takes its rates from the past; leave out --${unfit}.`);
  return printBacktest(args);
}

/** What a table has room for; `--series all` gives the 44. */
const TABLE_SERIES: readonly OutputName[] = [
  "network_RBP_EIB",
  "network_QAP_EIB",
  "day_network_reward",
  "circ_supply",
  "network_locked",
  "day_pledge_per_QAP",
  "1y_sector_roi",
];
const USUAL_SERIES = { json: OUTPUT_NAMES, csv: OUTPUT_NAMES, table: TABLE_SERIES } as const;
const SHOWN_DIGITS = 6;

/** A table of series with a second column that says which days are of the history and which are forecast. */
function withParts(csv: string, currentDate: string): string {
  const [head = "", ...rows] = csv.trimEnd().split("\n");
  const part = (date: string) => (date < currentDate ? "history" : "forecast");
  const marked = rows.map((row) => row.replace(/^([^,]*)/, (date) => `${date},${part(date)}`));
  return `${[head.replace("date", "date,part"), ...marked].join("\n")}\n`;
}

/** Figures with as many digits as somebody reads. */
function forPeople(csv: string): string {
  return csv.replace(/(?<=,)-?\d+\.\d+(?=[,\n])/g, (figure) =>
    String(Number(Number(figure).toPrecision(SHOWN_DIGITS))),
  );
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
    if (error instanceof RequestError) throw new UsageError(error.detail);
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
