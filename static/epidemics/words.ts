import type { ListedJob, RangeAnswer } from "../../src/systems/epistemix/schema/page";
import type { Tone } from "../common/badge";
import { formatDate, formatNumber, parseDate } from "../common/format";

/** What a job is called: its tags, else its number. */
export function nameOf({ id, tags }: Pick<ListedJob, "id" | "tags">): string {
  const tag = tags.find((text) => text.trim() !== "");
  return tag === undefined ? `Job ${id}` : tag;
}

/** How far its runs are, in a word or two, and how that is shown. */
export function stateOf({ counts }: Pick<ListedJob, "counts">): { words: string; tone: Tone } {
  const { all, done, failed, running } = counts;
  if (all === 0) return { words: "no runs", tone: "plain" };
  if (failed === all) return { words: "failed", tone: "fault" };
  if (done === all) return { words: "done", tone: "good" };
  if (done + failed === all) return { words: `${failed} failed`, tone: "fault" };
  return running > 0 ? { words: "running", tone: "good" } : { words: "waiting", tone: "plain" };
}

/** The kinds of places, as people call them. */
const PLACE_WORDS: Record<string, string> = {
  Household: "home",
  School: "school",
  Classroom: "classroom",
  Workplace: "work",
  Block_Group: "neighborhood",
  County: "county",
  Outside: "outside",
};

export function placeWords(kind: string): string {
  return PLACE_WORDS[kind] ?? kind;
}

/** The date of a day of a run. */
export function dateOf(startDate: string, day: number): string {
  return formatDate(parseDate(startDate) + Math.round(day) * 86_400);
}

/** `5 to 95 %: 1 200 to 1 300`; nothing where all runs agree. */
export function rangeWords({ low, high }: RangeAnswer, write = wholeWords): string {
  return low === high ? "" : `5 to 95 %: ${write(low)} to ${write(high)}`;
}

export function wholeWords(value: number): string {
  return formatNumber(value, 0);
}
