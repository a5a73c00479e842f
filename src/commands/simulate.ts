import { defineCommand } from "citty";
import { messageOf, UsageError } from "../platform/errors";
import { runSimulation } from "../systems/filecoin/answer/answer";
import { faultDetails } from "../systems/filecoin/errors";
import { standingHistory } from "../systems/filecoin/history/standing";
import { prepareEngine } from "../systems/filecoin/model/engine";
import { OUTPUT_NAMES, type OutputName } from "../systems/filecoin/model/outputs";
import { MAX_FORECAST_DAYS, type ScenarioMembers, scenarioFrom } from "../systems/filecoin/scenario";
import { scenarioFile } from "../systems/filecoin/schema";
import { configFrom } from "./settingFlags";
import { textTable } from "./textTable";

/** Flags that are members of a scenario, with the member each sets. */
const MEMBER_FLAGS = {
  days: "forecast_length_days",
  rbp: "rbp",
  rr: "rr",
  fpr: "fpr",
  "lock-target": "lock_target",
  "sector-duration": "sector_duration_days",
} as const;

const FORMATS = ["json", "csv", "table"];
const PRECISIONS = ["rounded", "full"];

const text = (description: string, valueHint: string) => ({ type: "string", description, valueHint }) as const;

export default defineCommand({
  meta: { name: "simulate", description: "Run one Filecoin scenario and print its series." },
  args: {
    days: text(`Days to forecast, 1 to ${MAX_FORECAST_DAYS} (default ${MAX_FORECAST_DAYS})`, "N"),
    rbp: text("Raw power onboarded, PiB a day; a number or a comma-separated list (default: the history's)", "X"),
    rr: text("Renewal rate, likewise", "X"),
    fpr: text("FIL+ rate, likewise", "X"),
    "lock-target": text("Share of supply to lock, likewise (default 0.3)", "X"),
    "sector-duration": text("Days a sector lives (default 540)", "N"),
    history: text("A history file in place of the kept one or the sample", "FILE"),
    "data-dir": text("Folder of the kept history (default ./data)", "FOLDER"),
    scenario: text("A scenario as JSON, `-` for standard input; flags win over its members", "FILE"),
    series: text("Names of series, comma-separated (default: all 44)", "A,B"),
    precision: text("`rounded` to two decimals, or `full` (default full)", "P"),
    format: text("json, csv or table (default json)", "F"),
    plot: text("Draw the series into a .png or .svg file instead of printing them", "FILE"),
  },
  async run({ args }) {
    const { values } = configFrom({ history: args.history, "data-dir": args["data-dir"] });
    const members = await membersOf(args);
    const { history } = await standingHistory(values);
    const engine = prepareEngine(history, members.forecast_length_days ?? MAX_FORECAST_DAYS);
    const scenario = scenarioFrom(members, engine.history.smoothed, values.FILECOIN_KNOWN_TRIM);
    const names = seriesNames(args.series);
    const format = oneOf("--format", args.format ?? "json", FORMATS);
    const precision = oneOf("--precision", args.precision ?? "full", PRECISIONS) as "rounded" | "full";
    if (args.plot !== undefined) {
      const { plotRun } = await import("./plotRun");
      await plotRun(engine, scenario, names, args.plot);
      return 0;
    }
    const shape = { form: "series", format: format === "json" ? "json" : "csv", precision, sampling: "daily" } as const;
    const answer = asUsage(() => runSimulation(engine, scenario, names, shape));
    for (const { series, count, first_date, reason } of answer.warnings) {
      process.stderr.write(`warning: ${series}: ${count} entries are not numbers from ${first_date} on: ${reason}\n`);
    }
    const { bytes } = answer;
    await Bun.write(Bun.stdout, format === "table" ? textTable(new TextDecoder().decode(bytes)) : bytes);
    return 0;
  },
});

async function membersOf(args: Record<string, unknown>): Promise<ScenarioMembers> {
  const file = typeof args["scenario"] === "string" ? await scenarioOf(args["scenario"]) : {};
  const flags = Object.entries(MEMBER_FLAGS).flatMap(([flag, member]) => {
    const value = args[flag];
    if (typeof value !== "string") return [];
    return [[member, value.includes(",") ? value.split(",").map((entry) => entry.trim()) : value] as const];
  });
  const input = { ...file, ...Object.fromEntries(flags) };
  const parsed = scenarioFile.safeParse(input);
  if (parsed.success) return parsed.data;
  const [fault] = faultDetails({ part: "body", issues: parsed.error.issues, input });
  const place = fault?.loc.slice(1).join(".") || "the scenario";
  throw new UsageError(`${place}: ${fault?.msg}, got ${JSON.stringify(fault?.input)}`);
}

async function scenarioOf(path: string): Promise<object> {
  const source = path === "-" ? Bun.stdin : Bun.file(path);
  try {
    const value: unknown = JSON.parse(await source.text());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new UsageError(`The scenario ${path} cannot be read: ${messageOf(error)}`);
  }
  throw new UsageError(`The scenario ${path} must be a JSON object of members such as forecast_length_days and rbp.`);
}

function seriesNames(list: string | undefined): OutputName[] {
  if (list === undefined) return OUTPUT_NAMES;
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !OUTPUT_NAMES.includes(name as OutputName));
  if (unknown === undefined) return names as OutputName[];
  throw new UsageError(`There is no series ${JSON.stringify(unknown)}. There are: ${OUTPUT_NAMES.join(", ")}.`);
}

/** A scenario that does not fit the history is the caller's to mend. */
function asUsage<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

function oneOf(flag: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw new UsageError(`${flag}: expected one of ${known.join(", ")}, got ${JSON.stringify(value)}`);
}
