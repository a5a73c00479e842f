import { rankCorrelation } from "../../../../numeric/correlation";
import { quantileOfSorted } from "../../../../numeric/quantiles";
import type { Chart, KeyFigure, ReportSection, Table } from "../section";
import { axisFor } from "./axis";
import { fanChart, figureWithRange } from "./fanChart";
import { type Runs, runsOf } from "./filecoinRuns";
import { type Name, type Names, nameOf } from "./names";
import { isNumber, isObject, memberAt, type Quantiles, quantileBands, type Values } from "./shapes";

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
const EXTREME_RUNS = 5;
/** Extreme runs are those of the return of providers, where it has values. */
const PREFERRED_SERIES = "1y_sector_roi";

/** Many runs of the forecast model: the answers of `POST /simulate/sweep` and of `POST /simulate/monte-carlo`. */
export function filecoinBatchSections(result: unknown, names: Names): ReportSection[] | undefined {
  const series = memberAt(result, "bands", "series");
  if (!isObject(result) || !isObject(series)) return undefined;
  const fans = Object.entries(series).flatMap(([member, value]) => {
    const bands = quantileBands(value);
    return bands === undefined ? [] : [{ member, ...nameOf(member, names), bands }];
  });
  if (fans.length === 0) return undefined;
  const runs = runsOf(result, names);
  const done = memberAt(result, "runs", "done");
  const x = axisFor(fans[0]!.bands.middle.length, [result]);
  return [
    {
      title: "At the end of the forecast",
      keyFigures: [...fans.flatMap(endFigure), ...(isNumber(done) ? [{ name: "Runs", value: done }] : [])],
    },
    ...fans.map(
      (fan): ReportSection => ({
        title: fan.title,
        charts: [fanChart({ ...fan, x })],
        tables: runs === undefined ? [] : percentileTables(fan.member, runs),
      }),
    ),
    ...(runs === undefined ? [] : [...driverSections(runs), ...extremeSections(runs)]),
  ];
}

/** The last median with the outer range below. */
function endFigure({ title, unit, bands }: Name & { bands: Quantiles<Values> }): KeyFigure[] {
  const last = bands.middle.findLastIndex(Number.isFinite);
  if (last < 0) return [];
  const { name, low, high } = bands.ranges[0]!;
  return [figureWithRange(`${title}, median`, unit, bands.middle[last]!, { name, low: low[last]!, high: high[last]! })];
}

function percentileTables(member: string, { dates, series }: Runs): Table[] {
  const own = series.find((one) => one.member === member);
  if (own === undefined) return [];
  const columns = [{ name: "Date" }, ...SHARES.map((share) => ({ name: `${100 * share} %`, unit: own.unit }))];
  const rows = own.byDay.map((values, day) => {
    const sorted = values.filter(Number.isFinite).sort();
    return [dates[day]!, ...SHARES.map((share) => quantileOfSorted(sorted, sorted.length, share))];
  });
  return [{ title: "Percentiles of all runs", columns, rows }];
}

/** How each input moves each series, by rank over all runs. */
function driverSections({ dates, inputs, series }: Runs): ReportSection[] {
  if (inputs.length === 0) return [];
  const charts = series.map(({ title, byDay }): Chart => {
    const last = byDay.at(-1)!;
    const bars = inputs.map((input) => ({ name: input.title, value: rankCorrelation(input.values, last) }));
    bars.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    return { kind: "bars", title: `${title}, ${dates.at(-1)}`, unit: "rank correlation with the input", bars };
  });
  return [{ title: "What drives the outcome", charts }];
}

/** The inputs of the runs that ended lowest and highest. */
function extremeSections({ dates, inputs, series }: Runs): ReportSection[] {
  const told = series.filter(({ byDay }) => byDay.some((values) => values.some(Number.isFinite)));
  const chosen = told.find(({ member }) => member === PREFERRED_SERIES) ?? told[0];
  if (inputs.length === 0 || chosen === undefined) return [];
  const day = chosen.byDay.findLastIndex((values) => values.some(Number.isFinite));
  const last = chosen.byDay[day]!;
  const order = Array.from(last.keys())
    .filter((run) => Number.isFinite(last[run]))
    .sort((a, b) => last[a]! - last[b]!);
  const columns = [
    { name: "Run" },
    { name: chosen.title, unit: chosen.unit },
    ...inputs.map(({ title, unit }) => ({ name: title, unit })),
  ];
  const table = (title: string, runs: readonly number[]): Table => ({
    title: `${title}: ${chosen.title.toLowerCase()} on ${dates[day]}`,
    columns,
    rows: runs.map((run) => [String(run), last[run]!, ...inputs.map(({ values }) => values[run]!)]),
  });
  const tables = [
    table("Lowest", order.slice(0, EXTREME_RUNS)),
    table("Highest", order.slice(-EXTREME_RUNS).reverse()),
  ];
  return [{ title: "Lowest and highest runs", tables }];
}
