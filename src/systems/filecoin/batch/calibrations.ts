import type { HistorySnapshot } from "../history/snapshot";
import { pastForecasts } from "../skill/backtest";
import { CALIBRATION_HORIZONS_DAYS, type Calibration, calibrate, calibrationAnchors } from "../skill/calibration";
import type { BatchOrder } from "./request/order";
import { sharedScenario } from "./request/plan";
import type { Delegate } from "./run/delegate";

/** What past bands were worth, worked out when it is first asked for: it takes some hundred past forecasts' runs. */
export interface Calibrations {
  of(order: BatchOrder, history: HistorySnapshot, snapshotId: string): Promise<Calibration>;
}

/** Calibrations that are kept: of a few choices of series on the history of the day. */
const MAX_KEPT = 16;

export function createCalibrations(delegate: Delegate, workers: () => number): Calibrations {
  const kept = new Map<string, Promise<Calibration>>();

  async function make(order: BatchOrder, history: HistorySnapshot, snapshotId: string): Promise<Calibration> {
    const anchors = calibrationAnchors(history, snapshotId, order.outputs, sharedScenario(order).rules);
    const past = await pastForecasts(anchors, delegate, workers(), undefined);
    const outputs = anchors[0]?.outputs ?? [];
    return calibrate(past, outputs, CALIBRATION_HORIZONS_DAYS, history.renewalRate.length);
  }

  return {
    of(order, history, snapshotId) {
      const key = [snapshotId, sharedScenario(order).rules, ...order.outputs].join(" ");
      const known = kept.get(key);
      if (known !== undefined) return known;
      const made = make(order, history, snapshotId);
      kept.set(key, made);
      if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!);
      // What failed, such as on a history that was refreshed meanwhile, is tried again by the next.
      made.catch(() => kept.delete(key));
      return made;
    },
  };
}
