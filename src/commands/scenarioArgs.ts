import type { ArgsDef } from "citty";
import type { z } from "zod";
import { messageOf, UsageError } from "../platform/errors";
import { faultDetails } from "../platform/http/fastapi/errors";
import { MAX_FORECAST_DAYS, OUTPUT_NAMES, type OutputName } from "../systems/filecoin";

/** Flags that are members of a scenario, with the member each sets. */
const MEMBER_FLAGS = {
  days: "forecast_length_days",
  rbp: "rbp",
  rr: "rr",
  fpr: "fpr",
  "lock-target": "lock_target",
  "sector-duration": "sector_duration_days",
  rules: "rules",
  model: "model",
} as const;

const FLAGS_OF_MEMBERS = new Map(Object.entries(MEMBER_FLAGS).map(([name, member]) => [member as string, `--${name}`]));

/** Shares beyond this are a slip of the keyboard; what was measured is a little above 1 on some days. */
const MAX_SHARE = 2;
const SHARES = ["rr", "fpr", "lock-target"] as const;

export const textArg = (description: string, valueHint: string) =>
  ({ type: "string", description, valueHint }) as const;

/** The flags of a scenario, of the history that it begins from, and of how its series are printed. */
export const scenarioArgs = {
  days: textArg(`Days to forecast, 1 to ${MAX_FORECAST_DAYS} (default ${MAX_FORECAST_DAYS})`, "N"),
  rbp: textArg("Raw power onboarded, PiB a day; a number or a comma-separated list (default: the history's)", "X"),
  rr: textArg("Renewal rate, likewise", "X"),
  fpr: textArg("FIL+ rate, likewise", "X"),
  "lock-target": textArg("Share of supply to lock, likewise (default 0.3)", "X"),
  "sector-duration": textArg("Days a sector lives (default 540)", "N"),
  rules: textArg("Rules of the protocol: mainnet (default, but for simulate --scenario) or plain", "R"),
  model: textArg("attrition (default with mainnet rules) or schedule: how power and pledge fall due", "M"),
  history: textArg("A history file in place of the kept one or the sample", "FILE"),
  "data-dir": textArg("Folder of the kept history (default ./data)", "FOLDER"),
  scenario: textArg("Members as JSON, `-` for standard input; flags win over them", "FILE"),
  series: textArg("Names of series, comma-separated", "A,B"),
  format: textArg("json, csv or table (default json)", "F"),
} satisfies ArgsDef;

export const PRINT_FORMATS = ["json", "csv", "table"] as const;

/** The text of a flag; undefined where it was not given. */
export function flag(args: Record<string, unknown>, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}

/** The members that a file and flags state, not yet checked. @throws UsageError when the file cannot be read. */
export async function statedMembers(args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const path = flag(args, "scenario");
  const file = path === undefined ? {} : await membersIn(path);
  for (const name of SHARES) refuseNoShare(name, flag(args, name));
  const flags = Object.entries(MEMBER_FLAGS).flatMap(([name, member]) => {
    const value = flag(args, name);
    if (value === undefined) return [];
    return [[member, value.includes(",") ? value.split(",").map((entry) => entry.trim()) : value] as const];
  });
  return { ...file, ...Object.fromEntries(flags) };
}

function refuseNoShare(name: string, value: string | undefined): void {
  const beyond = value?.split(",").find((one) => Number(one) < 0 || Number(one) > MAX_SHARE);
  if (beyond !== undefined)
    throw new UsageError(`--${name}: expected a share from 0 to ${MAX_SHARE}, got ${beyond.trim()}`);
}

/** The input by its schema. @throws UsageError with the first fault. */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [fault] = faultDetails({ part: "body", issues: parsed.error.issues, input, schema });
  const member = String(fault?.loc[1] ?? "");
  const place = FLAGS_OF_MEMBERS.get(member) ?? (fault?.loc.slice(1).join(".") || "the scenario");
  throw new UsageError(`${place}: ${fault?.msg}, got ${JSON.stringify(fault?.input)}`);
}

/** The names of a comma-separated list; undefined where there is none. @throws UsageError for an unknown one. */
export function seriesNames(list: string | undefined): OutputName[] | undefined {
  if (list === undefined) return undefined;
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !OUTPUT_NAMES.includes(name as OutputName));
  if (unknown === undefined) return names as OutputName[];
  throw new UsageError(`There is no series ${JSON.stringify(unknown)}. There are: ${OUTPUT_NAMES.join(", ")}.`);
}

/** One of a few words. @throws UsageError for any other. */
export function oneOf<const Word extends string>(flag: string, value: string, known: readonly Word[]): Word {
  const word = known.find((one) => one === value);
  if (word !== undefined) return word;
  throw new UsageError(`${flag}: expected one of ${known.join(", ")}, got ${JSON.stringify(value)}`);
}

/** A file name's ending when a picture can be drawn into it. @throws UsageError */
export function pictureEnding(path: string): "png" | "svg" {
  const ending = /\.(png|svg)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) throw new UsageError(`--plot: expected a file that ends with .png or .svg, got ${path}`);
  return ending as "png" | "svg";
}

async function membersIn(path: string): Promise<object> {
  const source = path === "-" ? Bun.stdin : Bun.file(path);
  try {
    const value: unknown = JSON.parse(await source.text());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new UsageError(`The scenario ${path} cannot be read: ${messageOf(error)}`);
  }
  throw new UsageError(`The scenario ${path} must be a JSON object of members such as forecast_length_days and rbp.`);
}
