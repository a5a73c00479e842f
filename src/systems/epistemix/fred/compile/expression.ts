import type { ListOf, NumberOf } from "../engine/condition";
import { RunError } from "../engine/errors";
import { RACES, RELATIONSHIPS } from "../people/traits";
import type { Expression } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { MONTHS } from "../syntax/tokens";
import { type Compiler, conditionOf, numberOf, type Value } from "./context";
import { FUNCTIONS } from "./functions";
import { placeAt } from "./functions/people";
import { placeIndex } from "./groups";
import type { Variable } from "./model";
import { combine } from "./operators";

const numeric = (of: NumberOf): Value => ({ shape: "numeric", of });
/** Words that stand for a number. */
const FIXED: Readonly<Record<string, number>> = {
  ...Object.fromEntries(MONTHS.map((month, k) => [month, k + 1])),
  ...Object.fromEntries(["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].map((weekday, k) => [weekday, k])),
  female: 0,
  male: 1,
  ...RACES,
  ...Object.fromEntries(RELATIONSHIPS.map((name, k) => [name, k + 1])),
};

/** What an expression is worth, as a closure over the world. */
export function compileExpression(compiler: Compiler, expression: Expression): Value {
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return numeric(() => value);
    }
    case "name":
      return compileName(compiler, expression);
    case "member":
      return compileMember(compiler, expression);
    case "call":
      return compileCall(compiler, expression);
    case "not": {
      const of = numberOf(compiler, expression.of);
      return numeric((agent) => (of(agent) === 0 ? 1 : 0));
    }
    case "minus":
      return combine(
        "-",
        numeric(() => 0),
        compiler.value(expression.of),
      );
    case "binary":
      return combine(expression.operator, compiler.value(expression.left), compiler.value(expression.right));
    case "index":
      return compileIndex(compiler, expression);
    case "blank": {
      const { world } = compiler;
      return numeric(() => world.blank);
    }
    case "text":
      throw new SourceError(expression.at, "words can be printed, not calculated with");
    case "date":
      throw new SourceError(expression.at, "a date stands in is_date_in_range alone");
    case "operator":
      throw new SourceError(expression.at, `${expression.operator} stands alone here, with nothing to compare`);
  }
}

function compileName(compiler: Compiler, { at, name }: Extract<Expression, { kind: "name" }>): Value {
  const { model } = compiler.world;
  const variable = model.variables.get(name);
  if (variable !== undefined) return readVariable(compiler, variable, at);
  if (Object.hasOwn(FIXED, name)) {
    const fixed = FIXED[name]!;
    return numeric(() => fixed);
  }
  const kind = placeIndex(model.places, name);
  if (kind >= 0) {
    const { world } = compiler;
    const { placeNumber } = world.numbers;
    return numeric((agent) => placeNumber(kind, placeAt(world, agent, kind)));
  }
  const own = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (own?.bare === true) return own.compile(compiler, [], at);
  throw new SourceError(
    at,
    `${name} is not known${nearest(name, [...model.variables.keys(), ...Object.keys(FUNCTIONS)])}`,
  );
}

/** Reads a variable that is no table. */
function readVariable({ world }: Compiler, { name, scope, shape, slot }: Variable, at: Expression["at"]): Value {
  const { shared, sharedLists, agentNumbers, agentLists } = world;
  if (shape === "numeric") {
    if (scope === "shared") return numeric(() => shared[slot]!);
    const values = agentNumbers[slot]!;
    return numeric((agent) => values[agent]!);
  }
  if (shape === "list") {
    if (scope === "shared") return { shape: "list", of: () => sharedLists[slot]! };
    const lists = agentLists[slot]!;
    return { shape: "list", of: (agent) => lists[agent] ?? [] };
  }
  throw new SourceError(at, shape === "string" ? `${name} is a string` : `${name} is a table; write ${name}[key]`);
}

/** `C.sus`, `C.trans`; `C.x` is a variable that the condition `C` declares. */
function compileMember(compiler: Compiler, { at, owner, name }: Extract<Expression, { kind: "member" }>): Value {
  const condition = compiler.world.conditions[conditionOf(compiler, { at, name: owner })]!;
  const values = name === "sus" ? condition.susceptibility : name === "trans" ? condition.transmission : undefined;
  const variable = compiler.world.model.variables.get(name);
  if (values === undefined && variable !== undefined) return readVariable(compiler, variable, at);
  if (values === undefined) throw new SourceError(at, `of a condition .sus and .trans can be read, not .${name}`);
  return numeric((agent) => values[agent] ?? 0);
}

function compileCall(compiler: Compiler, { at, name, args }: Extract<Expression, { kind: "call" }>): Value {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined)
    throw new SourceError(at, `there is no function ${name}${nearest(name, Object.keys(FUNCTIONS))}`);
  const [least, most] = found.takes;
  if (args.length < least || args.length > most) {
    const wanted =
      least === most ? `${least}` : `${least} to ${most === Number.POSITIVE_INFINITY ? "any number" : most}`;
    throw new SourceError(at, `${name} takes ${wanted} in its brackets, not ${args.length}`);
  }
  return found.compile(compiler, args, at);
}

function compileIndex(compiler: Compiler, { at, of, index }: Extract<Expression, { kind: "index" }>): Value {
  const key = numberOf(compiler, index);
  const variable = of.kind === "name" ? compiler.world.model.variables.get(of.name) : undefined;
  if (variable?.shape === "table") {
    const table = compiler.world.sharedTables[variable.slot]!;
    return numeric((agent) => table.get(key(agent)) ?? missing(variable.name, key(agent)));
  }
  if (variable?.shape === "list_table") {
    const table = compiler.world.sharedListTables[variable.slot]!;
    return { shape: "list", of: (agent) => table.get(key(agent)) ?? missing(variable.name, key(agent)) };
  }
  const list = compiler.value(of);
  if (list.shape !== "list") throw new SourceError(at, "only lists and tables have members");
  return numeric(memberAt(list.of, key));
}

function memberAt(list: ListOf, key: NumberOf): NumberOf {
  return (agent) => {
    const members = list(agent);
    const index = key(agent);
    const found = members[index];
    if (found === undefined) throw new RunError(`index ${index} is outside of a list of ${members.length}`);
    return found;
  };
}

function missing(name: string, key: number): never {
  throw new RunError(`table ${name} has no key ${key}`);
}
