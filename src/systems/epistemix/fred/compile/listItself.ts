import type { Expression } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import type { Compiler } from "./context";

/** The list itself of a variable, to be changed where it is. */
export function listItself({ world }: Compiler, what: Expression): (agent: number) => number[] {
  const variable = what.kind === "name" ? world.model.variables.get(what.name) : undefined;
  if (variable?.shape !== "list") throw new SourceError(what.at, "the name of a list is needed here");
  if (variable.scope === "shared") return () => world.sharedLists[variable.slot]!;
  const lists = world.agentLists[variable.slot]! as (number[] | undefined)[];
  return (agent) => {
    lists[agent] ??= [];
    return lists[agent];
  };
}
