import { RequestError } from "../../../platform/errors";
import type { ClassicalId } from "../classical/forecastSeries";
import { neededPoints } from "../judging/anomalies";
import type { Model } from "../model";
import { costOfClassical } from "../serving/cost";
import type { WatchedSeries } from "./anomalies";
import { type AnswerParts, type Begun, begun, type Means, restOf } from "./forecastTask";
import { inOrder } from "./inOrder";
import { isBuiltIn, type Making, madeRows } from "./makeRows";
import type { OpenedModel } from "./openedModel";
import { type Pack, packsOf } from "./packs";
import type { AnomaliesHead, ReadTask } from "./readRequest";
import { seriesName, type TaskHead, type TaskSeries, type TaskWarning } from "./task";
import { seenUntil } from "./windows";

/** Points of one series that a model with weights is asked for one by one. */
const MAX_ASKED = 2000;
/** Points before those that are judged by which ordinary errors are known. */
const ERRORS_BEFORE = 60;
/** The parts of one row of an answer. */
const NUMBERS_OF_POINT = 10;

/**
 * Judges the points of series, each by what a model says of it one step before (docs/forecasting.md, "Anomalies").
 * @throws RequestError 422 for a series that is too short, 503
 */
export function anomaliesTask(
  { head, series }: ReadTask<AnomaliesHead>,
  opened: OpenedModel,
  means: Means,
): AnswerParts {
  const { model } = opened;
  const warnings: TaskWarning[] = [...head.warnings, ...opened.warnings, ...ignored(head)];
  for (const [index, one] of series.entries()) refuseShort(one, index, head, model);
  const own = isBuiltIn(model);
  const asked = (one: TaskSeries) => (own ? 2 : (head.last ?? one.values.length));
  const work = begun(means, means.admission.admit(series, own ? 2 : Math.max(...series.map(asked))));
  const longest = series.reduce((most, { values }) => Math.max(most, values.length), 0);
  const packs = packsOf(series, longest * NUMBERS_OF_POINT);
  const rules = { level: head.level, ...(head.last !== undefined && { last: head.last }) };
  const judge = async (pack: Pack) => {
    const watched = own ? pack.series : await Promise.all(pack.series.map((one) => expectedOf(one, head, model, work)));
    const costMs = 2 * costOfClassical(pack.series);
    const id = own ? (model.traits.id as ClassicalId | "auto") : undefined;
    return means.threads.anomalies({ series: watched.map(plain), model: id, rules }, { ...work.conditions, costMs });
  };
  return {
    head: { model: head.model, horizon: 1, count: series.length },
    parts: inOrder(packs, means.threads.width, judge, work.stop),
    rest: () => ({ level: head.level, ...restOf(head, opened, warnings) }),
  };
}

function plain({ id, values, calendar, seasons, expected }: WatchedSeries): WatchedSeries {
  return {
    ...(id !== undefined && { id }),
    values,
    ...(calendar && { calendar }),
    ...(seasons && { seasons }),
    ...(expected && { expected }),
  };
}

function ignored({ hasCovariates }: AnomaliesHead): TaskWarning[] {
  const message = "Covariates take no part in judging points.";
  return hasCovariates ? [{ code: "covariates_ignored", message }] : [];
}

function refuseShort(series: TaskSeries, index: number, { last }: AnomaliesHead, model: Model): void {
  const { values } = series;
  const needed = neededPoints(last);
  const name = seriesName(series, index);
  if (values.length < needed) {
    const why = last === undefined ? "" : `, of which ${last} are judged`;
    throw new RequestError(422, `Series ${name} has ${values.length} points; ${needed} are needed${why}.`);
  }
  if (isBuiltIn(model) || (last ?? values.length) <= MAX_ASKED) return;
  const told = `${model.traits.title} is asked for one point after the other, at most ${MAX_ASKED} of a series`;
  throw new RequestError(
    422,
    `${told}: series ${name} has ${last ?? values.length}; set last, or take a built-in model.`,
  );
}

/** What a model with weights says of the points that are judged, and of some before them, each one step before. */
export async function expectedOf(
  series: TaskSeries,
  head: TaskHead & { last?: number },
  model: Model,
  { conditions }: Begun,
): Promise<WatchedSeries> {
  const { values } = series;
  const from = head.last === undefined ? 0 : values.length - head.last - ERRORS_BEFORE;
  const first = Math.max(neededPoints() / 2, from);
  const context = Math.min(head.contextLength ?? model.traits.maxContext, model.traits.maxContext);
  const cutoffs = Array.from({ length: values.length - Math.floor(first) }, (_, step) => Math.floor(first) + step);
  const usable = cutoffs.filter((cutoff) =>
    values.subarray(Math.max(0, cutoff - context), cutoff).some(Number.isFinite),
  );
  const known = usable.map((cutoff) => {
    const { covariates: _, ...seen } = seenUntil(series, cutoff, 0);
    return { ...seen, values: seen.values.slice(Math.max(0, cutoff - context)) };
  });
  const plan = { asked: [], recipes: [], between: [], conformal: [] };
  const fit = () => Promise.reject(new Error("nothing is explained here"));
  const making: Making = { model, head: { ...head, horizon: 1, hasCovariates: false }, plan, fit, ...conditions };
  const rows = await madeRows(making, { from: 0, series: known });
  const expected = new Float64Array(values.length).fill(Number.NaN);
  for (const [place, { forecast }] of rows.entries()) expected[usable[place]!] = forecast.point[0]!;
  return { ...plain(series), expected };
}
