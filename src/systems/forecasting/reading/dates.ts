import { type Zone, zoneOf } from "./zone";

const DAY_MS = 86_400_000;

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
      offset: string;
      /** The name of the zone whose clocks the column shows, where one is stated that fits. */
      zone?: string;
      /** Whether times are counted as clocks show them, since each of them shows the same time of day. */
      isWall: boolean;
    };

export interface Dates {
  form: DateForm;
  /** Milliseconds since 1970 (calendar, Unix), the number itself otherwise. */
  times: Float64Array;
  /** Whether the order of day and month was taken without a day that shows it. */
  isAmbiguous: boolean;
}

const YEAR_FIRST =
  /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?:([T ])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/;
const YEAR_LAST =
  /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:([T ])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/;

export interface DateOptions {
  /** Order of day and month where the year stands last. */
  dateFormat?: "dmy" | "mdy";
  /** The zone of dates that are written without an offset, and whose rules those with one go on by. */
  timezone?: string;
  /** The series of each row, where the file has several. */
  ids?: readonly string[] | undefined;
}

/** The column as points in time, or undefined where a cell is none. @throws RequestError 422 for an unknown time zone */
export function datesOf(cells: readonly string[], name: string, options: DateOptions = {}): Dates | undefined {
  return numericDates(cells, name) ?? calendarDates(cells, options);
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

function calendarDates(cells: readonly string[], { dateFormat: given, timezone, ids }: DateOptions): Dates | undefined {
  const first = cells.map((cell) => YEAR_FIRST.exec(cell));
  const isFirst = first.every((match) => match !== null);
  const matches = isFirst ? first : cells.map((cell) => YEAR_LAST.exec(cell));
  if (cells.length === 0 || !matches.every((match) => match !== null)) return undefined;
  const isDayFirst = matches.some((match) => Number(match[1]) > 12);
  const isMonthFirst = matches.some((match) => Number(match[3]) > 12);
  const dotted = matches[0]![2] === ".";
  const order = isFirst ? "ymd" : (given ?? (isDayFirst || (dotted && !isMonthFirst) ? "dmy" : "mdy"));
  const last = matches.at(-1)!;
  const walls = Float64Array.from(matches, (match) => wallTimeOf(match, order));
  if (walls.some(Number.isNaN)) return undefined;
  const offsets = matches.map((match) => match[9] ?? "");
  const zone = timezone === undefined ? undefined : zoneOf(timezone);
  const { times, ...clock } = instantsOf({ walls, offsets, zone, ids });
  const form: DateForm = {
    kind: "calendar",
    order,
    separator: last[2]!,
    padded: matches.every((match) =>
      isFirst ? match[3]!.length === 2 : match[1]!.length === 2 && match[3]!.length === 2,
    ),
    hasDay: !isFirst || matches.some((match) => match[4] !== undefined),
    join: (matches.find((match) => match[5] !== undefined)?.[5] ?? "") as "" | "T" | " ",
    hasSeconds: last[8] !== undefined,
    offset: offsets.at(-1)!,
    ...clock,
  };
  return { form, times, isAmbiguous: !isFirst && given === undefined && !isDayFirst && !isMonthFirst && !dotted };
}

interface Clocks {
  walls: Float64Array;
  offsets: readonly string[];
  zone: Zone | undefined;
  ids: readonly string[] | undefined;
}

/** Wall times as they are where each shows the same time of day, so that a day stays a day; else as instants. */
function instantsOf({ walls, offsets, zone, ids }: Clocks) {
  const isPlain = offsets.every((offset) => offset === "");
  const instants = walls.map((wall, row) => wall - offsetMs(offsets[row]!));
  const fits =
    zone !== undefined && instants.every((time, row) => isPlain || time + zone.offsetMs(time) === walls[row]);
  const named = fits ? { zone: zone.name } : {};
  if (walls.every((wall) => modulo(wall, DAY_MS) === modulo(walls[0]!, DAY_MS)))
    return { times: walls, isWall: true, ...named };
  if (!isPlain || zone === undefined) return { times: instants, isWall: isPlain, ...named };
  return { times: inZone(walls, zone, ids), isWall: false, zone: zone.name };
}

/** Of two rows of a series with one wall time the later row is the second of the hour that comes twice; not in a falling file. */
function inZone(walls: Float64Array, zone: Zone, ids: readonly string[] | undefined): Float64Array {
  const [one, other] = walls[0]! > walls.at(-1)! ? (["second", "first"] as const) : (["first", "second"] as const);
  const seen = new Set<string>();
  return walls.map((wall, row) => {
    const [first, second] = [zone.instantOf(wall, "first"), zone.instantOf(wall, "second")];
    if (first === second) return first;
    const key = `${wall} ${ids?.[row] ?? ""}`;
    const which = seen.has(key) ? other : one;
    seen.add(key);
    return which === "first" ? first : second;
  });
}

/** NaN for a day that the calendar does not have. */
function wallTimeOf(match: RegExpExecArray, order: "ymd" | "dmy" | "mdy"): number {
  const number = (index: number, otherwise = 0) => (match[index] === undefined ? otherwise : Number(match[index]));
  const [year, month, day] = {
    ymd: () => [number(1), number(3), number(4, 1)] as const,
    dmy: () => [number(4), number(3), number(1)] as const,
    mdy: () => [number(4), number(1), number(3)] as const,
  }[order]();
  const time = Date.UTC(year, month - 1, day, number(6), number(7), number(8));
  const back = new Date(time - (number(6) * 3600 + number(7) * 60 + number(8)) * 1000);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return Number.NaN;
  return time;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function offsetMs(offset: string): number {
  if (offset === "" || offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith("-") ? -1 : 1) * minutes * 60_000;
}

/** Written as `like` is: with a colon or without. */
function offsetText(ms: number, like: string): string {
  const minutes = Math.abs(ms) / 60_000;
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0"));
  return `${ms < 0 ? "-" : "+"}${digits.join(like.includes(":") ? ":" : "")}`;
}

type CalendarForm = Extract<DateForm, { kind: "calendar" }>;

/** What a clock of the column shows, and the offset that is written behind it. */
function clockAt(time: number, { offset, zone: name, isWall }: CalendarForm): { wall: number; offset: string } {
  const zone = name === undefined ? undefined : zoneOf(name);
  if (zone === undefined) return { wall: isWall ? time : time + offsetMs(offset), offset };
  const ahead = zone.offsetMs(isWall ? zone.instantOf(time, "first") : time);
  const isWritten = offset !== "" && offset !== "Z";
  return { wall: isWall ? time : time + ahead, offset: isWritten ? offsetText(ahead, offset) : offset };
}

/** What a clock shows there at that time, counted as UTC counts. */
export function clockTime(time: number, form: DateForm): number {
  return form.kind === "calendar" ? clockAt(time, form).wall : time;
}

/** A point in time as the column wrote it. */
export function dateText(time: number, form: DateForm): string {
  if (form.kind === "unix_s") return String(Math.round(time / 1000));
  if (form.kind !== "calendar") return String(time);
  const { wall, offset } = clockAt(time, form);
  const date = new Date(wall);
  const two = (value: number) => String(value).padStart(2, "0");
  const part = (value: number) => (form.padded ? two(value) : String(value));
  const [year, month, day] = [String(date.getUTCFullYear()), part(date.getUTCMonth() + 1), part(date.getUTCDate())];
  const parts = {
    ymd: form.hasDay ? [year, month, day] : [year, month],
    dmy: [day, month, year],
    mdy: [month, day, year],
  };
  const written = parts[form.order].join(form.separator);
  if (form.join === "") return written + offset;
  const seconds = form.hasSeconds ? `:${two(date.getUTCSeconds())}` : "";
  return `${written}${form.join}${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds}${offset}`;
}
