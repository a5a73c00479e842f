import { createPool, type WorkPool } from "../../../../src/platform/compute/pool";
import { sampledDays } from "../../../../src/systems/filecoin/batch/request/sampledDays";
import type { BatchJob } from "../../../../src/systems/filecoin/batch/run/job";
import { snapshotId } from "../../../../src/systems/filecoin/history/identity";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import type { HistorySnapshot } from "../../../../src/systems/filecoin/history/snapshot";
import type { Engine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { OUTPUTS } from "../../../../src/systems/filecoin/model/outputs";
import type { Scenario } from "../../../../src/systems/filecoin/scenario";
import type { OutputName } from "../../../../src/systems/filecoin/schema/series";
import { SHARED_HISTORY } from "../../../../src/systems/filecoin/work";

export const history = sampleHistory();
export const FIVE: OutputName[] = [
  "circ_supply",
  "network_locked",
  "day_network_reward",
  "network_RBP_EIB",
  "1y_sector_roi",
];

/** The real pool with the product's own Workers. */
export function startPool(workers: number, shared: HistorySnapshot = history): WorkPool {
  const pool = createPool({
    workers,
    maxWaitMs: 60_000,
    maxWaiting: 1000,
    createWorker: () => new Worker(new URL("../../../../src/worker.ts", import.meta.url)),
    onCrash: (error) => process.stderr.write(`a Worker crashed: ${error}\n`),
  });
  pool.share(SHARED_HISTORY, shared);
  return pool;
}

export function jobOf(given: Pick<BatchJob, "plan" | "runs" | "forecastDays"> & Partial<BatchJob>): BatchJob {
  return {
    engine: "cpu",
    snapshotId: snapshotId(history),
    outputs: FIVE,
    sampledDays: sampledDays(given.forecastDays, Math.ceil(given.forecastDays / 20)),
    wantsBands: true,
    pointDays: new Int32Array(0),
    keptRuns: new Int32Array(0),
    ...given,
  };
}

/** The values of a run on forecast days, by the engine alone. */
export function valuesOf(engine: Engine, scenario: Scenario, output: OutputName, days: Int32Array): number[] {
  const series = forecast(engine, scenario, [output]).series(output);
  const first = OUTPUTS[output].extent === "forecast" ? 0 : engine.historyDays;
  return Array.from(days, (day) => series[first + day] ?? Number.NaN);
}
