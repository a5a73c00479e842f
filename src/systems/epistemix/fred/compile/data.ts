import type { NumberOf } from "../engine/condition";
import type { Expression } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import type { ActionEntry } from "./actionEntry";
import { type Compiler, numberOf } from "./context";
import { cellAt, dataFile } from "./dataFile";
import { tableOf } from "./functions/lookups";

/** A column of a file, counted from 0. */
export function columnOf(compiler: Compiler, file: Expression, column: Expression): (agent: number) => number[] {
  const data = dataFile(compiler.source, file);
  const index = numberOf(compiler, column);
  return (agent) => {
    const at = index(agent);
    return data.rows.map((_, row) => cellAt(data, row, at));
  };
}

/** Fills a table from two columns, of keys and of values. */
const reading = (shape: "table" | "list_table"): ActionEntry => ({
  takes: [4, 4],
  compile(compiler, [what, file, keys, values], at) {
    const variable = what!.kind === "name" ? compiler.world.model.variables.get(what!.name) : undefined;
    if (variable?.shape !== shape) throw new SourceError(at, `the name of a ${shape} is needed here`);
    const table = tableOf(compiler.world, what!);
    const data = dataFile(compiler.source, file!);
    const columns = [keys!, values!].map((column): NumberOf => numberOf(compiler, column));
    return (agent) => {
      const [key, value] = columns.map((column) => column(agent)) as [number, number];
      for (let row = 0; row < data.rows.length; row++)
        add(table, cellAt(data, row, key), cellAt(data, row, value), shape);
    };
  },
});

/** Values of a list table that share a key are one list, in the order of the file. */
function add(table: ReturnType<typeof tableOf>, key: number, value: number, shape: "table" | "list_table"): void {
  if (shape === "table") {
    (table as Map<number, number>).set(key, value);
    return;
  }
  const lists = table as Map<number, readonly number[]>;
  const before = lists.get(key) as number[] | undefined;
  if (before === undefined) lists.set(key, [value]);
  else before.push(value);
}

/** Actions that read files of the model. */
export const reads: Readonly<Record<string, ActionEntry>> = {
  read_table: reading("table"),
  read_list_table: reading("list_table"),
};
