import { epochDay } from "../../../../numeric/calendar";
import type { Property } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import { MONTHS } from "../syntax/tokens";
import { lastOf, literalNumber } from "./literals";

/** What a program's `simulation` block says. */
export interface Simulation {
  locations: { name: string; property: Property }[];
  /** Days since 1970. */
  startDay: number | undefined;
  endDay: number | undefined;
  days: number | undefined;
  seed: bigint | undefined;
  maxLoops: number | undefined;
  /** What of it has no effect here, in sentences. */
  notes: readonly string[];
}

const KNOWN = ["locations", "location", "start_date", "end_date", "days", "seed", "max_loops", "default_model"];

/** The location of a program that brings its own agents and no others. */
export const NOWHERE = "none";

/** What changes no figure of a run, with what becomes of it here. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  weekly_data: "the daily figures have their weeks in EpiWeek.txt; no files by week are written",
  snapshots: "a run has one end; no snapshots are written",
  snapshot_interval: "a run has one end; no snapshots are written",
};

export function simulationOf(properties: readonly Property[]): Simulation {
  const last = lastOf(properties, [...KNOWN, ...Object.keys(WITHOUT_EFFECT)], "simulation");
  const model = last.get("default_model");
  if (model !== undefined && model.value !== "none")
    throw new SourceError(model.valueAt, `there is no default_model ${model.value} here; the only one is none`);
  const named = last.get("locations") ?? last.get("location");
  const count = (name: string) => {
    const property = last.get(name);
    if (property === undefined) return undefined;
    const value = literalNumber(property);
    if (!Number.isInteger(value) || value < 1)
      throw new SourceError(property.valueAt, `${name} must be a whole number from 1`);
    return value;
  };
  return {
    // A program without the standard model and without a place has nobody but those whom it brings along.
    locations:
      named?.value.split(/[\s,]+/).map((name) => ({ name, property: named })) ??
      (model === undefined ? [] : [{ name: NOWHERE, property: model }]),
    startDay: dateOf(last.get("start_date")),
    endDay: dateOf(last.get("end_date")),
    days: count("days"),
    seed: seedOf(last.get("seed")),
    maxLoops: count("max_loops"),
    notes: [...last.keys()].flatMap((name) =>
      Object.hasOwn(WITHOUT_EFFECT, name) ? [`${name}: ${WITHOUT_EFFECT[name]}`] : [],
    ),
  };
}

function seedOf(property: Property | undefined): bigint | undefined {
  if (property === undefined) return undefined;
  if (!/^\d{1,20}$/.test(property.value))
    throw new SourceError(property.valueAt, "seed must be a whole number from 0 to 2^64 - 1");
  const seed = BigInt(property.value);
  if (seed >= 2n ** 64n) throw new SourceError(property.valueAt, "seed must be a whole number from 0 to 2^64 - 1");
  return seed;
}

/** 2020-Jan-01 or 2020-01-01. */
function dateOf(property: Property | undefined): number | undefined {
  if (property === undefined) return undefined;
  const found = /^(\d{4})-([A-Z][a-z]{2}|\d{1,2})-(\d{1,2})$/.exec(property.value);
  const [, year, month, date] = found ?? [];
  const number = MONTHS.indexOf(month ?? "") + 1 || Number(month);
  const day = epochDay(`${year}-${String(number).padStart(2, "0")}-${String(date).padStart(2, "0")}`);
  if (day === undefined)
    throw new SourceError(property.valueAt, `${property.value} is no date; write 2020-Jan-01 or 2020-01-01`);
  return day;
}
