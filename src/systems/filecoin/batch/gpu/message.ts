import type { AdapterIdentity } from "../../../../platform/doctor/probes";
import type { Bands } from "../run/figures";
import type { BatchJob } from "../run/job";
import type { DeviceFigures, DeviceTimes } from "./deviceBatch";
import type { DeviceTrial } from "./trial";

/** What the parent and the GPU's child say about batches; docs/gpu.md, "The child". */

/** The child's answer to `filecoin.gpuTrial`. */
export interface TrialReport {
  /** Null where there is no adapter. */
  adapter: AdapterIdentity | null;
  isSoftware: boolean;
  trial: DeviceTrial | null;
}

/** What goes with `filecoin.gpuBatch`; the job itself comes as bulk, and the history where the child asked for it. */
export interface BatchInput {
  snapshotId: string;
  withHistory: boolean;
  /** Memory of exact bands; the device's own limit where it is absent. */
  maxExactBytes?: number;
}

export type BatchReply =
  /** The child has another history: it is to be sent along. */
  | { kind: "needs_history" }
  /** Too many runs need 64 bits, or the kernel cannot run such a job. */
  | { kind: "declined"; reason: string }
  | { kind: "done"; times: DeviceTimes; chunkRuns: number; redone: number; bands: Bands["method"] | null };

/** Told while a batch runs: how many runs are done, or early bands over some. */
export type BatchPartial = { done: number; bands: Bands["method"] | null };

/** The figures as arrays, in this order. */
export function figureArrays({ bands, points, kept, notNumbers }: DeviceFigures): ArrayBufferView[] {
  const none = new Float64Array(0);
  return [bands?.values ?? none, bands?.means ?? none, bands?.errors ?? none, points, kept, notNumbers];
}

/** The figures again from their bytes. */
export function figuresFrom(
  bulk: readonly Uint8Array<ArrayBuffer>[],
  done: number,
  method: Bands["method"] | null,
): DeviceFigures {
  const floats = (i: number) => new Float64Array(bulk[i]!.buffer, 0, bulk[i]!.byteLength / 8);
  return {
    done,
    bands: method === null ? undefined : { values: floats(0), means: floats(1), errors: floats(2), method },
    points: floats(3),
    kept: floats(4),
    notNumbers: new Int32Array(bulk[5]!.buffer, 0, bulk[5]!.byteLength / 4),
  };
}

/** A job as bytes: the points of a design by themselves, since they may be large, and the rest. */
export function jobFrames(job: BatchJob, serialize: (value: unknown) => Uint8Array): Uint8Array[] {
  const { plan } = job;
  if (plan.kind !== "points") return [serialize(job), new Uint8Array(0)];
  const bytes = new Uint8Array(plan.points.buffer, plan.points.byteOffset, plan.points.byteLength);
  return [serialize({ ...job, plan: { ...plan, points: new Float64Array(0) } }), bytes];
}

/** The job again. */
export function jobFrom(
  frames: readonly Uint8Array<ArrayBuffer>[],
  deserialize: (bytes: Uint8Array<ArrayBuffer>) => unknown,
): BatchJob {
  const job = deserialize(frames[0]!) as BatchJob;
  if (job.plan.kind !== "points") return job;
  const points = new Float64Array(frames[1]!.buffer, 0, frames[1]!.byteLength / 8);
  return { ...job, plan: { ...job.plan, points } };
}
