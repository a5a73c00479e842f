import type { Expression, Program, Statement } from "./ast";

/** A function or an action that a program calls. */
export type Call = Pick<Extract<Expression, { kind: "call" }>, "at" | "name" | "args">;

/** Every call of a program, in the order of its parts. */
export function callsIn(program: Program): Call[] {
  const calls: Call[] = [];
  const bodies = [
    program.assignments,
    program.startup,
    program.agentStartup,
    program.groupStartup,
    ...program.conditions.flatMap(({ states }) => states.map(({ body }) => body)),
  ];
  for (const body of bodies) inBody(body, calls);
  return calls;
}

function inBody(body: readonly Statement[], calls: Call[]): void {
  for (const statement of body) {
    if (statement.kind === "action") calls.push(statement);
    for (const expression of expressionsOf(statement)) inExpression(expression, calls);
    if (statement.kind === "if") {
      inBody(statement.then, calls);
      inBody(statement.otherwise, calls);
    }
    if (statement.kind === "for" || statement.kind === "while") inBody(statement.body, calls);
  }
}

function expressionsOf(statement: Statement): readonly (Expression | undefined)[] {
  switch (statement.kind) {
    case "assign":
      return [statement.target, statement.value];
    case "action":
      return statement.args;
    case "wait":
      return [statement.hours];
    case "next":
      return [statement.probability];
    case "if":
    case "while":
      return [statement.condition];
    case "for":
      return [statement.list];
    case "default":
      return [];
  }
}

function inExpression(expression: Expression | undefined, calls: Call[]): void {
  if (expression?.kind === "call") calls.push(expression);
  for (const part of partsOf(expression)) inExpression(part, calls);
}

function partsOf(expression: Expression | undefined): readonly Expression[] {
  switch (expression?.kind) {
    case "call":
      return expression.args;
    case "not":
    case "minus":
      return [expression.of];
    case "binary":
      return [expression.left, expression.right];
    case "index":
      return [expression.of, expression.index];
    default:
      return [];
  }
}

/** Whether `_` stands anywhere in it. */
export function hasBlank(expression: Expression): boolean {
  return expression.kind === "blank" || partsOf(expression).some(hasBlank);
}
