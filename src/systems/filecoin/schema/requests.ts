import { z } from "zod";
import { nullish, refuse } from "../../../platform/http/fastapi/members";
import {
  either,
  flag,
  integer,
  list,
  number,
  oneOf,
  type Reader,
  text,
  then,
} from "../../../platform/http/fastapi/readers";
import {
  DEFAULT_LOCK_TARGET,
  DEFAULT_SECTOR_DAYS,
  FIL_PLUS_MULTIPLIER,
  MAX_FORECAST_DAYS,
  MAX_SECTOR_DAYS,
} from "./bounds";
import { fip81Member, fip100Member, fip118Member } from "./policies";
import { modelMember, RULES, rulesMember } from "./rules";
import { OUTPUT_NAMES, type OutputName } from "./series";

/** Most entries of a list of names, how many unknown ones are named, and how much of one is repeated. */
const MAX_NAMES = 100;
const MAX_NAMES_SHOWN = 10;
const MAX_NAME_SHOWN = 40;
/** Most entries of a baseline: the longest history and the longest forecast. */
const MAX_BASELINE_DAYS = 11_000;
/** Longer than any name there is: an unknown one is refused by name, not by its length. */
const MAX_NAME = 2 ** 30;

/** A number for all forecast days, or a list with a number for each. */
function control(description: string, reader: Reader<number> = number()) {
  return nullish(either(["float", reader], ["list[float]", list(reader, { most: MAX_FORECAST_DAYS })]), description);
}

const name = text({ longest: MAX_NAME });
const names = either(["str", name], ["list[str]", list(name, { most: MAX_NAMES })]);
const nameSchema = { type: "string", enum: OUTPUT_NAMES };

/** The names of the wanted series: one, or a list of them. An empty list asks for none. */
export const output = nullish(
  { ...then(names, knownNames), about: { anyOf: [nameSchema, { type: "array", items: nameSchema }] } },
  "The wanted series, in the order of the answer; all 44 where absent.",
);

function knownNames(given: string | string[]): { value: OutputName[] } | { refusal: string } {
  const asked = typeof given === "string" ? [given] : given;
  const unknown = asked.filter((one) => !OUTPUT_NAMES.includes(one as OutputName));
  if (unknown.length === 0) return { value: [...new Set(asked as OutputName[])] };
  const listed = (some: readonly string[]) => `[${some.map((one) => `'${one.slice(0, MAX_NAME_SHOWN)}'`).join(", ")}]`;
  const shown = listed(unknown.slice(0, MAX_NAMES_SHOWN));
  return { refusal: `Invalid output field(s): ${shown}. Valid fields: ${listed([...OUTPUT_NAMES].sort())}` };
}

const MEDIAN = "the median of the last 30 days of history where absent";

export const members = {
  rbp: control(`Raw power onboarded, PiB a day; ${MEDIAN}.`),
  rr: control(`Share of expiring power that is renewed; ${MEDIAN}.`),
  fpr: control(`Share of onboarded power that holds verified deals; ${MEDIAN}.`),
  lock_target: control(`Share of supply that consensus pledge aims to lock; ${DEFAULT_LOCK_TARGET} where absent.`),
  forecast_length_days: nullish(
    integer({ least: 1, most: MAX_FORECAST_DAYS }),
    `Days to forecast; ${MAX_FORECAST_DAYS} where absent.`,
  ),
  sector_duration_days: nullish(
    integer({ least: 1, most: MAX_SECTOR_DAYS }),
    `Days a sector lives; ${DEFAULT_SECTOR_DAYS} where absent.`,
  ),
  fil_plus_m: control(`Quality of verified power; ${FIL_PLUS_MULTIPLIER} where absent.`),
  qa_renew_relative_multiplier: control("Factor on the renewal rate of quality-adjusted power; 1 where absent."),
  gamma: control("Weight of the pledge that looks at the baseline (FIP-81); 1 where absent."),
  gamma_weight_type: control(
    "How gamma weights: 0 arithmetic (where absent), 1 geometric, 2 harmonic.",
    integer({ least: 0, most: 2 }),
  ),
  use_available_supply: nullish(flag(), "Take pledge from the available instead of the circulating supply."),
  known_trim: nullish(
    oneOf(["none", "server"]),
    "`server` begins the tables of known expirations late, as the original server does.",
  ),
  fip81: fip81Member,
  fip100: fip100Member,
  fip118: fip118Member,
  burn_per_day: control(
    "FIL burned a day beside fees; the mean of the last 90 days where absent, of all with plain rules.",
  ),
  rules: rulesMember,
  model: modelMember,
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
  "burn_per_day",
] as const;

type Members = z.output<z.ZodObject<typeof members>>;

/** A list has an entry for each forecast day, or a single one. `place` is where the members stand in the body. */
export function checkLengths(given: Members, context: z.core.$RefinementCtx, place: (string | number)[] = []): void {
  const days = given.forecast_length_days ?? MAX_FORECAST_DAYS;
  if (given.fip81 && given.gamma !== undefined) {
    const reason = "fip81 says what gamma is on each day; leave one of the two out";
    refuse(context, given.gamma, reason, [...place, "gamma"]);
  }
  for (const name of CONTROLS) {
    const value = given[name];
    if (!Array.isArray(value) || value.length === 1 || value.length === days) continue;
    const expected = `a number or a list of ${days} numbers, one for each of forecast_length_days`;
    refuse(context, value, `expected ${expected}, got ${value.length}`, [...place, name]);
  }
}

/** The body of POST /simulate. Unknown members are ignored; null counts as absent. */
export const simulateRequest = z
  .object({ ...members, output })
  .superRefine((given, context) => checkLengths(given, context))
  .meta({ examples: [{ forecast_length_days: 365, rbp: 5, output: ["circ_supply", "network_RBP_EIB"] }, {}] });

/** A scenario file of the command line. */
export const scenarioFile = z
  .object({
    ...members,
    baseline_eib: nullish(
      list(number(), { most: MAX_BASELINE_DAYS }),
      "Baseline, EiB, for each day from the start date.",
    ),
  })
  .superRefine((given, context) => checkLengths(given, context));

/** What the address of POST /simulate may ask of the answer. */
export const simulateQuery = z.object({
  precision: z.enum(["rounded", "full"]).optional().describe("Two decimals, or every digit."),
  sampling: z.enum(["weekly", "daily"]).optional().describe("Every seventh day, or every day."),
  shape: z.enum(["contract", "flat"]).optional().describe("`flat`: every series whole, under its name, nothing else."),
  rules: z.enum(RULES).optional().describe("As the member of the body, which wins; `plain` where neither says."),
  format: z.enum(["json", "csv"]).optional().describe("`text/csv` in the Accept header asks for CSV too."),
});

/** What the address of GET /latest-simulation/plots may ask. */
export const plotsQuery = z.object({
  max_plots: z.coerce.number().int().min(1).max(OUTPUT_NAMES.length).default(24).describe("Most plots to draw."),
});
