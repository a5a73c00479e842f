import { RunError } from "../engine/errors";
import type { ModelSource } from "../model";
import type { Expression } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { beside } from "../syntax/program";
import { SourceError } from "../syntax/source";

/** A file of comma-separated numbers of the model. */
export interface DataFile {
  path: string;
  name: string;
  /** The words of its first line, where that has no number. */
  head: readonly string[];
  /** Cells by row, NaN where one is no number. */
  rows: readonly (readonly number[])[];
  /** The line of the first row, from 1. */
  firstLine: number;
}

/** The file that an argument names, beside the main one or from the top of the model. @throws SourceError where there is none */
export function dataFile({ files, main }: ModelSource, arg: Expression): DataFile {
  const name = arg.kind === "text" ? arg.value : "";
  const path = [main, ""].map((from) => beside(from, name)).find((at) => at !== undefined && Object.hasOwn(files, at));
  if (path === undefined)
    throw new SourceError(arg.at, `the model has no file ${name}${nearest(name, Object.keys(files))}`);
  const lines = files[path]!.replaceAll("\r\n", "\n").trimEnd().split("\n");
  const words = (line: string) => line.split(line.includes(",") ? "," : /\s+/).map((word) => word.trim());
  const cells = (line: string) => words(line).map((word) => (word === "" ? Number.NaN : Number(word)));
  const hasHead = cells(lines[0]!).every(Number.isNaN);
  return {
    path,
    name,
    head: hasHead ? words(lines[0]!) : [],
    rows: lines.slice(hasHead ? 1 : 0).map(cells),
    firstLine: hasHead ? 2 : 1,
  };
}

/** @throws RunError where there is no number */
export function cellAt({ name, rows, firstLine }: DataFile, row: number, column: number): number {
  const cell = rows[row]![column];
  if (cell === undefined || Number.isNaN(cell))
    throw new RunError(`${name}, line ${row + firstLine}: column ${column} is no number`);
  return cell;
}
