import { shortLine } from "../text/clean";

/** What a member of a result is called on a page, and its unit. */
export interface Name {
  title: string;
  unit: string;
}

/** Known names by that of the member. */
export type Names = Readonly<Record<string, Name>>;

const MAX_NAME_LETTERS = 120;

/** Endings of members that tell a unit, as in `processing_time_seconds`. */
const UNIT_ENDINGS: readonly [ending: RegExp, unit: string][] = [
  [/_(seconds|s)$/, "s"],
  [/_ms$/, "ms"],
  [/_days$/, "days"],
  [/_bytes$/, "bytes"],
  [/_kb$/, "KiB"],
  [/_(percent|pct)$/, "%"],
  [/_per_min$/, "per min"],
  [/_xnm$/, "XNM"],
  [/_fil$/, "FIL"],
  [/_eib$/i, "EiB"],
  [/_pib$/i, "PiB"],
];

/** The known name, else one made of the member's: `peak_day` is "Peak day". */
export function nameOf(member: string, known: Names): Name {
  if (Object.hasOwn(known, member)) return known[member]!;
  const ending = UNIT_ENDINGS.find(([pattern]) => pattern.test(member));
  const bare = ending === undefined ? member : member.replace(ending[0], "");
  const words = bare
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_\s]+/g, " ")
    .trim();
  const title = words === "" ? member : words.charAt(0).toUpperCase() + words.slice(1);
  return { title: shortLine(title, MAX_NAME_LETTERS), unit: ending?.[1] ?? "" };
}
