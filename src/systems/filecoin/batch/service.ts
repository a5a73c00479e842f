/**
 * Many futures in one request. What a request becomes on its way, each under one name:
 *
 * - **request**: the body as `schema/` reads it;
 * - **order** (`request/`): what it asks for, checked against its limits and the history, with the plan of which
 *   scenario each run has;
 * - **job** (`run/`): an order whose plan is laid out, as an engine takes it;
 * - **chunk** (`run/`): some runs of a job, done by one Worker in some milliseconds;
 * - **figures** (`run/`): what came of the runs, in memory that all Workers write to;
 * - **answer** (`answers/`): the figures and where they come from, written out for the caller.
 *
 * `answers/` knows `run/` and `request/`, `run/` knows `request/`, and never the other way. `carryOut.ts` leads an
 * order to its figures, and this file a request to its answer. docs/filecoin.md, "Many futures".
 */
import type { Platform } from "../../../platform/platform";
import type { Answer } from "../answers/answer";
import { snapshotId } from "../history/identity";
import type { HistorySnapshot } from "../history/snapshot";
import { backtestOf, runBacktest } from "../skill/backtest";
import type { BatchFormat } from "./answers/contents";
import type { AdmittedRequest } from "./answers/options";
import { type Outcome, writtenAnswer } from "./answers/outcome";
import { policyDifferences } from "./answers/policyDifferences";
import { sensitivityAnswer } from "./answers/sensitivity";
import { createBudget, type Size } from "./budget";
import { createCalibrations } from "./calibrations";
import { carryOut } from "./carryOut";
import type { BatchOrder, OrderContext } from "./request/order";
import { listOrder, monteCarloOrder, policiesOrder, sensitivityOrder, sweepOrder } from "./request/orders";
import { refusal } from "./request/refusal";
import { storeBytes } from "./run/bandStore";
import type { Delegate } from "./run/delegate";
import type { BatchEngine } from "./run/job";
import type {
  BacktestRequest,
  BatchRequest,
  MonteCarloRequest,
  PoliciesRequest,
  SensitivityRequest,
  SweepRequest,
} from "./schema/requests";

/** The rules between HTTP or command line and the batch engine. Each throws RequestError 422 or 503 at once. */
export interface BatchService {
  list(request: BatchRequest): AdmittedRequest;
  sweep(request: SweepRequest): AdmittedRequest;
  monteCarlo(request: MonteCarloRequest): AdmittedRequest;
  policies(request: PoliciesRequest): AdmittedRequest;
  sensitivity(request: SensitivityRequest): AdmittedRequest;
  backtest(request: BacktestRequest): AdmittedRequest;
}

export interface BatchServices {
  pool: Pick<Platform["pool"], "run" | "load">;
  config: Pick<Platform["config"], "FILECOIN_KNOWN_TRIM" | "COMPUTE_MAX_WAIT_S">;
  engine: BatchEngine;
  /** Most runs that can be done here, and milliseconds of one core that a job takes. */
  maxRuns: () => number;
  costOf: (order: BatchOrder) => number;
  /** @throws RequestError 503 while there is no history. */
  history: () => HistorySnapshot;
}

/** Milliseconds that a Worker may need to write an answer or to make one past forecast. */
const DELEGATED_MS = 20;

export function createBatchService({ pool, config, engine, history, maxRuns, costOf }: BatchServices): BatchService {
  const budget = createBudget(() => pool.load().workers, config.COMPUTE_MAX_WAIT_S);
  const delegate: Delegate = (kind, input) => pool.run({ kind, input, costMs: DELEGATED_MS, priority: "batch" });

  const calibrations = createCalibrations(delegate, () => pool.load().workers);

  /** Makes an order of a request, and later an answer of what was done. */
  function admission<Request>(
    make: (request: Request, context: OrderContext) => BatchOrder,
    finish: (done: Outcome, format: BatchFormat, request: Request) => Promise<Answer>,
  ) {
    return (request: Request): AdmittedRequest => {
      const on = history();
      const order = make(request, {
        history: on,
        defaults: { rules: "mainnet", knownTrim: config.FILECOIN_KNOWN_TRIM },
      });
      if (order.runs > maxRuns())
        throw refusal(["runs"], `at most ${maxRuns()} runs without a GPU`, String(order.runs));
      const size = { ...sizeOf(order), costMs: costOf(order) };
      budget.check(size);
      return (options) =>
        budget.hold(size, async (spend) => {
          const onProgress = (done: number, total: number) => {
            spend((size.costMs * done) / total);
            options.onProgress?.(done, total);
          };
          const told = { ...options, onProgress };
          const id = snapshotId(on);
          const calibration = order.isCalibrated ? await calibrations.of(order, on, id) : undefined;
          const done = await carryOut(order, on, id, engine, delegate, told, calibration);
          return finish(done, options.format, request);
        });
    };
  }

  const whole = (done: Outcome, format: BatchFormat) => writtenAnswer(done, delegate, format);
  return {
    list: admission(listOrder, whole),
    sweep: admission(sweepOrder, whole),
    monteCarlo: admission(monteCarloOrder, whole),
    policies: admission(policiesOrder, (done, format) => whole(withDifferences(done), format)),
    sensitivity: admission(sensitivityOrder, (done, format, { samples }) =>
      sensitivityAnswer(done, samples, delegate, format),
    ),
    backtest(request) {
      const on = history();
      const test = backtestOf(request, on, snapshotId(on));
      budget.check(test.size);
      return (options) => budget.hold(test.size, () => runBacktest(test, on, delegate, pool.load().workers, options));
    },
  };
}

function withDifferences(done: Outcome): Outcome {
  const { outputs, pointDays } = done.job;
  const differences = policyDifferences(outputs, pointDays, done.figures.points);
  // They hold the points already.
  const order = { ...done.order, pointDays: new Int32Array(0) };
  return { ...done, order, about: { ...done.about, differences } };
}

function sizeOf(order: BatchOrder): Pick<Size, "bytes"> {
  const { runs, outputs, sampledDays, pointDays, keptRuns, wantsBands } = order;
  const columns = wantsBands ? outputs.length * sampledDays.length : 0;
  const kept = 8 * outputs.length * (runs * pointDays.length + keptRuns.length * sampledDays.length);
  return { bytes: storeBytes(runs, columns) + kept };
}
