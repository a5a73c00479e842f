import { RunError } from "../../engine/errors";
import type { World } from "../../engine/world";
import type { Expression } from "../../syntax/ast";
import { SourceError } from "../../syntax/source";
import { numberOf } from "../context";
import { type FunctionEntry, list, numeric } from "./entry";

/** The table that an expression names. */
export function tableOf(world: World, arg: Expression): Map<number, number> | Map<number, readonly number[]> {
  const variable = arg.kind === "name" ? world.model.variables.get(arg.name) : undefined;
  if (variable?.shape === "table") return world.sharedTables[variable.slot]!;
  if (variable?.shape === "list_table") return world.sharedListTables[variable.slot]!;
  throw new SourceError(arg.at, "the name of a table is needed here");
}

/** `lookup(table, key)`, with a third for what stands in for a key that is not there. */
const lookup: FunctionEntry = {
  takes: [2, 3],
  compile(compiler, [table, key, otherwise]) {
    const entries = tableOf(compiler.world, table!);
    const at = numberOf(compiler, key!);
    const instead = otherwise === undefined ? undefined : compiler.value(otherwise);
    const found = (agent: number) => {
      const value = entries.get(at(agent)) ?? instead?.of(agent);
      if (value === undefined) throw new RunError(`the table has no key ${at(agent)}`);
      return value;
    };
    const variable = compiler.world.model.variables.get((table as { name: string }).name)!;
    if (variable.shape === "table") return numeric(found as (agent: number) => number);
    return list(found as (agent: number) => readonly number[]);
  },
};

export const lookups: Readonly<Record<string, FunctionEntry>> = {
  lookup,
  lookup_list: lookup,
  get_keys: {
    takes: [1, 1],
    compile({ world }, [table]) {
      const entries = tableOf(world, table!);
      return list(() => [...entries.keys()]);
    },
  },
  has_key: {
    takes: [2, 2],
    compile(compiler, [table, key]) {
      const entries = tableOf(compiler.world, table!);
      const at = numberOf(compiler, key!);
      return numeric((agent) => (entries.has(at(agent)) ? 1 : 0));
    },
  },
};
