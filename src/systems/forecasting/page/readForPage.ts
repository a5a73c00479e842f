import { RequestError } from "../../../platform/errors";
import { horizonFor, seasonsIn } from "../file/forecastFile";
import type { SeriesCalendar } from "../reading/calendar";
import type { BesideColumn, DatedSeries } from "../reading/datedSeries";
import { freqOf } from "../reading/freqOf";
import { type ReadData, readSeries } from "../reading/readSeries";
import { stepFrom } from "../reading/steps";
import type { ReadingAnswer, ReadingOptions } from "./schema";

/** Dates that are told beyond the values. */
const MAX_AHEAD = 1000;
const MAX_IDS = 1000;

/** One series of a file with everything that a chart of it needs. @throws RequestError as `readSeries` does */
export function readForPage(
  bytes: Uint8Array,
  { series: wanted, date_format, ...stated }: ReadingOptions,
): ReadingAnswer {
  const given = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
  const data = readSeries(bytes, { ...given, ...(date_format && { dateFormat: date_format }) });
  const series = wanted === undefined ? data.series[0]! : data.series.find(({ id }) => id === wanted);
  if (series === undefined) {
    throw new RequestError(422, `There is no series ${JSON.stringify(wanted)} in the column ${data.read.id ?? "id"}.`);
  }
  const ids = data.series.slice(0, MAX_IDS).flatMap(({ id }) => id ?? []);
  const read = { ...data.read, repairs: data.read.repairs.filter((repair) => repair.series === series.id) };
  const warnings = data.warnings.filter((warning) => warning.series === undefined || warning.series === series.id);
  return { read, warnings, ids, count: data.series.length, series: toldSeries(series, data) };
}

function toldSeries(series: DatedSeries, { emptyTail }: ReadData): ReadingAnswer["series"] {
  const { values, beside, calendar, id } = series;
  const length = values.length + Math.max(MAX_AHEAD, emptyTail);
  const freq = calendar && freqOf(calendar);
  return {
    ...(id !== undefined && { id }),
    values: listOf(values),
    dates: [...series.dates, ...series.datesAfter(length - values.length)],
    times: timesOf(calendar, length),
    axis: calendar !== undefined && isOfTime(calendar) ? "time" : "number",
    ...(freq !== undefined && { freq }),
    season: seasonsIn(series)[0] ?? null,
    horizon: horizonFor(series, undefined, emptyTail),
    tail: emptyTail,
    beside: beside.map(toldColumn),
  };
}

function isOfTime({ form }: SeriesCalendar): boolean {
  return form.kind !== "index" && form.kind !== "year";
}

/** Seconds where the series has dates, which are drawn as clocks show them; places from 1 where it has none. */
function timesOf(calendar: SeriesCalendar | undefined, length: number): number[] {
  return Array.from({ length }, (_, at) => {
    if (calendar === undefined) return at + 1;
    const time = stepFrom(calendar.start, at, calendar.step);
    return isOfTime(calendar) ? time / 1000 : time;
  });
}

function listOf(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

function toldColumn(column: BesideColumn) {
  const { name, kind } = column;
  if (column.kind === "numerical") return { name, kind, values: listOf(column.values) };
  return { name, kind, values: column.values.map((value) => value ?? null) };
}
