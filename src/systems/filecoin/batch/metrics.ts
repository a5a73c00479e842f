import type { Metrics } from "../../../platform/metrics";
import type { BatchFigures } from "./run/figures";

/** Counts batches by who did their runs, and the milliseconds of their parts. */
export function batchMetrics(metrics: Metrics): (figures: BatchFigures) => void {
  const batches = new Map<string, number>();
  const runs = new Map<string, number>();
  const spentMs = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, value: number) => to.set(key, (to.get(key) ?? 0) + value);
  const byEngine = (counts: Map<string, number>) => () =>
    [...counts].map(([engine, count]) => [{ engine }, count] as const);
  metrics.counter("foresight_filecoin_batches_total", "Batches that ended, by engine.", ["engine"], byEngine(batches));
  metrics.counter("foresight_filecoin_batch_runs_total", "Runs of batches, by engine.", ["engine"], byEngine(runs));
  metrics.counter(
    "foresight_filecoin_batch_milliseconds_total",
    "Milliseconds of batches, by engine and part.",
    ["engine", "part"],
    () =>
      [...spentMs].map(([key, value]) => {
        const [engine = "", part = ""] = key.split(" ");
        return [{ engine, part }, value] as const;
      }),
  );
  return ({ done, ran: { engine, milliseconds = {} } }) => {
    add(batches, engine, 1);
    add(runs, engine, done);
    for (const [part, value] of Object.entries(milliseconds)) add(spentMs, `${engine} ${part}`, value);
  };
}
