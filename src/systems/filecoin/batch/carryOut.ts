import type { HistorySnapshot } from "../history/snapshot";
import { type Calibration, calibratedBands } from "../skill/calibration";
import type { AnswerOptions } from "./answers/options";
import { aboutOf, type Outcome, writtenAnswer } from "./answers/outcome";
import type { DesignInput } from "./request/design";
import type { BatchOrder } from "./request/order";
import type { Delegate } from "./run/delegate";
import type { BatchFigures } from "./run/figures";
import type { BatchEngine, BatchJob } from "./run/job";

function shownCalibration({ horizonsDays, factors }: Calibration) {
  return { calibration: { horizons_days: horizonsDays, factors } };
}

const NONE = new Float64Array(0);

/** Carries an order out on a history. `snapshot` names it. @throws RequestError as the engine does. */
export async function carryOut(
  order: BatchOrder,
  history: HistorySnapshot,
  snapshot: string,
  engine: BatchEngine,
  delegate: Delegate,
  options: AnswerOptions,
  calibration?: Calibration,
): Promise<Outcome> {
  const job = await jobOf(order, snapshot, delegate);
  const outcomeOf = (drawn: BatchFigures): Outcome => {
    const { bands } = drawn;
    const isCalibrated = calibration !== undefined && bands !== undefined;
    const figures = isCalibrated
      ? { ...drawn, bands: calibratedBands(bands, calibration, order.outputs, order.sampledDays) }
      : drawn;
    const told = { ...aboutOf(order, history, snapshot, figures), ...(calibration && shownCalibration(calibration)) };
    return { history, order, job, figures, about: told };
  };
  const { onBands, onProgress, signal, format, checkpoints } = options;
  const tellBands = async (figures: BatchFigures) => {
    const early = outcomeOf({ ...figures, points: NONE, kept: NONE });
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
    checkpoints,
    onProgress: (done) => onProgress?.(done, order.runs),
    ...(onBands && { onBands: tellBands }),
  });
  return outcomeOf(figures);
}

/** The job of an order; the points of a design are laid out by a Worker. */
async function jobOf(order: BatchOrder, snapshotId: string, delegate: Delegate): Promise<BatchJob> {
  const { engine, runs, forecastDays, outputs, sampledDays, wantsBands, pointDays, plan } = order;
  const keptRuns = Int32Array.from(order.keptRuns, ({ run }) => run);
  const rest = { engine, snapshotId, runs, forecastDays, outputs, sampledDays, wantsBands, pointDays, keptRuns };
  if (plan.kind !== "design") return { ...rest, plan };
  const points = new Float64Array(new SharedArrayBuffer(8 * runs * plan.inputs.length));
  const input: DesignInput = { design: plan.design, inputs: plan.inputs, points };
  await delegate("filecoin.batchDesign", input);
  return { ...rest, plan: { kind: "points", base: plan.base, inputs: plan.inputs, points } };
}
