import { createChance } from "../chance/streams";
import { checkModel } from "../check/checkModel";
import { gatherInto, inOrder } from "../check/gather";
import { type Brought, numberBrought, ownKinds, readBrought } from "../compile/brought";
import { compileProgram } from "../compile/compile";
import { declare } from "../compile/declare";
import type { Model } from "../compile/model";
import { createCalendar } from "../engine/calendar";
import { createSteps } from "../engine/enter";
import { RunError } from "../engine/errors";
import { begin, type Startup, simulateHour } from "../engine/simulate";
import { createWorld, type World } from "../engine/world";
import type { ModelFault, ModelResult, ModelRun } from "../model";
import { takeDay } from "../output/days";
import { endFiles, resultFiles } from "../output/files";
import { createLog, type RunLog } from "../output/log";
import { synthesize } from "../people/synthesize";
import type { Program } from "../syntax/ast";
import { parseProgram } from "../syntax/program";
import { aboutRun } from "./about";
import { builtInName } from "./builtIn";
import { numberGiven, PlanError, planRun, type RunPlan } from "./plan";
import { runSeir, SEIR_PARAMETERS } from "./runSeir";
import { sharedNames } from "./sharedNames";

/**
 * Runs a model to its end and gives the files of its result. A program with a fault is not begun; one that fails gives
 * its log alone. Takes as long as it takes: for a Worker, not for the event loop.
 */
export function runModel(run: ModelRun): ModelResult {
  const log = createLog(run.nowMs);
  const { program, faults } = parseProgram(run);
  const gather = gatherInto(faults);
  const model = declare(program, gather);
  const read = readBrought(run, program, model, gather);
  try {
    if (faults.length > 0) return refused(log, checkModel(run));
    const builtIn = builtInName(program);
    if (builtIn !== undefined) return runSeir(builtIn, planRun(program, model, SEIR_PARAMETERS, run.options), run, log);
    return runProgram(run, program, model, read, log);
  } catch (error) {
    if (error instanceof PlanError || error instanceof RunError) return failed(log, error.message);
    throw error;
  }
}

function refused(log: RunLog, unordered: readonly ModelFault[]): ModelResult {
  const faults = inOrder(unordered);
  for (const { file, line, column, message, text } of faults)
    log.write("ERROR", `${file}:${line}:${column}: ${message}${text.trim() === "" ? "" : ` in: ${text.trim()}`}`);
  return { status: "error", files: endFiles(log, 1), faults };
}

function failed(log: RunLog, message: string): ModelResult {
  log.write("ERROR", message);
  return { status: "error", files: endFiles(log, 1), faults: [] };
}

function runProgram(run: ModelRun, program: Program, model: Model, read: Brought, log: RunLog): ModelResult {
  const plan = planRun(program, model, sharedNames(model), run.options);
  const residents = plan.counties.reduce((sum, { people }) => sum + people, 0);
  const brought = numberBrought(read, residents);
  const added = { agents: brought.count, kinds: ownKinds(model, brought) };
  const population = synthesize(plan.counties, createChance(plan.seed), added);
  const world = createWorld(model, population, createCalendar(plan.startDay, plan.days), plan.seed, brought);
  const steps = createSteps(world);
  const faults: ModelFault[] = [];
  const given = new Set(plan.parameters.keys());
  const startup = compileProgram(run, program, world, steps, gatherInto(faults), plan.seed, given);
  if (faults.length > 0) return refused(log, faults);
  giveParameters(world, plan);
  log.write(
    "INFO",
    `${population.residents} people in ${plan.counties.length} counties, ${plan.days} days, seed ${plan.seed}`,
  );
  for (const warning of plan.warnings) log.write("WARNING", warning);
  const days = new Map<string, string[]>();
  try {
    const ended = simulateDays(run, world, steps, startup, days);
    for (const warning of world.printed.warnings) log.write("WARNING", warning);
    if (!ended) {
      log.write("ERROR", `the run was stopped after ${world.day + 1} of ${plan.days} days`);
      return { status: "cancelled", files: endFiles(log, 1), faults: [] };
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return failed(log, `${error.message}, ${whereIn(world)}`);
  }
  log.write("INFO", "the run is done");
  return { status: "done", files: resultFiles(world, days, aboutRun(plan, population), log), faults: [] };
}

function giveParameters(world: World, { parameters }: RunPlan): void {
  for (const [name, text] of parameters) {
    const { slot, shape } = world.model.variables.get(name)!;
    if (shape === "string") world.strings[slot] = text;
    else world.shared[slot] = numberGiven(name, text);
  }
}

/** Whether all days were simulated; the program itself may say that it is enough. */
function simulateDays(
  { onDay, signal }: ModelRun,
  world: World,
  steps: ReturnType<typeof createSteps>,
  startup: Startup,
  lines: Map<string, string[]>,
): boolean {
  const { calendar } = world;
  begin(world, steps, startup);
  for (let day = 0; day < calendar.days; day++) {
    world.day = day;
    for (let hour = 0; hour < 24; hour++) {
      world.hour = day * 24 + hour;
      simulateHour(world, steps);
    }
    const date = takeDay(world, lines);
    onDay?.({ day, days: calendar.days, date });
    if (signal?.aborted === true && day < calendar.days - 1) return false;
    if (world.stopped) return true;
  }
  return true;
}

function whereIn({ doing, day, hour, meta }: World): string {
  const agent = doing.agent === meta ? "the meta agent" : `agent ${doing.agent}`;
  const state =
    doing.condition === undefined ? "startup" : `${doing.condition.name}.${doing.condition.stateNames[doing.state]}`;
  return `in ${state}, ${agent}, day ${day}, hour ${hour % 24}`;
}
