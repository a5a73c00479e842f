/** How a column writes points in time; forecasts are answered in the same form. */
export type DateForm =
  | { kind: "index" | "year" | "unix_s" | "unix_ms" }
  | {
      kind: "calendar";
      order: "ymd" | "dmy" | "mdy";
      separator: string;
      /** Digits of a month and of a day; 0 where the day is left out. */
      padded: boolean;
      hasDay: boolean;
      /** What joins date and time; empty where there is no time. */
      join: "" | "T" | " ";
      hasSeconds: boolean;
      /** As it was written at the last point; empty for none. */
      zone: string;
    };

export interface Dates {
  form: DateForm;
  /** Milliseconds since 1970 (calendar, Unix), the number itself otherwise; NaN where a cell holds none. */
  times: Float64Array;
  /** Whether the order of day and month was taken without a day that shows it. */
  isAmbiguous: boolean;
}

const YEAR_FIRST =
  /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?:([T ])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/;
const YEAR_LAST =
  /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:([T ])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/;

/** The column as points in time, or undefined where a cell is none. @param order overrules the guess of day and month */
export function datesOf(cells: readonly string[], name: string, order?: "dmy" | "mdy"): Dates | undefined {
  return numericDates(cells, name) ?? calendarDates(cells, order);
}

function numericDates(cells: readonly string[], name: string): Dates | undefined {
  if (!cells.every((cell) => /^\d{1,13}$/.test(cell))) return undefined;
  const times = Float64Array.from(cells, Number);
  const within = (low: number, high: number) => times.every((time) => time >= low && time <= high);
  const kind =
    within(1500, 2200) && /year|jahr|ann|^y$|date|time|^ds$/i.test(name)
      ? "year"
      : within(1e8, 5e9)
        ? "unix_s"
        : within(1e11, 5e12)
          ? "unix_ms"
          : "index";
  if (kind === "index" && !/^(t|i|n|idx|index|step|period|time|date|ds|day|week|month|row|id)$/i.test(name))
    return undefined;
  return { form: { kind }, times: kind === "unix_s" ? times.map((time) => time * 1000) : times, isAmbiguous: false };
}

function calendarDates(cells: readonly string[], given?: "dmy" | "mdy"): Dates | undefined {
  const first = cells.map((cell) => YEAR_FIRST.exec(cell));
  const isFirst = first.every((match) => match !== null);
  const matches = isFirst ? first : cells.map((cell) => YEAR_LAST.exec(cell));
  if (cells.length === 0 || !matches.every((match) => match !== null)) return undefined;
  const isDayFirst = matches.some((match) => Number(match[1]) > 12);
  const isMonthFirst = matches.some((match) => Number(match[3]) > 12);
  const dotted = matches[0]![2] === ".";
  const order = isFirst ? "ymd" : (given ?? (isDayFirst || (dotted && !isMonthFirst) ? "dmy" : "mdy"));
  const last = matches.at(-1)!;
  const form: DateForm = {
    kind: "calendar",
    order,
    separator: last[2]!,
    padded: matches.every((match) =>
      isFirst ? match[3]!.length === 2 : match[1]!.length === 2 && match[3]!.length === 2,
    ),
    hasDay: !isFirst || matches.some((match) => match[4] !== undefined),
    join: (last[5] ?? "") as "" | "T" | " ",
    hasSeconds: last[8] !== undefined,
    zone: last[9] ?? "",
  };
  const times = Float64Array.from(matches, (match) => timeOf(match, order));
  if (times.some(Number.isNaN)) return undefined;
  return { form, times, isAmbiguous: !isFirst && given === undefined && !isDayFirst && !isMonthFirst && !dotted };
}

/** NaN for a day that the calendar does not have. */
function timeOf(match: RegExpExecArray, order: "ymd" | "dmy" | "mdy"): number {
  const number = (index: number, otherwise = 0) => (match[index] === undefined ? otherwise : Number(match[index]));
  const [year, month, day] = {
    ymd: () => [number(1), number(3), number(4, 1)] as const,
    dmy: () => [number(4), number(3), number(1)] as const,
    mdy: () => [number(4), number(1), number(3)] as const,
  }[order]();
  const time = Date.UTC(year, month - 1, day, number(6), number(7), number(8));
  const back = new Date(time - (number(6) * 3600 + number(7) * 60 + number(8)) * 1000);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return Number.NaN;
  return time - offsetMs(match[9] ?? "");
}

function offsetMs(zone: string): number {
  if (zone === "" || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -1 : 1) * minutes * 60_000;
}

/** A point in time as the column wrote it. */
export function dateText(time: number, form: DateForm): string {
  if (form.kind === "unix_s") return String(Math.round(time / 1000));
  if (form.kind !== "calendar") return String(time);
  const date = new Date(time + offsetMs(form.zone));
  const two = (value: number) => String(value).padStart(2, "0");
  const part = (value: number) => (form.padded ? two(value) : String(value));
  const [year, month, day] = [String(date.getUTCFullYear()), part(date.getUTCMonth() + 1), part(date.getUTCDate())];
  const parts = {
    ymd: form.hasDay ? [year, month, day] : [year, month],
    dmy: [day, month, year],
    mdy: [month, day, year],
  };
  const written = parts[form.order].join(form.separator);
  if (form.join === "") return written + form.zone;
  const seconds = form.hasSeconds ? `:${two(date.getUTCSeconds())}` : "";
  return `${written}${form.join}${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds}${form.zone}`;
}
