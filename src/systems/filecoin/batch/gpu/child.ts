import { deserialize } from "bun:jsc";
import { isSoftware } from "../../../../gpu/device";
import { openGpu } from "../../../../gpu/gpu";
import type { ChildHandler, ChildReply, EmitPartial } from "../../../../platform/compute/childProtocol";
import { sampleHistory } from "../../history/sample";
import type { HistorySnapshot } from "../../history/snapshot";
import { type Engine, prepareEngine } from "../../model/engine";
import { runOnDevice, TooManyFlagged } from "./deviceBatch";
import {
  type BatchInput,
  type BatchPartial,
  type BatchReply,
  figureArrays,
  jobFrom,
  type TrialReport,
} from "./message";
import { whyUnsupported } from "./supported";
import { tryDevice } from "./trial";

/** The model on the history of the last batch. */
let engine: Engine | undefined;

/** Work of batches in the GPU's child. */
export const filecoinGpuHandlers: Record<string, ChildHandler> = {
  "filecoin.gpuTrial": async (): Promise<ChildReply> => {
    const gpu = await openGpu();
    if (gpu === undefined) return { value: { adapter: null, isSoftware: false, trial: null } satisfies TrialReport };
    const software = isSoftware(gpu.identity);
    const trial = await tryDevice(gpu, prepareEngine(sampleHistory()), !software);
    return { value: { adapter: gpu.identity, isSoftware: software, trial } satisfies TrialReport };
  },
  "filecoin.gpuBatch": (input: BatchInput, bulk, signal, emit) => batch(input, bulk, signal, emit),
};

async function batch(
  { snapshotId, withHistory, maxExactBytes }: BatchInput,
  bulk: readonly Uint8Array<ArrayBuffer>[],
  signal: AbortSignal,
  emit: EmitPartial,
): Promise<ChildReply> {
  const gpu = await openGpu();
  if (gpu === undefined) return reply({ kind: "declined", reason: "there is no adapter" });
  if (withHistory) engine = prepareEngine(deserialize(bulk[2]!) as HistorySnapshot);
  if (engine?.snapshotId !== snapshotId) return reply({ kind: "needs_history" });
  const job = jobFrom(bulk, deserialize);
  const reason = whyUnsupported(job, engine.historyDays);
  if (reason !== undefined) return reply({ kind: "declined", reason });
  const tell = (partial: BatchPartial, arrays: readonly ArrayBufferView[] = []) =>
    emit({ value: partial, bulk: arrays });
  const hooks = {
    signal,
    onChunk: (done: number) => tell({ done, bands: null }),
    onBands: (bands: NonNullable<Parameters<typeof figureArrays>[0]["bands"]>, done: number) =>
      tell(
        { done, bands: bands.method },
        figureArrays({ done, bands, points: NONE, kept: NONE, notNumbers: new Int32Array(job.outputs.length) }),
      ),
  };
  try {
    const { figures, times, chunkRuns, redone } = await runOnDevice(gpu, engine, job, hooks, maxExactBytes);
    const done = { kind: "done", times, chunkRuns, redone, bands: figures.bands?.method ?? null } as const;
    return reply(done, figureArrays(figures));
  } catch (error) {
    if (error instanceof TooManyFlagged) return reply({ kind: "declined", reason: error.message });
    throw error;
  }
}

const NONE = new Float64Array(0);

function reply(value: BatchReply, bulk: readonly ArrayBufferView[] = []): ChildReply {
  return { value, bulk };
}
