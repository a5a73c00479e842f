import { MAX_LINE_LETTERS } from "../limits";
import type { KeyFigure } from "../section";
import { shortLine } from "../text/clean";
import { NO_VALUE, writeAlone } from "../text/numbers";

/** The value of a key figure as a page shows it. */
export function writtenFigure(value: KeyFigure["value"]): string {
  if (typeof value === "number") return writeAlone(value);
  return shortLine(value ?? "", MAX_LINE_LETTERS) || NO_VALUE;
}
