import type { ConditionCurvesAnswer, CurvesAnswer, PlaceCurvesAnswer, StateCurvesAnswer } from "../schema/page";
import { bandsOf, rangeOf } from "./bands";
import { textsIn } from "./resultFiles";

/** The result of a run that is done. */
export interface RunResult {
  id: number;
  seed: string;
  zip: Uint8Array;
}

/** Of single runs so many curves are told, and of all of them together so many values. */
const MAX_SINGLE_RUNS = 20;
const MAX_SINGLE_VALUES = 400_000;
const DAYS_OF_WEEK = 7;
/** What everybody is in who takes no part. */
const APART = "Excluded";

/** A run's figures as they stand in its files. */
interface Read {
  id: number;
  seed: string;
  dates: string[];
  people: number;
  conditions: { name: string; states: string[] }[];
  columns: Map<string, Float64Array>;
}

/** Curves of the runs of one configuration with their bands; runs of other dates or states than the first are left out. */
export function curvesOf(results: readonly RunResult[]): CurvesAnswer {
  const read = results.map(readRun).filter((run) => run !== undefined);
  const [first] = read;
  if (first === undefined) {
    return { startDate: "", days: 0, people: 0, runs: [], leftOut: results.length, conditions: [] };
  }
  const shape = (run: Read) => JSON.stringify([run.dates[0], run.dates.length, run.conditions]);
  const runs = read.filter((run) => shape(run) === shape(first));
  return {
    startDate: first.dates[0]!,
    days: first.dates.length,
    people: rangeOf(runs.map(({ people }) => people)).median,
    runs: runs.map(({ id, seed }) => ({ id, seed })),
    leftOut: results.length - runs.length,
    conditions: first.conditions.map(({ name, states }) => conditionCurves(name, states, runs)),
  };
}

function readRun({ id, seed, zip }: RunResult): Read | undefined {
  const texts = textsIn(zip, (path) => /^(DAILY|EXPOSURES)\//.test(path) || path === "conditions.json");
  const dates = valuesOf(texts.get("DAILY/Date.txt") ?? "");
  const conditions = JSON.parse(texts.get("conditions.json") ?? "[]") as unknown;
  if (dates.length === 0 || !Array.isArray(conditions)) return undefined;
  const columns = new Map<string, Float64Array>();
  for (const [path, text] of texts) {
    if (path.startsWith("EXPOSURES/")) addTable(columns, path, text);
    else if (path.startsWith("DAILY/")) columns.set(path, Float64Array.from(valuesOf(text), Number));
  }
  return { id, seed, dates, people: columns.get("DAILY/Popsize.txt")?.[0] ?? 0, conditions, columns };
}

/** The second column of `day value`. */
function valuesOf(text: string): string[] {
  return text.trimEnd() === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(line.indexOf(" ") + 1));
}

/** Each column of a table with a head, behind its first, as `PATH#NAME`. */
function addTable(columns: Map<string, Float64Array>, path: string, text: string): void {
  const [head = "", ...rows] = text.trimEnd().split("\n");
  const cells = rows.map((row) => row.split(","));
  for (const [at, name] of head.split(",").entries()) {
    if (at > 0)
      columns.set(
        `${path}#${name}`,
        Float64Array.from(cells, (row) => Number(row[at])),
      );
  }
}

function conditionCurves(name: string, states: readonly string[], runs: readonly Read[]): ConditionCurvesAnswer {
  const shown = states.filter((state) => state !== APART);
  const days = runs[0]!.dates.length;
  const most = Math.min(MAX_SINGLE_RUNS, Math.floor(MAX_SINGLE_VALUES / (days * Math.max(1, shown.length))));
  const places = placesOf(name, runs, days);
  return {
    name,
    states: shown.map((state) => stateCurves(name, state, runs, days, most)),
    places,
    exposed: places.length === 0 ? null : rangeOf(runs.map((run) => exposuresOf(run, name))),
  };
}

function stateCurves(
  condition: string,
  state: string,
  runs: readonly Read[],
  days: number,
  most: number,
): StateCurvesAnswer {
  const columnsOf = (prefix: string) =>
    runs.map(({ columns }) => columns.get(`DAILY/${condition}.${prefix}${state}.txt`) ?? new Float64Array(days));
  const there = columnsOf("");
  const peakDays = there.map(peakDayOf);
  return {
    name: state,
    there: bandsOf(there, days),
    came: bandsOf(columnsOf("new"), days),
    single: there.slice(0, most).map((curve) => [...curve]),
    peak: rangeOf(there.map((curve, run) => curve[peakDays[run]!]!)),
    peakDay: rangeOf(peakDays),
    end: rangeOf(there.map((curve) => curve.at(-1)!)),
    total: rangeOf(columnsOf("tot").map((curve) => curve.at(-1)!)),
  };
}

function placesOf(condition: string, runs: readonly Read[], days: number): PlaceCurvesAnswer[] {
  const path = `EXPOSURES/${condition}.csv#`;
  const names = [...runs[0]!.columns.keys()].filter((key) => key.startsWith(path)).map((key) => key.slice(path.length));
  return names.map((name) => {
    const curves = runs.map(({ columns }) => columns.get(path + name) ?? new Float64Array(days));
    return { name, came: bandsOf(curves.map(weekMeans), days), total: rangeOf(curves.map(sumOf)) };
  });
}

/** Schools and offices are closed at weekends, which would hide the course: means of the last seven days. */
function weekMeans(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value, day) => {
    sum += value - (values[day - DAYS_OF_WEEK] ?? 0);
    return sum / Math.min(day + 1, DAYS_OF_WEEK);
  });
}

function exposuresOf({ columns }: Read, condition: string): number {
  const all = [...columns].filter(([key]) => key.startsWith(`EXPOSURES/${condition}.csv#`));
  return all.reduce((sum, [, values]) => sum + sumOf(values), 0);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function peakDayOf(curve: Float64Array): number {
  return curve.reduce((best, value, day) => (value > curve[best]! ? day : best), 0);
}
