import { epochDay, isoDateOf } from "../../../../numeric/calendar";
import type { Answer } from "../../answers/answer";
import { rulesOf } from "../../answers/provenance";
import { notesOf } from "../../answers/warnings";
import { shownDates } from "../../history/reanchor";
import type { HistorySnapshot } from "../../history/snapshot";
import { MODEL_VERSION } from "../../model/constants";
import type { BatchOrder } from "../request/order";
import { sharedScenario } from "../request/plan";
import type { Delegate } from "../run/delegate";
import type { BatchFigures, RunRecord } from "../run/figures";
import type { BatchJob } from "../run/job";
import type { BatchAbout } from "../schema/answers";
import type { BatchContents, BatchFormat } from "./contents";

/** What an order came to. */
export interface Outcome {
  history: HistorySnapshot;
  order: BatchOrder;
  job: BatchJob;
  figures: BatchFigures;
  about: Record<string, unknown>;
}

/** The answer with all its figures, written by a Worker. */
export function writtenAnswer(
  { history, order, job, figures, about }: Outcome,
  delegate: Delegate,
  format: BatchFormat,
): Promise<Answer> {
  const { plan } = job;
  const contents: BatchContents = {
    format,
    table: order.table,
    about,
    outputs: order.outputs,
    zeroDay: epochDay(history.currentDate)!,
    sampledDays: order.sampledDays,
    pointDays: order.pointDays,
    figures,
    inputs: plan.kind === "points" ? { names: plan.inputs, points: plan.points } : undefined,
    keptRuns: order.keptRuns,
  };
  return delegate("filecoin.batchAnswer", contents);
}

/** Who did the runs and how long it took, as the stamp of an answer tells it. */
function stampOf(record: RunRecord): Omit<BatchAbout["stamp"], "model" | "snapshot"> {
  const { engine, adapter, chunkRuns, redoneRuns, milliseconds } = record;
  return {
    engine,
    // The same request to the CPU gives the same bytes.
    ...(adapter !== undefined && { adapter, chunk_runs: chunkRuns, redone_runs: redoneRuns, milliseconds }),
  };
}

/** The members that stand before the figures: where they come from, which days they are for, how to have them again. */
export function aboutOf(
  order: BatchOrder,
  history: HistorySnapshot,
  snapshot: string,
  figures: BatchFigures,
): BatchAbout {
  const { sampledDays, runs, forecastDays, seed, wantsBands, keptRuns } = order;
  const scenario = sharedScenario(order);
  const today = epochDay(history.currentDate)!;
  const step_days = sampledDays.length > 1 ? sampledDays[1]! - sampledDays[0]! : 1;
  const sampled = { first_date: history.currentDate, step_days, count: sampledDays.length };
  return {
    source: history.source,
    dates: {
      ...shownDates(history),
      end_date: isoDateOf(today + forecastDays),
      ...((wantsBands || keptRuns.length > 0) && { sampled }),
    },
    stamp: { ...stampOf(figures.ran), model: MODEL_VERSION, snapshot, ...(seed !== undefined && { seed }) },
    ...rulesOf(scenario.rules, scenario.model, history),
    runs: { total: runs, done: figures.done },
    ...order.about,
    warnings: warningsOf(order, notesOf(scenario, history), figures),
  };
}

function warningsOf(
  { outputs }: BatchOrder,
  told: readonly string[],
  { notNumbers, bands, ran }: BatchFigures,
): BatchAbout["warnings"] {
  const notes = [...ran.notes, ...told];
  const ofSeries = outputs.flatMap((series, o) => {
    const warnings: BatchAbout["warnings"] = [];
    const count = notNumbers[o]!;
    if (count > 0) {
      const reason = "values of runs that are no numbers, such as pledge per power without onboarding, are left out";
      warnings.push({ series, count, reason });
    }
    if (bands?.errors[o] === Infinity) {
      warnings.push({ series, reason: "some quantiles lie outside of the histogram; ask for fewer runs or series" });
    }
    return warnings;
  });
  return [...notes.map((reason) => ({ reason })), ...ofSeries];
}
