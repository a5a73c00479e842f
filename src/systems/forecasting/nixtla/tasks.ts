import { RequestError } from "../../../platform/errors";
import type { ClassicalId } from "../classical/forecastSeries";
import { neededPoints } from "../judging/anomalies";
import { expectedOf } from "../native/anomaliesTask";
import { begun, type Means, restOf } from "../native/forecastTask";
import { inOrder } from "../native/inOrder";
import { planLevels } from "../native/levels";
import { finishRules, isBuiltIn, type Making, madeRows } from "../native/makeRows";
import type { OpenedModel } from "../native/openedModel";
import { type Pack, packsOf } from "../native/packs";
import type { ReadTask } from "../native/readRequest";
import type { TaskSeries } from "../native/task";
import { cutoffsIn, seenUntil } from "../native/windows";
import { costOfClassical } from "../serving/cost";
import type { ColumnsPart } from "./columns";
import type { PayloadHead } from "./readPayload";

type Task = ReadTask<PayloadHead>;

/** The columns of an answer, and the members beside them. */
export interface Columns {
  /** By name, the JSON values of all series, in pieces that commas join. */
  columns: Map<string, string[]>;
  sizes: number[];
  rest: Record<string, unknown>;
}

/** Forecasts what a payload asks for. @throws RequestError as the service does */
export async function forecastColumnsOf(task: Task, opened: OpenedModel, means: Means): Promise<Columns> {
  return columnsOf(task, opened, means, task.series);
}

/** Forecasts at each cut-off of a cross-validation; `idxs` are places among the values of all series. */
export async function windowColumnsOf(task: Task, opened: OpenedModel, means: Means): Promise<Columns> {
  const { head, series } = task;
  const { horizon, windows, step } = head;
  const cutoffs = series.map((one, index) => cutoffsIn(one, index, head));
  const seen = series.flatMap((one, index) => cutoffs[index]!.map((cutoff) => seenUntil(one, cutoff, horizon)));
  const made = await columnsOf(task, opened, means, seen);
  const starts = startsOf(series);
  const idxs = cutoffs.flatMap((all, index) => all.flatMap((cutoff) => placesFrom(starts[index]! + cutoff, horizon)));
  const sizes = series.map(() => windows * horizon);
  return { ...made, sizes, rest: { ...made.rest, idxs, step } };
}

async function columnsOf(
  { head, series: whole }: Task,
  opened: OpenedModel,
  means: Means,
  series: readonly TaskSeries[],
): Promise<Columns> {
  const { model } = opened;
  const { threads } = means;
  const plan = planLevels(head.levels, model.traits, true);
  const work = begun(means, means.admission.admit(series, 1));
  const making: Making = { model, head, plan, fit: threads.fit(work.conditions), ...work.conditions };
  const rules = finishRules(making);
  const { bands, shares = [] } = head;
  const run = async (pack: Pack) =>
    threads.columns({ rows: await madeRows(making, pack), rules, bands, shares }, work.conditions);
  const packs = packsOf(series, head.horizon * (1 + 2 * bands.length + shares.length));
  const gathered = await gathering(inOrder(packs, threads.width, run, work.stop));
  const contributions = shares.length === 0 ? {} : { shares: [...shares, "base"] };
  return {
    ...gathered,
    rest: { ...restOf({ ...head, count: whole.length }, opened, head.warnings), ...contributions },
  };
}

/** What was expected of each point of the past one step before it, and how it was judged by that. */
export async function pastColumnsOf({ head, series }: Task, opened: OpenedModel, means: Means): Promise<Columns> {
  const { model } = opened;
  const { threads } = means;
  const { bands, last } = head;
  for (const [index, { values }] of series.entries()) refuseShort(values.length, index, last);
  const own = isBuiltIn(model);
  const work = begun(means, means.admission.admit(series, own ? 2 : 20));
  const id = own ? (model.traits.id as ClassicalId | "auto") : undefined;
  const run = async (pack: Pack) => {
    const watched = own ? pack.series : await Promise.all(pack.series.map((one) => expectedOf(one, head, model, work)));
    const costMs = 2 * costOfClassical(pack.series);
    const input = { series: watched, model: id, bands, ...(last !== undefined && { last }) };
    return threads.past(input, { ...work.conditions, costMs });
  };
  const longest = series.reduce((most, { values }) => Math.max(most, values.length), 0);
  const gathered = await gathering(inOrder(packsOf(series, longest * 4), threads.width, run, work.stop));
  const starts = startsOf(series);
  const idxs = gathered.sizes.flatMap((size, index) =>
    placesFrom(starts[index]! + series[index]!.values.length - size, size),
  );
  return { ...gathered, rest: { ...restOf(head, opened, head.warnings), idxs } };
}

async function gathering(parts: AsyncGenerator<ColumnsPart>): Promise<Pick<Columns, "columns" | "sizes">> {
  const columns = new Map<string, string[]>();
  const sizes: number[] = [];
  for await (const part of parts) {
    for (const [name, text] of Object.entries(part.columns)) {
      const pieces = columns.get(name) ?? [];
      columns.set(name, pieces);
      if (text !== "") pieces.push(text);
    }
    sizes.push(...part.sizes);
  }
  return { columns, sizes };
}

/** Where each series begins among the values of all. */
function startsOf(series: readonly TaskSeries[]): number[] {
  let next = 0;
  return series.map(({ values }) => {
    const start = next;
    next += values.length;
    return start;
  });
}

function placesFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function refuseShort(length: number, index: number, last: number | undefined): void {
  const needed = neededPoints(last);
  if (length >= needed) return;
  throw new RequestError(422, `Series ${index} has ${length} points; ${needed} are needed.`);
}
