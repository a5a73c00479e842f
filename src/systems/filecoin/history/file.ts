import { z } from "zod";
import { epochDay } from "../../../numeric/calendar";
import { finiteOrNull } from "../../../numeric/finite";
import type { FieldFault } from "../../../platform/errors";
import { LAUNCH_DATE } from "../model/constants";
import { MEASURED_FIELDS, type MeasuredStocks } from "./measured";
import { type FieldExtent, type HistorySnapshot, RATE_FIELDS, SNAPSHOT_FIELDS } from "./snapshot";

/** Most days a history may cover, and most entries of any of its lists: twenty years. */
export const MAX_HISTORY_DAYS = 7300;
/** Most entries of the lists that the smoothed rates were taken from. */
const MAX_RECENT_DAYS = 366;
/** Most faults that are told of one file. */
const MAX_FAULTS = 20;

/** A history file that cannot be used: its faults, each with its place, what was expected and what came. */
export class HistoryFault extends Error {
  override readonly name = "HistoryFault";
  readonly faults: readonly FieldFault[];

  constructor(faults: readonly FieldFault[]) {
    const [first] = faults;
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
    super(`${first!.path.join(".") || "the file"}: expected ${first!.expected}, got ${first!.got}${more}`);
    this.faults = faults;
  }
}

const date = z.string().refine((text) => epochDay(text) !== undefined, "a date as YYYY-MM-DD");
const list = z.array(z.number()).max(MAX_HISTORY_DAYS + 1, `at most ${MAX_HISTORY_DAYS + 1} entries`);
const recentList = z
  .array(z.number())
  .min(1, "at least 1 entry")
  .max(MAX_RECENT_DAYS, `at most ${MAX_RECENT_DAYS} entries`);

type FileFields = { [F in (typeof SNAPSHOT_FIELDS)[number] as F[0]]: F[2] extends "scalar" ? number : number[] };
type FileRates<Value> = Record<(typeof RATE_FIELDS)[number][0], Value>;

/** The form of a history file; docs/filecoin.md, "History files". */
export interface HistoryFile {
  start_date: string;
  current_date: string;
  smoothed_metrics: FileRates<number>;
  historical_arrays: FileRates<number[]>;
  offline_data: FileFields;
  /** Absent where nothing was measured; null on days on which it was not. */
  measured_stocks?: FileStocks | undefined;
}

type FileStocks = { version: 1 } & Record<(typeof MEASURED_FIELDS)[number][0], (number | null)[]>;

const stockList = z.array(z.number().nullable()).max(MAX_HISTORY_DAYS + 1, `at most ${MAX_HISTORY_DAYS + 1} entries`);
const stocksSchema = z.object({
  version: z.literal(1),
  ...Object.fromEntries(MEASURED_FIELDS.map(([name]) => [name, stockList])),
});

const fieldSchemas = SNAPSHOT_FIELDS.map(([name, , extent]) => [name, extent === "scalar" ? z.number() : list]);
const rateSchemas = (value: z.ZodType) => z.object(Object.fromEntries(RATE_FIELDS.map(([name]) => [name, value])));

const fileSchema = z.object({
  start_date: date,
  current_date: date,
  smoothed_metrics: rateSchemas(z.number()),
  historical_arrays: rateSchemas(recentList),
  offline_data: z.object(Object.fromEntries(fieldSchemas)),
  measured_stocks: stocksSchema.optional(),
}) as unknown as z.ZodType<HistoryFile>;

/**
 * The snapshot that a parsed history file holds. Unknown members are ignored.
 * @throws HistoryFault when a member is missing, mistyped, not finite, of the wrong length, or when the dates do not fit.
 */
export function parseHistory(input: unknown): HistorySnapshot {
  const result = fileSchema.safeParse(input);
  if (!result.success) throw new HistoryFault(faultsOf(result.error, input));
  const file = result.data;
  const faults = [...dateFaults(file), ...lengthFaults(file)];
  if (faults.length > 0) throw new HistoryFault(faults);
  return { source: "file", ...snapshotOf(file) };
}

/** The snapshot in the form of a history file: `parseHistory` of it gives the same figures again. */
export function historyFileOf(history: HistorySnapshot): HistoryFile {
  const plain = (value: number | Float64Array) => (typeof value === "number" ? value : Array.from(value));
  const rates = (of: HistorySnapshot["smoothed"] | HistorySnapshot["recent"]) =>
    Object.fromEntries(RATE_FIELDS.map(([name, key]) => [name, plain(of[key])]));
  return {
    start_date: history.startDate,
    current_date: history.currentDate,
    smoothed_metrics: rates(history.smoothed) as FileRates<number>,
    historical_arrays: rates(history.recent) as FileRates<number[]>,
    offline_data: Object.fromEntries(SNAPSHOT_FIELDS.map(([name, key]) => [name, plain(history[key])])) as FileFields,
    ...(history.measured && { measured_stocks: fileStocks(history.measured) }),
  };
}

function fileStocks(measured: MeasuredStocks): FileStocks {
  const lists = MEASURED_FIELDS.map(([name, key]) => [name, Array.from(measured[key], finiteOrNull)]);
  return { version: 1, ...Object.fromEntries(lists) };
}

function stocksOf(stocks: FileStocks): MeasuredStocks {
  const lists = MEASURED_FIELDS.map(([name, key]) => [
    key,
    Float64Array.from(stocks[name], (value) => value ?? Number.NaN),
  ]);
  return Object.fromEntries(lists) as MeasuredStocks;
}

/** The figures of a file whose form is known to be right. */
export function snapshotOf(file: HistoryFile): Omit<HistorySnapshot, "source"> {
  const held = (value: number | number[]) => (typeof value === "number" ? value : Float64Array.from(value));
  const rates = (of: FileRates<number> | FileRates<number[]>) =>
    Object.fromEntries(RATE_FIELDS.map(([name, key]) => [key, held(of[name])]));
  const fields = SNAPSHOT_FIELDS.map(([name, key]) => [key, held(file.offline_data[name])]);
  return {
    startDate: file.start_date,
    currentDate: file.current_date,
    smoothed: rates(file.smoothed_metrics),
    recent: rates(file.historical_arrays),
    ...Object.fromEntries(fields),
    ...(file.measured_stocks && { measured: stocksOf(file.measured_stocks) }),
  } as Omit<HistorySnapshot, "source">;
}

function dateFaults(file: HistoryFile): FieldFault[] {
  const days = daysOf(file);
  if (file.start_date < LAUNCH_DATE) {
    return [{ path: ["start_date"], expected: `the network's launch, ${LAUNCH_DATE}, or later`, got: file.start_date }];
  }
  if (days >= 1 && days <= MAX_HISTORY_DAYS) return [];
  const expected = `a date 1 to ${MAX_HISTORY_DAYS} days after start_date, ${file.start_date}`;
  return [{ path: ["current_date"], expected, got: file.current_date }];
}

function lengthFaults(file: HistoryFile): FieldFault[] {
  const days = daysOf(file);
  const stocks = MEASURED_FIELDS.flatMap(([name]) => {
    const count = file.measured_stocks?.[name].length ?? days + 1;
    const expected = `${days + 1} entries for ${file.start_date} to ${file.current_date}`;
    return count === days + 1 ? [] : [{ path: ["measured_stocks", name], expected, got: `${count} entries` }];
  });
  const fields = SNAPSHOT_FIELDS.flatMap(([name, , extent]) => {
    const value = file.offline_data[name];
    const length = LENGTHS[extent](days);
    if (typeof value === "number" || length === undefined || value.length === length) return [];
    const expected = `${length} entries for ${file.start_date} to ${file.current_date}`;
    return [{ path: ["offline_data", name], expected, got: `${value.length} entries` }];
  });
  return [...fields, ...stocks];
}

const LENGTHS: Record<FieldExtent, (days: number) => number | undefined> = {
  scalar: () => undefined,
  free: () => undefined,
  days: (days) => days,
  daysAndToday: (days) => days + 1,
};

function daysOf(file: HistoryFile): number {
  return epochDay(file.current_date)! - epochDay(file.start_date)!;
}

/** One fault for each place: a text, which also has a length, would otherwise be told that it is too long a list. */
function faultsOf({ issues }: z.ZodError, input: unknown): FieldFault[] {
  const faults = new Map<string, FieldFault>();
  for (const issue of issues) {
    const place = issue.path.join(".");
    if (faults.size < MAX_FAULTS && !faults.has(place)) faults.set(place, faultOf(issue, input));
  }
  return [...faults.values()];
}

function faultOf(issue: z.core.$ZodIssue, input: unknown): FieldFault {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const expected = issue.code === "invalid_type" ? EXPECTED[issue.expected] : undefined;
  return { path, expected: expected ?? issue.message, got: described(valueAt(input, path)) };
}

const EXPECTED: Partial<Record<string, string>> = {
  number: "a finite number",
  array: "a list of finite numbers",
  string: "a text",
  object: "an object",
};

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input;
  for (const step of path) value = (value as Record<string | number, unknown>)[step];
  return value;
}

/** A few characters that tell a reader what stood there, however large it was. */
function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length} entries`;
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}
