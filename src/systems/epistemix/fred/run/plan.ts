import { epochDay } from "../../../../numeric/calendar";
import type { Model } from "../compile/model";
import { type Simulation, simulationOf } from "../compile/settings";
import type { RunOptions } from "../model";
import type { County } from "../people/counties";
import type { Program } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { countiesOfAll } from "./places";

/** What is to be run: the program's own words, or the caller's where there are some. */
export interface RunPlan {
  counties: readonly County[];
  /** Days since 1970. */
  startDay: number;
  days: number;
  seed: bigint;
  /** Values of shared variables that the caller gives. */
  parameters: ReadonlyMap<string, string>;
  warnings: readonly string[];
}

/** A run that cannot be begun, told to whoever asked for it. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

const MAX_DAYS = 36_525;
const MAX_MEMORY_BYTES = 2 * 1024 ** 3;
const MAX_OUTPUT_BYTES = 1024 ** 3;
/** Of a person: places and their members, age and the like; of a person in a condition. */
const PERSON_BYTES = 75;
const MEMBER_BYTES = 14;
const SPREAD_BYTES = 27;
/** A line of a daily file, at least. */
const LINE_BYTES = 6;
const DEFAULT_SEED = 1n;
const DEFAULT_LOCATION = "Jefferson_County_PA";

/**
 * @param names of shared variables that the caller may give values
 * @throws PlanError with a sentence on what is not known or too much
 */
export function planRun(program: Program, model: Model, names: readonly string[], options: RunOptions): RunPlan {
  const simulation = simulationOf(program.simulation);
  const warnings: string[] = [...simulation.notes];
  const { startDay, days } = daysOf(simulation, options);
  const counties = namedCounties(options.locations ?? simulation.locations.map(({ name }) => name), warnings);
  const people = counties.reduce((sum, county) => sum + county.people, 0);
  checkSize(model, people, days);
  const seed = options.seed ?? simulation.seed ?? DEFAULT_SEED;
  return { counties, startDay, days, seed, parameters: parametersOf(names, options), warnings };
}

/** Refuses what would not fit, before any of it is made. */
function checkSize({ conditions, variables }: Model, people: number, days: number): void {
  const spreading = conditions.filter(({ exposed }) => exposed >= 0).length;
  const own = [...variables.values()].filter(({ scope }) => scope === "agent").length;
  const bytes = people * (PERSON_BYTES + MEMBER_BYTES * conditions.length + SPREAD_BYTES * spreading + 8 * own);
  // Each condition has a queue of two numbers an hour.
  const memory = bytes + conditions.length * days * 24 * 8;
  if (memory > MAX_MEMORY_BYTES)
    throw new PlanError(`the run needs about ${Math.ceil(memory / 1024 ** 2)} MiB; a run has at most 2048`);
  const states = conditions.reduce((sum, condition) => sum + condition.states.length, 0);
  if (3 * states * days * LINE_BYTES > MAX_OUTPUT_BYTES)
    throw new PlanError(`${states} states on ${days} days give more than 1 GiB of output; a run has at most that`);
}

function daysOf(simulation: Simulation, options: RunOptions): { startDay: number; days: number } {
  const startDay = dayOf(options.startDate, "start date") ?? simulation.startDay;
  if (startDay === undefined)
    throw new PlanError("no start date is given, neither in the simulation block nor for the run");
  const endDay =
    dayOf(options.endDate, "end date") ??
    simulation.endDay ??
    (simulation.days === undefined ? undefined : startDay + simulation.days - 1);
  if (endDay === undefined)
    throw new PlanError("no end date is given, neither in the simulation block nor for the run");
  if (endDay < startDay) throw new PlanError("the end date lies before the start date");
  const days = endDay - startDay + 1;
  if (days > MAX_DAYS) throw new PlanError(`the run has ${days} days; a run has at most ${MAX_DAYS}, a hundred years`);
  return { startDay, days };
}

function dayOf(date: string | undefined, what: string): number | undefined {
  if (date === undefined) return undefined;
  const day = epochDay(date);
  if (day === undefined) throw new PlanError(`the ${what} ${date} is no date; write YYYY-MM-DD`);
  return day;
}

function namedCounties(locations: readonly string[], warnings: string[]): readonly County[] {
  if (locations.length === 0) warnings.push(`no location is given; ${DEFAULT_LOCATION} is taken`);
  const found = countiesOfAll(locations.length === 0 ? [DEFAULT_LOCATION] : locations);
  if ("fault" in found) throw new PlanError(found.fault);
  warnings.push(...found.repeated.map((location) => `${location} is named more than once and counted once`));
  return found.counties;
}

function parametersOf(names: readonly string[], { parameters = {} }: RunOptions): Map<string, string> {
  for (const name of Object.keys(parameters))
    if (!names.includes(name)) throw new PlanError(unknownParameter(name, names));
  return new Map(Object.entries(parameters));
}

/** What is told of a name that is none of a model's. */
export function unknownParameter(name: string, names: readonly string[]): string {
  return `the model has no shared variable ${name}${nearest(name, names)}; it has ${names.join(", ") || "none"}`;
}

/** The number that the caller of a run gives. */
export function numberGiven(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new PlanError(`${name} must be a number, not ${text}`);
  return value;
}
