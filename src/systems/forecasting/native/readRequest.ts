import type { z } from "zod";
import { RequestError } from "../../../platform/errors";
import { InvalidInput, valid } from "../../../platform/http/input";
import { JSON_LEVELS, tooDeepAt } from "../../../platform/jsonDepth";
import type { Warning } from "../model";
import { covariatesOf } from "../reading/beside";
import type { DataOptions } from "../reading/guess";
import { type ReadData, readSeries } from "../reading/readSeries";
import { withCalendarColumns } from "./calendarCovariates";
import { toldLevels } from "./levels";
import {
  anomaliesRequest,
  backtestRequest,
  type ForecastRequest,
  forecastRequest,
  MAX_HORIZON,
  type RequestData,
  type RequestOptions,
} from "./schema/request";
import { coveredHorizon, heldTwice, refuseEmpty, statedCovariates, statedSeries } from "./seriesOf";
import { seriesName, type TaskHead, type TaskSeries, type TaskWarning } from "./task";

/** A request that names a file: whoever has the bytes of the file asks again with them. */
export interface NeedsFile {
  source: string;
}

export interface ReadTask<Head> {
  head: Head;
  series: TaskSeries[];
}

export interface BacktestHead extends TaskHead {
  models: string[];
  windows: number;
  step: number;
}

export interface AnomaliesHead extends TaskHead {
  /** Points at the end that are judged; all where absent. */
  last?: number;
  /** Share of ordinary points that are to be called ordinary. */
  level: number;
}

/** Steps where nothing says what a season is. */
const PLAIN_HORIZON = 12;

export function readForecast(body: Uint8Array, file?: Uint8Array): ReadTask<TaskHead> | NeedsFile {
  const request = parsedBody(forecastRequest, body);
  return sourceOf(request, file) ?? taskOf(request, { model: request.model, looks: "ahead" }, file);
}

export function readBacktest(body: Uint8Array, file?: Uint8Array): ReadTask<BacktestHead> | NeedsFile {
  const request = parsedBody(backtestRequest, body);
  const needs = sourceOf(request, file);
  if (needs !== undefined) return needs;
  const { head, series } = taskOf(request, { model: request.models[0]!, looks: "back" }, file);
  const { models, windows, step = head.horizon } = request;
  return { head: { ...head, models, windows, step }, series };
}

export function readAnomalies(body: Uint8Array, file?: Uint8Array): ReadTask<AnomaliesHead> | NeedsFile {
  const request = parsedBody(anomaliesRequest, body);
  const needs = sourceOf(request, file);
  if (needs !== undefined) return needs;
  const { last, level } = request;
  const { head, series } = taskOf({ ...request, horizon: 1 }, { model: request.model, looks: "back" }, file);
  return { head: { ...head, level, ...(last !== undefined && { last }) }, series };
}

/** The JSON of a body by its schema. @throws RequestError 422 that names what does not fit */
export function parsedBody<Schema extends z.ZodType>(schema: Schema, body: Uint8Array): z.output<Schema> {
  const text = new TextDecoder().decode(body);
  if (tooDeepAt(JSON_LEVELS, text) !== undefined)
    throw new RequestError(422, `The body is JSON nested deeper than ${JSON_LEVELS} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(422, "The body is no JSON: send an object with series or data.");
  }
  try {
    return valid(schema, value, "body");
  } catch (error) {
    if (error instanceof InvalidInput) throw new RequestError(422, sentenceOf(error));
    throw error;
  }
}

function sourceOf({ data }: { data?: RequestData | undefined }, file: Uint8Array | undefined): NeedsFile | undefined {
  if (data !== undefined && (data.source === undefined) === (data.csv === undefined)) {
    throw new RequestError(422, "data: give either source, which names a file, or csv, the text itself.");
  }
  return data?.source === undefined || file !== undefined ? undefined : { source: data.source };
}

type Common = Pick<ForecastRequest, "series" | "data" | "horizon" | "context_length" | "options"> & {
  quantiles?: number[] | undefined;
};

/** @throws RequestError 422 that names series, column and remedy */
function taskOf(
  request: Common,
  { model, looks }: { model: string; looks: "ahead" | "back" },
  file: Uint8Array | undefined,
): ReadTask<TaskHead> {
  const { options, quantiles, context_length: contextLength } = request;
  const warnings: TaskWarning[] = [];
  const { series, read, future } = request.series !== undefined ? statedIn(request) : ofFile(request, file);
  warnings.push(...(read?.warnings ?? []));
  const horizon = horizonOf(request, series, read, warnings);
  for (const [index, one] of series.entries()) {
    const ahead = looks === "ahead" ? horizon : 0;
    const given = future({ index, series: one, horizon: ahead, warnings });
    const known = given === undefined ? one : { ...one, covariates: given };
    const covariates = withCalendarColumns(known, index, ahead, options);
    if (covariates !== undefined) one.covariates = covariates;
  }
  const head: TaskHead = {
    model,
    horizon,
    levels: toldLevels(quantiles),
    options,
    ...nonNegativeOf(options, read),
    count: series.length,
    hasCovariates: series.some(({ covariates }) => covariates !== undefined),
    warnings,
    ...(contextLength !== undefined && { contextLength }),
    ...(read && { read: read.read }),
  };
  return { head, series };
}

function nonNegativeOf({ non_negative }: RequestOptions, read: ReadData | undefined): Pick<TaskHead, "nonNegative"> {
  if (non_negative !== undefined) return { nonNegative: non_negative };
  return read === undefined ? {} : { nonNegative: "auto" };
}

interface Place {
  index: number;
  series: TaskSeries;
  horizon: number;
  warnings: TaskWarning[];
}

interface Sources {
  series: TaskSeries[];
  read?: ReadData;
  /** The covariates of a series, once the horizon is known. */
  future: (place: Place) => TaskSeries["covariates"];
}

function statedIn({ series: stated = [], data, options }: Common): Sources {
  if (data !== undefined) throw new RequestError(422, "Give series or data, not both.");
  return {
    series: stated.map(statedSeries),
    future: ({ index, series, horizon, warnings }) =>
      statedCovariates(stated[index]!, series, index, { horizon, future: options.future, warnings }),
  };
}

function ofFile({ data, options }: Common, file: Uint8Array | undefined): Sources {
  if (data === undefined) throw new RequestError(422, "Give series, or data with source or csv.");
  const read = readSeries(file ?? new TextEncoder().encode(data.csv), dataOptions(data));
  const series = read.series.map(({ id, values, calendar, seasons }, index): TaskSeries => {
    const one = {
      ...(id !== undefined && { id }),
      values,
      ...(calendar && { calendar }),
      ...(seasons && { seasons: heldTwice(seasons, values) }),
    };
    refuseEmpty(one, index);
    return one;
  });
  const future: Sources["future"] = ({ index, horizon, warnings }) => {
    const dated = read.series[index]!;
    if (dated.beside.length === 0) return undefined;
    const warn = (warning: Warning) => warnings.push({ ...warning, series: seriesName(dated, index) });
    return covariatesOf(dated, horizon, data.future ?? options.future, warn);
  };
  return { series, read, future };
}

function dataOptions({
  date_format,
  source: _source,
  csv: _csv,

  ...rest
}: RequestData): DataOptions {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { ...given, ...(date_format && { dateFormat: date_format }) };
}

function horizonOf(
  { horizon, options, series: stated }: Common,
  series: readonly TaskSeries[],
  read: ReadData | undefined,
  warnings: TaskWarning[],
): number {
  const told = horizon ?? options.horizon_len ?? (stated === undefined ? undefined : coveredHorizon(stated[0]!));
  if (told !== undefined) return told;
  if (read !== undefined && read.emptyTail > 0) return Math.min(MAX_HORIZON, read.emptyTail);
  const season = series[0]!.seasons?.find((period) => period <= series[0]!.values.length);
  const steps = Math.min(MAX_HORIZON, season ?? PLAIN_HORIZON);
  const why = season === undefined ? "" : ", one season,";
  warnings.push({ code: "default_horizon", message: `No horizon was asked for: ${steps} steps${why} were taken.` });
  return steps;
}

const MAX_TOLD = 5;

function sentenceOf({ issues }: InvalidInput): string {
  const told = issues
    .slice(0, MAX_TOLD)
    .map(({ path, message }) => `${path.length === 0 ? "body" : path.join(".")}: ${message}`);
  return `${told.join("; ")}${issues.length > MAX_TOLD ? `; and ${issues.length - MAX_TOLD} more` : ""}.`;
}
