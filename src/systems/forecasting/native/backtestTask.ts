import { type Metrics, meanMetrics } from "../judging/metrics";
import { bestOf, verdictOf, YARDSTICK } from "../judging/verdict";
import { type Begun, begun, type Means, restOf } from "./forecastTask";
import { inOrder } from "./inOrder";
import type { JudgedPart, JudgedSeries } from "./judge";
import { planLevels } from "./levels";
import { finishRules, type Making, madeRows } from "./makeRows";
import type { OpenedModel } from "./openedModel";
import { type Pack, packsOf } from "./packs";
import type { BacktestHead, ReadTask } from "./readRequest";
import type { TaskSeries } from "./task";
import { cutoffsIn, seenUntil } from "./windows";

const encoder = new TextEncoder();

/**
 * Judges models on the series of a task, each forecasting anew at every cut-off what it did not know then. Gives the pieces
 * of the answer's JSON (docs/forecasting.md, "Backtests").
 * @throws RequestError 422 for a series that is too short, 503
 */
export async function backtestTask(
  task: ReadTask<BacktestHead>,
  openModel: (id: string) => Promise<OpenedModel>,
  means: Means,
): Promise<Uint8Array[]> {
  const { head, series } = task;
  const ids = [...new Set([...head.models, YARDSTICK])];
  const opened = await Promise.all(ids.map(openModel));
  for (const [index, one] of series.entries()) cutoffsIn(one, index, head);
  const work = begun(means, means.admission.admit(series, ids.length * head.windows));
  const pieces: Uint8Array[] = [encoder.encode('{"results":[')];
  const results: { model: string; metrics: Metrics }[] = [];
  try {
    for (const [place, model] of opened.entries()) {
      const { parts, metrics } = await judgedBy(model, task, means, work);
      const mean = meanMetrics(metrics);
      results.push({ model: ids[place]!, metrics: mean.metrics });
      const members = JSON.stringify({ model: ids[place], ...mean });
      pieces.push(
        encoder.encode(`${place === 0 ? "" : ","}${members.slice(0, -1)},"series":[`),
        ...parts,
        encoder.encode("]}"),
      );
    }
  } finally {
    work.stop();
  }
  const { horizon, windows, step } = head;
  const rest = {
    best: bestOf(results).model,
    verdict: verdictOf(results),
    horizon,
    windows,
    step,
    ...restOf(head, opened[0]!, head.warnings),
  };
  pieces.push(encoder.encode(`],${JSON.stringify(rest).slice(1)}`));
  return pieces;
}

async function judgedBy(
  { model }: OpenedModel,
  { head, series }: ReadTask<BacktestHead>,
  { threads }: Means,
  { conditions }: Begun,
) {
  const plan = planLevels(head.levels, model.traits, head.options.calibrate);
  const making: Making = { model, head, plan, fit: threads.fit(conditions), ...conditions };
  const rules = finishRules(making);
  const packs = packsOf(series, head.windows * head.horizon * (1 + head.levels.length), head.windows);
  const judge = async (pack: Pack) => threads.judge({ series: await windowsOf(making, head, pack), rules }, conditions);
  const [parts, metrics]: [Uint8Array[], Metrics[]] = [[], []];
  const made: AsyncGenerator<JudgedPart> = inOrder(packs, threads.width, judge, () => undefined);
  for await (const part of made) {
    if (parts.length > 0) parts.push(encoder.encode(","));
    parts.push(part.json);
    metrics.push(...part.metrics);
  }
  return { parts, metrics };
}

async function windowsOf(making: Making, head: BacktestHead, { from, series }: Pack): Promise<JudgedSeries[]> {
  const cutoffs = series.map((one, place) => cutoffsIn(one, from + place, head));
  const known = series.flatMap((one, place) =>
    cutoffs[place]!.map((cutoff): TaskSeries => seenUntil(one, cutoff, head.horizon)),
  );
  const rows = await madeRows(making, { from: 0, series: known });
  return series.map(({ id, seasons, values }, place) => ({
    ...(id !== undefined && { id }),
    ...(seasons && { seasons }),
    windows: cutoffs[place]!.map((cutoff, window) => ({
      row: rows[place * head.windows + window]!,
      actual: values.slice(cutoff, cutoff + head.horizon),
    })),
  }));
}
