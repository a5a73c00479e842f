import { z } from "zod";
import { type Fault, integerReader, type Reader, readBoolean, readFloat, refused, wordReader } from "./lenient";
import { FIL_PLUS_MULTIPLIER } from "./model/constants";
import { OUTPUT_NAMES, type OutputName } from "./model/outputs";
import { fip81Member, fip100Member } from "./policies/members";
import { DEFAULT_LOCK_TARGET, DEFAULT_SECTOR_DAYS, MAX_FORECAST_DAYS, MAX_SECTOR_DAYS } from "./scenario";

/** Most faulty entries of one list that are told. */
const MAX_FAULTS_PER_LIST = 10;
/** Most entries of a list of names, and how much of an unknown one is repeated. */
const MAX_NAMES = 100;
const MAX_NAME_SHOWN = 40;
/** Most entries of a baseline: the longest history and the longest forecast. */
const MAX_BASELINE_DAYS = 11_000;

/** What a zod issue of these schemas carries for the body of the answer. */
export interface FaultParams {
  type: string;
  /** The alternative of a union that the fault belongs to, such as `list[float]`. */
  branch?: string;
  ctx?: Record<string, unknown>;
}

type Context = z.core.$RefinementCtx;

interface Place {
  branch?: string;
  path?: (string | number)[];
}

function tell(
  context: Context,
  input: unknown,
  { type, message, ctx }: Fault,
  { branch, path = [] }: Place = {},
): void {
  const params: FaultParams = { type, ...(branch && { branch }), ...(ctx && { ctx }) };
  context.addIssue({ code: "custom", input, message, params: { ...params }, path, continue: false });
}

/** A member that may be absent or null, read leniently. `about` is its JSON Schema. */
function member<T>(about: Record<string, unknown>, read: (input: unknown, context: Context) => T | undefined) {
  const reader = (input: unknown, context: Context) => (input == null ? undefined : read(input, context));
  return z.unknown().transform(reader).meta(about).optional();
}

function single<T>(about: Record<string, unknown>, reader: Reader<T>) {
  return member(about, (input, context): T | undefined => {
    const reading = reader(input);
    if ("value" in reading) return reading.value;
    tell(context, input, reading.fault);
    return undefined;
  });
}

function integer(description: string, least: number, most: number) {
  const about = { type: "integer", minimum: least, maximum: most, description };
  return single(about, integerReader(least, most));
}

/** A number for all forecast days, or a list with a number for each. */
function control(description: string, reader: Reader<number> = readFloat) {
  const items = { type: "number" };
  const about = { description, anyOf: [items, { type: "array", items, minItems: 1, maxItems: MAX_FORECAST_DAYS }] };
  return member(about, (input, context): number | number[] | undefined => {
    const branches = { one: "float", list: "list[float]" };
    if (Array.isArray(input)) return readList(input, MAX_FORECAST_DAYS, reader, context, branches);
    const reading = reader(input);
    if ("value" in reading) return reading.value;
    tell(context, input, reading.fault, { branch: branches.one });
    if (typeof input !== "number") tell(context, input, NOT_A_LIST, { branch: branches.list });
    return undefined;
  });
}

const NOT_A_LIST = refused("list_type", "Input should be a valid list").fault;

/** The values of a list; its faults follow that of the alternative that it is not. */
function readList<T>(
  input: unknown[],
  most: number,
  reader: Reader<T>,
  context: Context,
  branches: { one: string; list: string } | undefined,
): T[] | undefined {
  const place: Place = branches === undefined ? {} : { branch: branches.list };
  if (input.length > most) {
    const message = `List should have at most ${most} items, not ${input.length}`;
    tell(context, input, refused("too_long", message, { max_length: most, actual_length: input.length }).fault, place);
    return undefined;
  }
  const values: T[] = [];
  const faults: [index: number, fault: Fault][] = [];
  for (const [index, entry] of input.entries()) {
    const reading = reader(entry);
    if ("value" in reading) values.push(reading.value);
    else if (faults.length < MAX_FAULTS_PER_LIST) faults.push([index, reading.fault]);
  }
  if (faults.length === 0) return values;
  if (branches !== undefined) {
    const whole = reader(input);
    if ("fault" in whole) tell(context, input, whole.fault, { branch: branches.one });
  }
  for (const [index, fault] of faults) tell(context, input[index], fault, { ...place, path: [index] });
  return undefined;
}

const readText: Reader<string> = (input) =>
  typeof input === "string" ? { value: input } : refused("string_type", "Input should be a valid string");

const nameList = { type: "string", enum: OUTPUT_NAMES };

/** The names of the wanted series: one, or a list of them. An empty list asks for none. */
export const output = member(
  {
    description: "The wanted series, in the order of the answer; all 44 where absent.",
    anyOf: [nameList, { type: "array", items: nameList }],
  },
  (input, context): OutputName[] | undefined => {
    const branches = { one: "str", list: "list[str]" };
    if (typeof input === "string") return knownNames([input], input, context);
    if (Array.isArray(input)) {
      const names = readList(input, MAX_NAMES, readText, context, branches);
      return names && knownNames(names, input, context);
    }
    tell(context, input, refused("string_type", "Input should be a valid string").fault, { branch: branches.one });
    tell(context, input, NOT_A_LIST, { branch: branches.list });
    return undefined;
  },
);

function knownNames(names: string[], input: unknown, context: Context): OutputName[] | undefined {
  const unknown = names.filter((name) => !OUTPUT_NAMES.includes(name as OutputName));
  if (unknown.length === 0) return [...new Set(names as OutputName[])];
  const listed = (list: readonly string[]) =>
    `[${list.map((name) => `'${name.slice(0, MAX_NAME_SHOWN)}'`).join(", ")}]`;
  const shown = listed(unknown.slice(0, MAX_FAULTS_PER_LIST));
  const message = `Value error, Invalid output field(s): ${shown}. Valid fields: ${listed([...OUTPUT_NAMES].sort())}`;
  tell(context, input, refused("value_error", message).fault);
  return undefined;
}

const MEDIAN = "the median of the last 30 days of history where absent";

export const members = {
  rbp: control(`Raw power onboarded, PiB a day; ${MEDIAN}.`),
  rr: control(`Share of expiring power that is renewed; ${MEDIAN}.`),
  fpr: control(`Share of onboarded power that holds verified deals; ${MEDIAN}.`),
  lock_target: control(`Share of supply that consensus pledge aims to lock; ${DEFAULT_LOCK_TARGET} where absent.`),
  forecast_length_days: integer(`Days to forecast; ${MAX_FORECAST_DAYS} where absent.`, 1, MAX_FORECAST_DAYS),
  sector_duration_days: integer(`Days a sector lives; ${DEFAULT_SECTOR_DAYS} where absent.`, 1, MAX_SECTOR_DAYS),
  fil_plus_m: control(`Quality of verified power; ${FIL_PLUS_MULTIPLIER} where absent.`),
  qa_renew_relative_multiplier: control("Factor on the renewal rate of quality-adjusted power; 1 where absent."),
  gamma: control("Weight of the pledge that looks at the baseline (FIP-81); 1 where absent."),
  gamma_weight_type: control(
    "How gamma weights: 0 arithmetic (where absent), 1 geometric, 2 harmonic.",
    integerReader(0, 2),
  ),
  use_available_supply: single(
    { type: "boolean", description: "Take pledge from the available instead of the circulating supply." },
    readBoolean,
  ),
  known_trim: single(
    {
      type: "string",
      enum: ["none", "server"],
      description: "`server` begins the tables of known expirations late, as the original server does.",
    },
    wordReader(["none", "server"]),
  ),
  fip81: fip81Member,
  fip100: fip100Member,
};

/** Members that hold a value for each forecast day. */
const CONTROLS = [
  "rbp",
  "rr",
  "fpr",
  "lock_target",
  "fil_plus_m",
  "qa_renew_relative_multiplier",
  "gamma",
  "gamma_weight_type",
] as const;

type Members = z.output<z.ZodObject<typeof members>>;

/** A list has an entry for each forecast day, or a single one. `place` is where the members stand in the body. */
export function checkLengths(given: Members, context: Context, place: (string | number)[] = []): void {
  const days = given.forecast_length_days ?? MAX_FORECAST_DAYS;
  if (given.fip81 !== undefined && given.gamma !== undefined) {
    const message = "Value error, fip81 says what gamma is on each day; leave one of the two out";
    tell(context, given.gamma, refused("value_error", message).fault, { path: [...place, "gamma"] });
  }
  for (const name of CONTROLS) {
    const value = given[name];
    if (!Array.isArray(value) || value.length === 1 || value.length === days) continue;
    const expected = `a number or a list of ${days} numbers, one for each of forecast_length_days`;
    const message = `Value error, expected ${expected}, got ${value.length}`;
    tell(context, value, refused("value_error", message).fault, { path: [...place, name] });
  }
}

/** The body of POST /simulate. Unknown members are ignored; null counts as absent. */
export const simulateRequest = z
  .object({ ...members, output })
  .superRefine((given, context) => checkLengths(given, context));

/** A scenario file of the command line. */
export const scenarioFile = z
  .object({
    ...members,
    baseline_eib: member(
      { type: "array", items: { type: "number" }, description: "Baseline, EiB, for each day from the start date." },
      (input, context): number[] | undefined => {
        if (Array.isArray(input)) return readList(input, MAX_BASELINE_DAYS, readFloat, context, undefined);
        tell(context, input, NOT_A_LIST);
        return undefined;
      },
    ),
  })
  .superRefine((given, context) => checkLengths(given, context));

/** What the address of POST /simulate may ask of the answer. */
export const simulateQuery = z.object({
  precision: z.enum(["rounded", "full"]).optional().describe("Two decimals, or every digit."),
  sampling: z.enum(["weekly", "daily"]).optional().describe("Every seventh day, or every day."),
  shape: z.enum(["contract", "flat"]).optional().describe("`flat`: every series whole, under its name, nothing else."),
  format: z.enum(["json", "csv"]).optional().describe("`text/csv` in the Accept header asks for CSV too."),
});

/** What the address of GET /latest-simulation/plots may ask. */
export const plotsQuery = z.object({
  max_plots: z.coerce.number().int().min(1).max(OUTPUT_NAMES.length).default(24).describe("Most plots to draw."),
});
