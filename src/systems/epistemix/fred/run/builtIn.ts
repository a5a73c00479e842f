import type { Program } from "../syntax/ast";

/** What the built-in model is called where it runs; `undefined` where the program has something of its own to do. */
export function builtInName({ conditions, startup, agentStartup, groupStartup }: Program): string | undefined {
  const own = [conditions.flatMap(({ states }) => states), startup, agentStartup, groupStartup];
  return own.some(({ length }) => length > 0) ? undefined : (conditions[0]?.name ?? "SEIR");
}
