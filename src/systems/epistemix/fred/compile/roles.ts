import type { Expression, Statement } from "../syntax/ast";

/** What a state's statements are for: done on entering, how long to wait, where to go. */
export type Role = "do" | "wait" | "go";

function roleOf(statement: Statement): Role | undefined {
  if (statement.kind === "wait") return "wait";
  if (statement.kind === "next" || statement.kind === "default") return "go";
  return statement.kind === "if" ? undefined : "do";
}

/** The part of a body that has one role; an `if` is kept with what has it in either branch. */
export function partOf(body: readonly Statement[], role: Role): Statement[] {
  return body.flatMap((statement): Statement[] => {
    if (statement.kind !== "if") return roleOf(statement) === role ? [statement] : [];
    const then = partOf(statement.then, role);
    const otherwise = partOf(statement.otherwise, role);
    const nothing = then.length === 0 && otherwise.length === 0;
    // An if without anything in it is kept among what is done, so that its condition is read.
    const empty = role === "do" && statement.then.length === 0 && statement.otherwise.length === 0;
    return nothing && !empty ? [] : [{ ...statement, then, otherwise }];
  });
}

/** A rule with all that must hold for it, from the outside in. */
export interface Rule {
  statement: Statement;
  tests: readonly { condition: Expression; holds: boolean }[];
}

/** The rules of a part, one after another, out of their `if`s. */
export function rulesOf(part: readonly Statement[], tests: Rule["tests"] = []): Rule[] {
  return part.flatMap((statement): Rule[] => {
    if (statement.kind !== "if") return [{ statement, tests }];
    const { condition } = statement;
    return [
      ...rulesOf(statement.then, [...tests, { condition, holds: true }]),
      ...rulesOf(statement.otherwise, [...tests, { condition, holds: false }]),
    ];
  });
}
