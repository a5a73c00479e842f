import { epochDay } from "../../../numeric/calendar";
import type { HistorySnapshot } from "../history/snapshot";
import { aboutOf } from "./about";
import type { BatchAnswer, BatchAnswerInput, BatchFormat } from "./answer";
import type { DesignInput } from "./design";
import type { BatchEngine, BatchFigures, BatchJob } from "./job";
import type { BatchOrder } from "./orders";

/** How an answer is wanted. */
export interface Wanted {
  format: BatchFormat;
  signal?: AbortSignal | undefined;
  /** Receives answers over the first runs, with bands alone. */
  onBands?: ((answer: BatchAnswer) => void) | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** An order that was carried out. */
export interface Conducted {
  history: HistorySnapshot;
  order: BatchOrder;
  job: BatchJob;
  figures: BatchFigures;
  about: Record<string, unknown>;
}

/** Has a Worker do what takes the event loop too long. */
export type Delegate = <T>(kind: string, input: unknown) => Promise<T>;

const NONE = new Float64Array(0);

/** Carries an order out on a history. `snapshot` names it. @throws RequestError as the engine does. */
export async function conduct(
  order: BatchOrder,
  history: HistorySnapshot,
  snapshot: string,
  engine: BatchEngine,
  delegate: Delegate,
  wanted: Wanted,
): Promise<Conducted> {
  const job = await jobOf(order, snapshot, delegate);
  const conducted = (figures: BatchFigures): Conducted => {
    return { history, order, job, figures, about: aboutOf(order, history, snapshot, figures, engine.name) };
  };
  const { onBands, onProgress, signal, format } = wanted;
  const tellBands = async (figures: BatchFigures) => {
    const early = conducted({ ...figures, points: NONE, kept: NONE });
    onBands?.(
      await writtenAnswer(
        { ...early, order: { ...order, pointDays: new Int32Array(0), keptRuns: [] } },
        delegate,
        format,
      ),
    );
  };
  const figures = await engine.run(job, {
    signal,
    onProgress: (done) => onProgress?.(done, order.runs),
    ...(onBands && { onBands: tellBands }),
  });
  return conducted(figures);
}

/** The answer with all its figures, written by a Worker. */
export function writtenAnswer(
  { history, order, job, figures, about }: Conducted,
  delegate: Delegate,
  format: BatchFormat,
): Promise<BatchAnswer> {
  const { plan } = job;
  const input: BatchAnswerInput = {
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
  return delegate("filecoin.batchAnswer", input);
}

/** The job of an order; the points of a design are laid out by a Worker. */
async function jobOf(order: BatchOrder, snapshotId: string, delegate: Delegate): Promise<BatchJob> {
  const { runs, forecastDays, outputs, sampledDays, wantsBands, pointDays, plan } = order;
  const keptRuns = Int32Array.from(order.keptRuns, ({ run }) => run);
  const rest = { snapshotId, runs, forecastDays, outputs, sampledDays, wantsBands, pointDays, keptRuns };
  if (plan.kind !== "design") return { ...rest, plan };
  const points = new Float64Array(new SharedArrayBuffer(8 * runs * plan.inputs.length));
  const input: DesignInput = { design: plan.design, inputs: plan.inputs, points };
  await delegate("filecoin.batchDesign", input);
  return { ...rest, plan: { kind: "points", base: plan.base, inputs: plan.inputs, points } };
}
