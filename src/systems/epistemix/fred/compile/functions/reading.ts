import { columnOf } from "../data";
import { type FunctionEntry, list } from "./entry";

/** What a program can read of the files beside it. */
export const reading: Readonly<Record<string, FunctionEntry>> = {
  read: { takes: [2, 2], compile: (compiler, [file, column]) => list(columnOf(compiler, file!, column!)) },
};
