import type { Engine } from "../../model/engine";
import type { OutputName } from "../../schema/series";
import { exactStore, exactStoreBytes } from "../run/bandStore";
import { runChunk } from "../run/chunk";
import type { BatchJob } from "../run/job";

/** Runs done in 64 bits, for what 32 cannot tell or for the record. */
export interface RedoneRuns {
  /** Of each column of bands the runs' values, one after another. */
  columns: Float32Array<ArrayBuffer>;
  /** One value for each output, point day and run, the run fastest. */
  points: Float64Array;
  /** One value for each run, output and sampled day, the day fastest. */
  series: Float64Array;
  notNumbers: Int32Array;
}

/** Does the runs of these numbers with the engine of 64 bits. */
export function redoRuns(
  engine: Engine,
  job: BatchJob,
  outputs: readonly OutputName[],
  runs: ArrayLike<number>,
): RedoneRuns {
  const count = runs.length;
  const columns = outputs.length * job.sampledDays.length;
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  const store = exactStore(count, columns, new SharedArrayBuffer(exactStoreBytes(count, columns)));
  const points = new Float64Array(outputs.length * job.pointDays.length * count);
  const series = new Float64Array(count * columns);
  const notNumbers = new Int32Array(new SharedArrayBuffer(4 * outputs.length));
  const done = runChunk(engine, {
    snapshotId: job.snapshotId,
    outputs,
    sampledDays: job.sampledDays,
    pointDays: job.pointDays,
    plan: job.plan,
    planRuns: Int32Array.from(runs),
    runs: numbers,
    firstPlace: 0,
    keptPlaces: numbers,
    into: { store, points, kept: series, notNumbers },
  });
  if (!done) throw new Error("the engine is on another snapshot than the job");
  return { columns: store.values.slice() as Float32Array<ArrayBuffer>, points, series, notNumbers };
}
