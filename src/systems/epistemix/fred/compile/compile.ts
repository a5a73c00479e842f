import { createChance } from "../chance/streams";
import type { Action, StateRules } from "../engine/condition";
import type { Steps } from "../engine/enter";
import type { Startup } from "../engine/simulate";
import type { World } from "../engine/world";
import type { ModelSource } from "../model";
import { TRAITS } from "../people/traits";
import type { Program, Statement } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import type { Compiler } from "./context";
import { compileExpression } from "./expression";
import { EXCLUDED } from "./model";
import { partOf } from "./roles";
import { compileActions, type Gather } from "./statements";
import { compileNext, compileWait } from "./transitions";

const FOREVER: StateRules = { enter: () => undefined, wait: () => Number.POSITIVE_INFINITY, next: () => -1 };

/** Figures that a population elsewhere has and ours has not, since no public table that is inside gives them. */
const NOT_IN_THE_POPULATION = ["profile"];

/**
 * Makes closures of a program and hands its states to the world's conditions. Values of `given` are not touched by the
 * program's own first assignments.
 */
export function compileProgram(
  source: ModelSource,
  program: Program,
  world: World,
  steps: Steps,
  gather: Gather,
  seed: bigint,
  given: ReadonlySet<string> = new Set(),
): Startup {
  const compiler: Compiler = { world, steps, source, value: (expression) => compileExpression(compiler, expression) };
  const actions = (body: readonly Statement[]) => compileActions(compiler, body, gather);
  gather(() => checkPopulationVariables(program));
  for (const [index, block] of program.conditions.entries()) {
    const condition = world.conditions[index]!;
    const states = condition.stateNames.map(() => FOREVER);
    for (const { name, body } of block.states)
      states[condition.stateNames.indexOf(name)] = compileState(compiler, index, name, body, gather);
    condition.states = states;
  }
  const own = (statement: Statement) => !given.has(assignedName(statement) ?? "");
  const isAgents = (statement: Statement) =>
    world.model.variables.get(assignedName(statement) ?? "")?.scope === "agent";
  const first = program.assignments.filter(own);
  const shared = actions(first.filter((statement) => !isAgents(statement)));
  const defaults = actions(first.filter(isAgents));
  const startup = actions(program.startup.filter(own));
  return {
    meta: (meta) => {
      shared(meta);
      fillFromPopulation(world, seed);
      if (first.some(isAgents)) for (let agent = 0; agent < world.agents; agent++) defaults(agent);
      startup(meta);
    },
    agent: optional(program.agentStartup, actions),
    group: optional(program.groupStartup, actions),
  };
}

function optional(body: readonly Statement[], compile: (body: readonly Statement[]) => Action): Action | undefined {
  return body.length === 0 ? undefined : compile(body);
}

function compileState(
  compiler: Compiler,
  condition: number,
  name: string,
  body: Statement[],
  gather: Gather,
): StateRules {
  const state = compiler.world.conditions[condition]!.stateNames.indexOf(name);
  const own: Compiler = {
    ...compiler,
    condition,
    value: (expression) => compileExpression(own, expression),
  };
  const rules: StateRules = { ...FOREVER, enter: compileActions(own, partOf(body, "do"), gather) };
  if (state === EXCLUDED && body.length === 0) return rules;
  const go = partOf(body, "go");
  gather(() => {
    // Without a word on waiting, a state that leads somewhere is left at once, and any other never.
    rules.wait = compileWait(own, partOf(body, "wait"), go.length > 0 ? 0 : Number.POSITIVE_INFINITY);
  });
  gather(() => {
    rules.next = compileNext(own, condition, state, go);
  });
  return rules;
}

function assignedName(statement: Statement): string | undefined {
  if (statement.kind !== "assign") return undefined;
  const { target } = statement;
  if (target.kind === "name") return target.name;
  return target.kind === "index" && target.of.kind === "name" ? target.of.name : undefined;
}

function checkPopulationVariables(program: Program): void {
  const bodies = [
    program.assignments,
    program.startup,
    program.agentStartup,
    ...program.conditions.flatMap(({ states }) => states.map(({ body }) => body)),
  ];
  const assigned = new Set(bodies.flatMap((body) => partOf(body, "do")).map(assignedName));
  for (const { name, scope, at } of program.variables)
    if (scope === "agent" && NOT_IN_THE_POPULATION.includes(name) && !assigned.has(name))
      throw new SourceError(at, `${name} is not in the population; give ${name} a value first`);
}

/** Variables of agents that are called as something of the population are given that. */
function fillFromPopulation({ model, population, agentNumbers }: World, seed: bigint): void {
  const age = model.variables.get("age");
  const sex = model.variables.get("sex");
  for (let agent = 0; agent < population.people; agent++) {
    if (age?.scope === "agent") agentNumbers[age.slot]![agent] = Math.floor(population.ageDays[agent]! / 365.25);
    if (sex?.scope === "agent") agentNumbers[sex.slot]![agent] = population.sex[agent]!;
  }
  for (const [name, trait] of Object.entries(TRAITS)) {
    const variable = model.variables.get(name);
    if (variable?.scope === "agent" && variable.shape === "numeric")
      agentNumbers[variable.slot]!.set(trait(population, createChance(seed)));
  }
}
