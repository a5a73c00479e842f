import type { ModelFault } from "../model";

/** A file of a program. */
export interface SourceFile {
  path: string;
  text: string;
}

/** A place in a program: the file, and characters from its beginning. */
export interface At {
  file: SourceFile;
  offset: number;
}

/** A fault of a program that ends the reading of one statement; whoever reads on gathers it. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly at: At;

  constructor(at: At, message: string) {
    super(message);
    this.at = at;
  }
}

/** What is told of a fault: file, line, column, and the line itself. */
export function faultAt({ file, offset }: At, message: string): ModelFault {
  const before = file.text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const end = file.text.indexOf("\n", offset);
  return {
    file: file.path,
    line: before.split("\n").length,
    column: offset - start + 1,
    text: file.text.slice(start, end < 0 ? undefined : end).trimEnd(),
    message,
  };
}

/** A fault as people read it, the line and a mark under the place below it. */
export function faultText({ file, line, column, text, message }: ModelFault): string {
  const shown = text.replaceAll("\t", " ");
  return `${file}:${line}:${column}: ${message}\n  ${shown}\n  ${" ".repeat(Math.max(0, column - 1))}^\n`;
}
