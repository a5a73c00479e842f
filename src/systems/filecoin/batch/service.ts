import type { Platform } from "../../../platform/platform";
import type {
  BacktestRequest,
  BatchRequest,
  MonteCarloRequest,
  PoliciesRequest,
  SensitivityRequest,
  SweepRequest,
} from "../batchSchema";
import { snapshotId } from "../history/identity";
import type { HistorySnapshot } from "../history/snapshot";
import { backtestOf, runBacktest } from "../skill/backtest";
import type { BatchAnswer, BatchFormat } from "./answer";
import { storeBytes } from "./bandStore";
import { createBudget, type Size } from "./budget";
import { type Conducted, conduct, type Delegate, type Wanted, writtenAnswer } from "./conduct";
import { costOf } from "./cpuEngine";
import type { BatchEngine } from "./job";
import {
  type BatchOrder,
  listOrder,
  monteCarloOrder,
  type OrderContext,
  policiesOrder,
  sensitivityOrder,
  sweepOrder,
} from "./orders";
import { policyDifferences } from "./policyDifferences";
import { sensitivityAnswer } from "./sensitivityAnswer";

/** A request that was checked and for which there is room. */
export type Admitted = (wanted: Wanted) => Promise<BatchAnswer>;

/** The rules between HTTP or command line and the batch engine. Each throws RequestError 422 or 503 at once. */
export interface BatchService {
  list(request: BatchRequest): Admitted;
  sweep(request: SweepRequest): Admitted;
  monteCarlo(request: MonteCarloRequest): Admitted;
  policies(request: PoliciesRequest): Admitted;
  sensitivity(request: SensitivityRequest): Admitted;
  backtest(request: BacktestRequest): Admitted;
}

export interface BatchServices {
  pool: Platform["pool"];
  config: Pick<Platform["config"], "FILECOIN_KNOWN_TRIM" | "COMPUTE_MAX_WAIT_S">;
  engine: BatchEngine;
  /** @throws RequestError 503 while there is no history. */
  history: () => HistorySnapshot;
}

/** Milliseconds that a Worker may need to write an answer or to make one past forecast. */
const DELEGATED_MS = 20;

export function createBatchService({ pool, config, engine, history }: BatchServices): BatchService {
  const budget = createBudget(() => pool.figures().workers, config.COMPUTE_MAX_WAIT_S);
  const delegate: Delegate = (kind, input) => pool.run({ kind, input, costMs: DELEGATED_MS, priority: "batch" });

  /** Makes an order of a request, and later an answer of what was done. */
  function admission<Request>(
    make: (request: Request, context: OrderContext) => BatchOrder,
    finish: (done: Conducted, format: BatchFormat, request: Request) => Promise<BatchAnswer>,
  ) {
    return (request: Request): Admitted => {
      const on = history();
      const order = make(request, { history: on, knownTrim: config.FILECOIN_KNOWN_TRIM });
      const size = sizeOf(order);
      budget.check(size);
      return (wanted) =>
        budget.hold(size, async (spend) => {
          const onProgress = (done: number, total: number) => {
            spend((size.costMs * done) / total);
            wanted.onProgress?.(done, total);
          };
          const told = { ...wanted, onProgress };
          return finish(await conduct(order, on, snapshotId(on), engine, delegate, told), wanted.format, request);
        });
    };
  }

  const whole = (done: Conducted, format: BatchFormat) => writtenAnswer(done, delegate, format);
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
      return (wanted) => budget.hold(test.size, () => runBacktest(test, on, delegate, pool.figures().workers, wanted));
    },
  };
}

function withDifferences(done: Conducted): Conducted {
  const { outputs, pointDays } = done.job;
  const differences = policyDifferences(outputs, pointDays, done.figures.points);
  // They hold the points already.
  const order = { ...done.order, pointDays: new Int32Array(0) };
  return { ...done, order, about: { ...done.about, differences } };
}

function sizeOf(order: BatchOrder): Size {
  const { runs, outputs, sampledDays, pointDays, keptRuns, wantsBands } = order;
  const columns = wantsBands ? outputs.length * sampledDays.length : 0;
  const kept = 8 * outputs.length * (runs * pointDays.length + keptRuns.length * sampledDays.length);
  return { costMs: costOf(order), bytes: storeBytes(runs, columns) + kept };
}
