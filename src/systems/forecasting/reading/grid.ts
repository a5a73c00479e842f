import { RequestError } from "../../../platform/errors";
import { type DateForm, dateText } from "./dates";
import type { Reading, TimedRows } from "./repeats";
import { type Step, stepFrom, stepsBetween, stepText } from "./steps";

/** A gap of more than this share of the span is not filled unasked. */
const MAX_GAP_SHARE = 0.25;
const MAX_GRID = 2_000_000;
const MAX_NAMED_DATES = 20;

/**
 * The rows of every step from the first time to the last; undefined where there is none.
 * @throws RequestError 422 for a time between the steps, or too many steps without a row
 */
export function rowsOnGrid(
  groups: readonly TimedRows[],
  step: Step,
  form: DateForm,
  { columns, options, warnings }: Reading,
): (readonly number[] | undefined)[] {
  const start = groups[0]!.time;
  const places = groups.map(({ time }) => stepsBetween(start, time, step));
  const odd = places.findIndex(
    (place, index) => !Number.isInteger(place) || (index > 0 && place <= places[index - 1]!),
  );
  if (odd >= 0) {
    const told = `${dateText(groups[odd]!.time, form)} is not on the step of the others (${stepText(step, form)})`;
    throw new RequestError(422, `${columns.time!.name}: ${told}; bring the rows to even steps.`);
  }
  const length = places.at(-1)! + 1;
  const gaps = length - groups.length;
  if (length > MAX_GRID || (gaps > MAX_GAP_SHARE * length && options.gaps === undefined)) {
    const told = `${gaps} of ${length} steps (${stepText(step, form)}) have no row`;
    throw new RequestError(422, `${told}: check the dates, or set gaps to fill.`);
  }
  const grid = new Array<readonly number[] | undefined>(length).fill(undefined);
  for (const [index, { rows }] of groups.entries()) grid[places[index]!] = rows;
  if (gaps > 0) {
    const missing = Array.from(grid.keys()).filter((place) => grid[place] === undefined);
    const named = missing.slice(0, MAX_NAMED_DATES).map((place) => dateText(stepFrom(start, place, step), form));
    const more = gaps > MAX_NAMED_DATES ? ` and ${gaps - MAX_NAMED_DATES} more` : "";
    warnings.push({ code: "gaps_filled", message: `No row for ${named.join(", ")}${more}.` });
  }
  return grid;
}
