import { createChance } from "../chance/streams";
import { createCalendar } from "../engine/calendar";
import type { ModelResult, ModelRun } from "../model";
import { countDay, dateDay } from "../output/days";
import { endFiles, textFile } from "../output/files";
import type { RunLog } from "../output/log";
import { numberGiven, PlanError, type RunPlan } from "./plan";
import { type SeirRates, seirDays } from "./seir";

/** Rates of the tutorial flu, a day's: a reproduction number of 1.4, 1.9 days until infectious, five days of it. */
const DEFAULT_RATES = { beta: 0.28, sigma: 1 / 1.9, gamma: 0.2, initial_infected: 10 };

export const SEIR_PARAMETERS = [...Object.keys(DEFAULT_RATES), "population"];

const STATES = ["S", "E", "I", "R"] as const;
const MAX_PEOPLE = 1e9;

/** Runs the built-in model in the place of a program that has no states, under the name of its condition. */
export function runSeir(name: string, plan: RunPlan, { onDay, signal }: ModelRun, log: RunLog): ModelResult {
  const rates = ratesOf(plan);
  log.write("INFO", `no model with states is given: the built-in SEIR model runs, ${JSON.stringify(rates)}`);
  const calendar = createCalendar(plan.startDay, plan.days);
  const lines = new Map<string, string[]>();
  const totals = [0, 0, 0, 0];
  let day = 0;
  for (const { counts, entries } of seirDays(rates, plan.days, createChance(plan.seed))) {
    const date = dateDay(lines, calendar, day, rates.population);
    for (const [k, state] of STATES.entries()) {
      totals[k]! += entries[k]!;
      countDay(lines, day, name, state, [counts[k]!, entries[k]!, totals[k]!]);
    }
    onDay?.({ day, days: plan.days, date });
    day++;
    if (signal?.aborted === true && day < plan.days) {
      log.write("ERROR", `the run was stopped after ${day} of ${plan.days} days`);
      return { status: "cancelled", files: endFiles(log, 1), faults: [] };
    }
  }
  log.write("INFO", "the run is done");
  const files = [
    textFile("conditions.json", `${JSON.stringify([{ name, states: STATES }])}\n`),
    textFile(
      "about.json",
      `${JSON.stringify({ engine: "the built-in SEIR model", seed: String(plan.seed), ...rates }, null, 2)}\n`,
    ),
    textFile("USER_OUTPUT/print_output.txt", ""),
    ...[...lines].map(([path, rows]) => textFile(path, `${rows.join("\n")}\n`)),
    ...endFiles(log, 0),
  ];
  return { status: "done", files, faults: [] };
}

function ratesOf({ parameters, counties }: RunPlan): SeirRates {
  const given = (name: string, otherwise: number) => {
    const text = parameters.get(name);
    const value = text === undefined ? otherwise : numberGiven(name, text);
    if (!(value >= 0 && value <= MAX_PEOPLE))
      throw new PlanError(`${name} must lie between 0 and ${MAX_PEOPLE}, not ${value}`);
    return value;
  };
  return {
    beta: given("beta", DEFAULT_RATES.beta),
    sigma: given("sigma", DEFAULT_RATES.sigma),
    gamma: given("gamma", DEFAULT_RATES.gamma),
    initialInfected: Math.floor(given("initial_infected", DEFAULT_RATES.initial_infected)),
    population: Math.floor(
      given(
        "population",
        counties.reduce((sum, county) => sum + county.people, 0),
      ),
    ),
  };
}
