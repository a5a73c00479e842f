import { epochDay, isoDateOf } from "../../../numeric/calendar";
import type { HistorySnapshot, Rates } from "../history/snapshot";
import { LAUNCH_DATE, PIB_PER_EIB } from "../model/constants";
import { type DayTable, daysInWords, readTable } from "./dayTable";
import { SpacescopeFault } from "./fault";
import { type DayRange, RECENT_DAYS, SOURCES, type SourceName } from "./sources";

export type RawTables = Record<SourceName, readonly unknown[]>;

/** All tables of a load, read, and what had to be mended on the way. */
export interface Tables {
  days: { [Name in SourceName]: DayTable<Name> };
  notes: string[];
}

export interface AssembledHistory {
  history: HistorySnapshot;
  /** A sentence for each thing that was mended or is missing without harm. */
  notes: string[];
}

const PIB = 2 ** 50;
const EIB = 2 ** 60;
/** How far ahead of the current date the table of expirations is read. */
const WINDOW_DAYS = 3650;
const MEDIAN_DAYS = 30;

/**
 * Reads one table a turn of the event loop, since all of them together would hold it up for 10 ms.
 * @throws SpacescopeFault when a row cannot be placed.
 */
export async function readTables(raw: RawTables): Promise<Tables> {
  const days: Partial<Record<SourceName, ReadonlyMap<number, unknown>>> = {};
  const notes: string[] = [];
  for (const name of Object.keys(raw) as SourceName[]) {
    // By a timer: Bun 1.4.5 was seen to hold setImmediate back for up to a second while sockets are idle.
    await Bun.sleep(0);
    const table = readTable(name, raw[name]);
    days[name] = table.days;
    notes.push(...table.notes);
  }
  return { days: days as Tables["days"], notes };
}

/**
 * The history from `startDay` to `currentDay`, days counted from 1970-01-01. The order of the arithmetic is that of
 * docs/filecoin.md, "From tables to a history", to the last bit.
 * @throws SpacescopeFault when a table lacks one of these days.
 */
export function assembleHistory(read: Tables, startDay: number, currentDay: number): AssembledHistory {
  const range = { from: startDay, to: currentDay };
  const bridged = bridgeSupply(read.days.supply, range);
  const tables = { ...read, days: { ...read.days, supply: bridged.supply } };
  for (const name of ["power", "onboarding", "supply", "expirations"] as const) requireDays(tables, name, range);
  const { power, supply } = tables.days;
  const history: HistorySnapshot = {
    source: "spacescope",
    startDate: isoDateOf(startDay),
    currentDate: isoDateOf(currentDay),
    ...powerFigures(tables.days, range),
    ...expirationFigures(tables.days.expirations, range),
    ...supplyFigures(supply, range),
    cumCappedAtStartEib: cappedEibUpTo(power, startDay),
    ...rateFigures(tables.days, currentDay),
  };
  return { history, notes: [...tables.notes, ...bridged.notes, ...gapNotes(tables.days, range)] };
}

/** A single day without a row of supply takes the means of its neighbours: all of its figures are stocks. */
function bridgeSupply(supply: DayTable<"supply">, { from, to }: DayRange) {
  const days = new Map(supply);
  const bridged: number[] = [];
  for (let day = from + 1; day < to; day++) {
    const [before, after] = [supply.get(day - 1), supply.get(day + 1)];
    if (supply.has(day) || before === undefined || after === undefined) continue;
    const mean = Object.fromEntries(
      SOURCES.supply.fields.map((field) => [field, (before[field] + after[field]) / 2]),
    ) as typeof before;
    days.set(day, mean);
    bridged.push(day);
  }
  const what = "means of the days before and after stand in";
  return {
    supply: days,
    notes: bridged.length === 0 ? [] : [`${SOURCES.supply.path} lacks ${daysInWords(bridged)}: ${what}.`],
  };
}

function requireDays({ days, notes }: Tables, name: SourceName, range: DayRange): void {
  const missing = missingDays(days[name], range);
  if (missing.length === 0) return;
  const { path } = SOURCES[name];
  const hint = notes.find((note) => note.startsWith(path) && note.includes("left out"));
  const within = `between ${isoDateOf(range.from)} and ${isoDateOf(range.to)}`;
  const what = `${path} lacks ${daysInWords(missing)}, ${within}, where every day is needed.`;
  throw new SpacescopeFault("data", hint === undefined ? what : `${what} ${hint}`);
}

function missingDays(table: ReadonlyMap<number, unknown>, { from, to }: DayRange): number[] {
  const missing: number[] = [];
  for (let day = from; day <= to; day++) if (!table.has(day)) missing.push(day);
  return missing;
}

/** One value for each day of the range, both ends included. */
function daily({ from, to }: DayRange, figureOn: (day: number) => number): Float64Array {
  const values = new Float64Array(Math.max(0, to - from + 1));
  for (let i = 0; i < values.length; i++) values[i] = figureOn(from + i);
  return values;
}

function powerFigures({ power, onboarding }: Tables["days"], range: DayRange) {
  const rawPowerEib = daily(range, (day) => power.get(day)!.total_raw_bytes_power / EIB);
  const qaPowerEib = daily(range, (day) => power.get(day)!.total_qa_bytes_power / EIB);
  return {
    rawPowerEib,
    qaPowerEib,
    rawPowerTodayPib: rawPowerEib.at(-1)! * PIB_PER_EIB,
    qaPowerTodayPib: qaPowerEib.at(-1)! * PIB_PER_EIB,
    baselineAtStartEib: power.get(range.from)!.baseline_power / EIB,
    onboardedRawPib: daily(range, (day) => onboardedRawPib(onboarding, day)),
    onboardedQaPib: daily(range, (day) => {
      const { commit_qap_32gib, commit_qap_64gib } = onboarding.get(day)!;
      return commit_qap_32gib / PIB + commit_qap_64gib / PIB;
    }),
  };
}

function onboardedRawPib(onboarding: DayTable<"onboarding">, day: number): number {
  const { commit_rbp_32gib, commit_rbp_64gib } = onboarding.get(day)!;
  return commit_rbp_32gib / PIB + commit_rbp_64gib / PIB;
}

/** Days without a row in the table of expirations have nothing that is due. */
function expirationFigures(expirations: DayTable<"expirations">, range: DayRange) {
  const last = lastDayBefore(expirations, range.to + WINDOW_DAYS);
  const due = (from: number, of: (row: ExpirationRow) => number) =>
    daily({ from, to: last }, (day) => {
      const row = expirations.get(day);
      return row === undefined ? 0 : of(row);
    });
  return {
    renewedRawPib: daily(range, (day) => expirations.get(day)!.extended_bytes / PIB),
    renewedQaPib: daily(range, (day) => expirations.get(day)!.extended_bytes_qap / PIB),
    renewalRate: daily({ from: range.from, to: range.to - 1 }, (day) => renewalRate(expirations.get(day)!)),
    scheduledExpireRawPib: due(range.to, dueRawPib),
    scheduledExpireQaPib: due(range.to, (row) => row.schedule_expire_bytes_qap / PIB - row.terminated_bytes_qap / PIB),
    scheduledPledgeReleaseFil: due(range.from, (row) => row.schedule_expire_pledge - row.terminated_pledge),
  };
}

type ExpirationRow = NonNullable<ReturnType<DayTable<"expirations">["get"]>>;

function dueRawPib(row: ExpirationRow): number {
  return row.schedule_expire_bytes / PIB - row.terminated_bytes / PIB;
}

/** Where nothing was due there is no ratio; nothing is multiplied by it either, so that 0 stands for it. */
function renewalRate(row: ExpirationRow): number {
  const due = dueRawPib(row);
  return due === 0 ? 0 : row.extended_bytes / PIB / due;
}

/** The last day of a table that lies before `end`; the table is known to have one. */
function lastDayBefore(table: ReadonlyMap<number, unknown>, end: number): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const day of table.keys()) if (day < end && day > last) last = day;
  return last;
}

function supplyFigures(supply: DayTable<"supply">, range: DayRange) {
  const first = supply.get(range.from)!;
  const burntFil = daily(range, (day) => supply.get(day)!.burnt_fil);
  let sum = 0;
  for (let i = 1; i < burntFil.length; i++) sum += burntFil[i]! - burntFil[i - 1]!;
  return {
    vestedAtStartFil: Math.trunc(first.vested_fil),
    circulatingAtStartFil: first.circulating_fil,
    lockedAtStartFil: first.locked_fil,
    burntFil,
    measured: {
      circulatingFil: daily(range, (day) => supply.get(day)!.circulating_fil),
      lockedFil: daily(range, (day) => supply.get(day)!.locked_fil),
    },
    burntPerDayFil: sum / (burntFil.length - 1),
  };
}

/** Power that counted for minting, summed over all days known up to and including `lastDay`. */
function cappedEibUpTo(power: DayTable<"power">, lastDay: number): number {
  const days = [...power.keys()].filter((day) => day <= lastDay).sort((a, b) => a - b);
  let bytes = 0;
  for (const day of days) {
    const { total_raw_bytes_power, baseline_power } = power.get(day)!;
    bytes += Math.min(total_raw_bytes_power, baseline_power);
  }
  return bytes / EIB;
}

/** The rates of the last half year, day by day where they are known, and the medians of their last 30 entries. */
function rateFigures({ onboarding, expirations, deals }: Tables["days"], currentDay: number) {
  const window = Array.from({ length: RECENT_DAYS + 1 }, (_, i) => currentDay - RECENT_DAYS + i);
  const onboarded = window.filter((day) => onboarding.has(day));
  const recent: Rates<Float64Array> = {
    rawBytePower: Float64Array.from(onboarded, (day) => onboardedRawPib(onboarding, day)),
    renewalRate: Float64Array.from(
      // The renewals of the current date are not all in yet.
      window.filter((day) => day < currentDay && expirations.has(day)),
      (day) => renewalRate(expirations.get(day)!),
    ),
    filPlusRate: Float64Array.from(
      onboarded.filter((day) => deals.has(day)),
      (day) => dealsPib(deals, day) / onboardedRawPib(onboarding, day),
    ).filter(Number.isFinite),
  };
  if (recent.filPlusRate.length === 0) {
    throw new SpacescopeFault(
      "data",
      `${SOURCES.deals.path} has none of the ${RECENT_DAYS} days before the current date.`,
    );
  }
  const smoothed: Rates<number> = {
    rawBytePower: medianOfLast(recent.rawBytePower),
    renewalRate: medianOfLast(recent.renewalRate),
    filPlusRate: medianOfLast(recent.filPlusRate),
  };
  return { recent, smoothed };
}

function dealsPib(deals: DayTable<"deals">, day: number): number {
  const { daily_activated_regular_deal_size, daily_activated_verified_deal_size } = deals.get(day)!;
  return (daily_activated_regular_deal_size + daily_activated_verified_deal_size) / PIB;
}

/** The mean of the middle two where the count is even. */
function medianOfLast(values: Float64Array): number {
  const sorted = values.slice(-MEDIAN_DAYS).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function gapNotes({ power, onboarding, expirations, deals }: Tables["days"], { from, to }: DayRange): string[] {
  const note = (name: SourceName, days: readonly number[], effect: string) =>
    days.length === 0 ? [] : [`${SOURCES[name].path} lacks ${daysInWords(days)}: ${effect}.`];
  const launch = epochDay(LAUNCH_DATE)!;
  const recent = { from: Math.max(launch, to - RECENT_DAYS), to };
  const lastDue = lastDayBefore(expirations, to + WINDOW_DAYS);
  return [
    ...note("power", missingDays(power, { from: launch, to: from }), "their capped power is not counted"),
    ...note("expirations", missingDays(expirations, { from: to, to: lastDue }), "nothing is taken to be due then"),
    ...note("onboarding", missingDays(onboarding, { from: recent.from, to: from - 1 }), "rates leave them out"),
    ...note("deals", missingDays(deals, recent), "the FIL+ rate leaves them out"),
  ];
}
