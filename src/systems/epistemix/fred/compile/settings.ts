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
}

const KNOWN = ["locations", "location", "start_date", "end_date", "days", "seed", "max_loops", "weekly_data"];

export function simulationOf(properties: readonly Property[]): Simulation {
  const last = lastOf(properties, KNOWN, "simulation");
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
    locations: named?.value.split(/[\s,]+/).map((name) => ({ name, property: named })) ?? [],
    startDay: dateOf(last.get("start_date")),
    endDay: dateOf(last.get("end_date")),
    days: count("days"),
    seed: seedOf(last.get("seed")),
    maxLoops: count("max_loops"),
  };
}

function seedOf(property: Property | undefined): bigint | undefined {
  if (property === undefined) return undefined;
  if (!/^\d{1,20}$/.test(property.value))
    throw new SourceError(property.valueAt, "seed must be a whole number from 0 to 2^64 - 1");
  return BigInt.asUintN(64, BigInt(property.value));
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
