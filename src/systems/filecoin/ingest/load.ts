import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { UsageError } from "../../../platform/errors";
import { historyDoubts } from "../history/doubts";
import { MAX_HISTORY_DAYS } from "../history/file";
import { LAUNCH_DATE } from "../model/constants";
import { type AssembledHistory, assembleHistory, type RawTables, readTables, type Tables } from "./assemble";
import type { FetchOptions, Spacescope } from "./client";
import { SpacescopeFault } from "./fault";
import { type LoadRange, requestsFor, type SourceName } from "./sources";

/** How many current dates are tried, each a day before the last. */
export const ANCHOR_ATTEMPTS = 10;

export interface LoadOptions extends FetchOptions {
  /** One that is fresh: it remembers what it was answered. */
  spacescope: Spacescope;
  /** `YYYY-MM-DD`, the first day of the history. */
  startDate: string;
  /** `YYYY-MM-DD`, UTC; the history ends the day before, or earlier where that day is not complete yet. */
  today: string;
}

/**
 * Fetches a history that ends yesterday. Where the figures of that day cannot be used yet, the day before is tried, ten
 * days in all; what was fetched already is not fetched again.
 * @throws SpacescopeFault, UsageError when the dates make no history, or the signal's reason when that is aborted.
 */
export async function loadHistory(options: LoadOptions): Promise<AssembledHistory> {
  const { startDay, newestDay } = daysOf(options);
  const oldestDay = Math.max(startDay + 1, newestDay - ANCHOR_ATTEMPTS + 1);
  let fetched: Tables | undefined;
  let first: SpacescopeFault | undefined;
  for (let currentDay = newestDay; currentDay >= oldestDay; currentDay--) {
    try {
      fetched ??= await fetchTables({ startDay, currentDay, oldestDay }, options);
      const assembled = assembleHistory(fetched, startDay, currentDay);
      const { history } = assembled;
      const notes = [...assembled.notes, ...historyDoubts(history, options.today)];
      return { history, notes: first === undefined ? notes : [...notes, earlierNote(history.currentDate, first)] };
    } catch (error) {
      if (!(error instanceof SpacescopeFault) || error.kind !== "data") throw error;
      first ??= error;
    }
  }
  const tried =
    newestDay === oldestDay ? "" : ` The days before, back to ${isoDateOf(oldestDay)}, did not serve either.`;
  throw new SpacescopeFault("data", `${first!.message}${tried}`);
}

/** The days from and to which a history is wanted. @throws UsageError when they make none. */
function daysOf({ startDate, today }: LoadOptions): { startDay: number; newestDay: number } {
  const startDay = epochDay(startDate);
  const newestDay = (epochDay(today) ?? Number.NaN) - 1;
  if (startDay === undefined || startDate < LAUNCH_DATE) {
    throw new UsageError(`The start date ${startDate}: expected a date from ${LAUNCH_DATE}, the network's launch, on.`);
  }
  const days = newestDay - startDay;
  if (days >= 1 && days <= MAX_HISTORY_DAYS) return { startDay, newestDay };
  const expected = `expected 2 to ${MAX_HISTORY_DAYS + 1} days before today, ${today}`;
  throw new UsageError(`The start date ${startDate}: ${expected}.`);
}

async function fetchTables(range: LoadRange, { spacescope, signal, onProgress }: LoadOptions): Promise<Tables> {
  const wanted = requestsFor(range);
  const answers = await spacescope.fetchRows(
    wanted.map(([, request]) => request),
    onProgress === undefined ? { signal } : { signal, onProgress },
  );
  const raw: Partial<Record<SourceName, unknown[]>> = {};
  for (const [i, [name]] of wanted.entries()) raw[name] = (raw[name] ?? []).concat(answers[i]);
  return readTables(raw as RawTables);
}

function earlierNote(currentDate: string, fault: SpacescopeFault): string {
  return `The history ends on ${currentDate}, for a later day cannot be used yet: ${fault.message}`;
}
