import { type Action, type ListOf, NOT_EXPOSED } from "../engine/condition";
import { setSusceptibility, setTransmission } from "../engine/enter";
import { RunError } from "../engine/errors";
import type { Expression, Statement } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { ACTIONS } from "./actions";
import { type Compiler, conditionOf, listOf, numberOf } from "./context";
import type { Variable } from "./model";

/** Told of a fault; the other statements are compiled all the same. */
export type Gather = (action: () => void) => void;

/** Statements as one closure that does them in their order. */
export function compileActions(compiler: Compiler, body: readonly Statement[], gather: Gather): Action {
  const actions: Action[] = [];
  for (const statement of body) gather(() => actions.push(compileStatement(compiler, statement, gather)));
  return sequence(actions);
}

function sequence(actions: readonly Action[]): Action {
  const [first, second] = actions;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  if (actions.length === 2) {
    return (agent) => {
      first(agent);
      second(agent);
    };
  }
  return (agent) => {
    for (let k = 0; k < actions.length; k++) actions[k]!(agent);
  };
}

function compileStatement(compiler: Compiler, statement: Statement, gather: Gather): Action {
  switch (statement.kind) {
    case "assign":
      return compileAssignment(compiler, statement.target, statement.value);
    case "action":
      return compileAction(compiler, statement);
    case "if": {
      const condition = numberOf(compiler, statement.condition);
      const then = compileActions(compiler, statement.then, gather);
      const otherwise = compileActions(compiler, statement.otherwise, gather);
      return (agent) => (condition(agent) !== 0 ? then(agent) : otherwise(agent));
    }
    case "for":
      return compileFor(compiler, statement, gather);
    case "while":
      return compileWhile(compiler, statement, gather);
    default:
      throw new SourceError(statement.at, `${statement.kind} stands in states alone, not within loops or startup`);
  }
}

function compileAction(compiler: Compiler, { at, name, args }: Extract<Statement, { kind: "action" }>): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined)
    throw new SourceError(at, `there is no action ${name}${nearest(name, Object.keys(ACTIONS))}`);
  const [least, most] = action.takes;
  if (args.length < least || args.length > most)
    throw new SourceError(
      at,
      `${name} takes ${least === most ? least : `${least} or more`} in its brackets, not ${args.length}`,
    );
  return action.compile(compiler, args, at);
}

function compileFor(compiler: Compiler, statement: Extract<Statement, { kind: "for" }>, gather: Gather): Action {
  const { world } = compiler;
  const variable = world.model.variables.get(statement.variable);
  if (variable === undefined || variable.shape !== "numeric")
    throw new SourceError(
      statement.at,
      `${statement.variable} must be declared as a number${nearest(statement.variable, world.model.variables.keys())}`,
    );
  const values = variable.scope === "shared" ? world.shared : world.agentNumbers[variable.slot]!;
  const isShared = variable.scope === "shared";
  const list = listOf(compiler, statement.list);
  const body = compileActions(compiler, statement.body, gather);
  return (agent) => {
    for (const member of [...list(agent)]) {
      values[isShared ? variable.slot : agent] = member;
      body(agent);
      if (world.stopped) return;
    }
  };
}

function compileWhile(compiler: Compiler, statement: Extract<Statement, { kind: "while" }>, gather: Gather): Action {
  const { world } = compiler;
  const { maxLoops } = world.model;
  const condition = numberOf(compiler, statement.condition);
  const body = compileActions(compiler, statement.body, gather);
  return (agent) => {
    for (let loops = 0; condition(agent) !== 0 && !world.stopped; loops++) {
      if (loops >= maxLoops) throw new RunError(`a while went round ${maxLoops} times (max_loops)`);
      body(agent);
    }
  };
}

function compileAssignment(compiler: Compiler, target: Expression, value: Expression): Action {
  if (target.kind === "member") {
    const own = compiler.world.model.variables.get(target.name);
    if (own === undefined) return compileMemberAssignment(compiler, target, value);
    return assignVariable(compiler, own, value, target.at);
  }
  const name = target.kind === "index" ? target.of : target;
  const variable = name.kind === "name" ? compiler.world.model.variables.get(name.name) : undefined;
  if (variable === undefined) {
    const called = name.kind === "name" ? name.name : "this";
    throw new SourceError(
      name.at,
      `there is no variable ${called}${nearest(called, compiler.world.model.variables.keys())}`,
    );
  }
  return target.kind === "index"
    ? assignMember(compiler, variable, target, value)
    : assignVariable(compiler, variable, value, target.at);
}

function assignVariable(compiler: Compiler, variable: Variable, value: Expression, at: Expression["at"]): Action {
  const { world } = compiler;
  const { slot, scope, shape } = variable;
  if (shape === "numeric") {
    const of = numberOf(compiler, value);
    if (scope === "agent") {
      const values = world.agentNumbers[slot]!;
      return (agent) => {
        values[agent] = of(agent);
      };
    }
    const { shared } = world;
    return (agent) => {
      shared[slot] = of(agent);
    };
  }
  if (shape === "list") {
    const of = listOf(compiler, value);
    // A copy, since what is pushed to one list must not appear in another.
    if (scope === "shared")
      return (agent) => {
        world.sharedLists[slot] = [...of(agent)];
      };
    const lists = world.agentLists[slot]!;
    return (agent) => {
      lists[agent] = [...of(agent)];
    };
  }
  if (shape === "string" && value.kind === "text")
    return () => {
      world.strings[slot] = value.value;
    };
  throw new SourceError(at, shape === "string" ? "a string is needed here" : `write ${variable.name}[key] = ...`);
}

function assignMember(
  compiler: Compiler,
  { slot, scope, shape, name }: Variable,
  target: Extract<Expression, { kind: "index" }>,
  value: Expression,
): Action {
  const { world } = compiler;
  const key = numberOf(compiler, target.index);
  if (shape === "table") {
    const table = world.sharedTables[slot]!;
    const of = numberOf(compiler, value);
    return (agent) => void table.set(key(agent), of(agent));
  }
  if (shape === "list_table") {
    const table = world.sharedListTables[slot]!;
    const of: ListOf = listOf(compiler, value);
    return (agent) => void table.set(key(agent), [...of(agent)]);
  }
  if (shape !== "list") throw new SourceError(target.at, `${name} is a number and has no members`);
  const of = numberOf(compiler, value);
  return (agent) => {
    const list =
      scope === "shared" ? world.sharedLists[slot]! : (world.agentLists[slot]![agent] as number[] | undefined);
    const index = key(agent);
    if (list === undefined || list[index] === undefined)
      throw new RunError(`index ${index} is outside of a list of ${list?.length ?? 0}`);
    list[index] = of(agent);
  };
}

/** `C.sus = x`, `C.trans = x`. */
function compileMemberAssignment(
  compiler: Compiler,
  target: Extract<Expression, { kind: "member" }>,
  value: Expression,
): Action {
  const { world } = compiler;
  const condition = world.conditions[conditionOf(compiler, { at: target.at, name: target.owner })]!;
  if (condition.exposedState === NOT_EXPOSED)
    throw new SourceError(target.at, `${condition.name} does not spread: it has no exposed_state`);
  const of = numberOf(compiler, value);
  if (target.name === "sus") return (agent) => setSusceptibility(condition, agent, of(agent));
  if (target.name === "trans") return (agent) => setTransmission(world, condition, agent, of(agent));
  throw new SourceError(target.at, `of a condition .sus and .trans can be set, not .${target.name}`);
}
