import type { Gpu } from "../../../../gpu/gpu";
import { memberBytes } from "../../../../gpu/params";
import type { Dispatch, Kernel } from "../../../../gpu/pipelines";
import type { Engine } from "../../model/engine";
import { sharedScenario } from "../request/plan";
import type { BatchJob } from "../run/job";
import { dayTable, keptDays, openWindows } from "./dayTable";
import { feeStart } from "./feeStart";
import { kernelText, rewardFloats, ringFloats, yearFloats } from "./kernelText";
import { jobParams } from "./params";
import { factorsOf, rowsOf } from "./rows";
import { type KernelShape, PARAM_MEMBERS } from "./shape";
import { shapeOf } from "./shapeOf";
import { longestLife } from "./supported";

/** Flagged runs whose numbers are kept; more than these go to the engine of the CPU with the whole job. */
export const MAX_FLAGGED = 4096;

const THREADS = 64;
/** Most memory of the ring: more runs go in chunks. */
const MAX_RING_BYTES = 2 ** 31;
const FLOAT_BYTES = 4;

/** Some runs of a job: one after another from `first`, or those of a list. */
export type Runs = { first: number; count: number } | { list: Uint32Array<ArrayBuffer> };

/** Where the runs put their values. */
export interface Target {
  store: KernelShape["store"];
  /** Entries of a column, for an exact store. */
  stride: number;
  /** 1 counts a value in its bin, `UNCOUNT` takes it out again. */
  weight?: number;
}

/** What turns a count back, modulo 2 to the 32nd. */
export const UNCOUNT = 0xffffffff;

/** A job on the device: its tables are there, and runs can be done. */
export interface DeviceRun {
  shape: KernelShape;
  /** Columns of bands: outputs of the shape times sampled days. */
  columns: number;
  /** Runs that are done at once. */
  chunkRuns: number;
  /** Does runs, chunk after chunk, and gives the device's milliseconds. */
  run(runs: Runs, target: Target, hooks?: ChunkHooks): Promise<number>;
  /** The runs that were flagged since the last call, and how many there were. */
  takeFlagged(): Promise<{ count: number; runs: Uint32Array }>;
  /** The values at the point days so far: for each output, day and run. */
  points(): Promise<Float32Array>;
}

export interface ChunkHooks {
  signal?: AbortSignal | undefined;
  onChunk?: ((done: number) => void) | undefined;
}

/** What all runs of a job share: buffers of the device, members of the uniform, and how much there is of each. */
function prepared(gpu: Gpu, engine: Engine, job: BatchJob) {
  const scenario = sharedScenario(job);
  const shape = shapeOf(job, "exact");
  const kept = keptDays(job.sampledDays, job.pointDays);
  const windows = openWindows(kept);
  // Nothing falls due by its age where power is lost by shares: one place will do.
  const longest = shape.model === "attrition" ? 1 : Math.ceil(longestLife(job));
  const slots = Math.max(1, Math.min(longest, job.forecastDays));
  const fee = scenario.sectorFee && feeStart(engine, scenario.sectorFee, scenario.supplyBase, scenario);
  const heldFloats = windows * yearFloats(shape) + rewardFloats(shape);
  const runBytes = FLOAT_BYTES * Math.max(slots * ringFloats(shape), heldFloats);
  const chunkRuns = evenChunk(job.runs, Math.min(gpu.maxBindingBytes, MAX_RING_BYTES) / runBytes);
  const pointFloats = shape.outputs.length * job.pointDays.length * job.runs;
  const { memory } = gpu;
  const buffers = {
    days: memory.filled("days", dayTable(engine, scenario, shape, kept, fee)),
    rows: memory.filled("rows", rowsOf(job.plan, shape)),
    factors: memory.filled("factors", factorsOf(job.plan, shape)),
    ring: memory.storage("ring", chunkRuns * slots * ringFloats(shape) * FLOAT_BYTES),
    years: memory.storage("years", chunkRuns * heldFloats * FLOAT_BYTES),
    points: memory.storage("points", pointFloats * FLOAT_BYTES),
    flags: memory.filled("flags", new Uint32Array(MAX_FLAGGED + 1)),
  };
  const members = {
    ...jobParams(engine, scenario, job.plan.kind === "chance" ? job.plan.chance : undefined, fee),
    slots,
    windows,
    room: chunkRuns,
    sampled: job.sampledDays.length,
    pointed: job.pointDays.length,
    pointStride: job.runs,
    maxFlags: MAX_FLAGGED,
  };
  return { shape, buffers, members, chunkRuns, pointFloats };
}

/** Puts on the device what all runs of a job share. */
export function openDeviceRun(gpu: Gpu, engine: Engine, job: BatchJob): DeviceRun {
  const { shape, buffers, members, chunkRuns, pointFloats } = prepared(gpu, engine, job);
  const { memory, pipelines, submitter } = gpu;

  function kernelOf(runs: Runs, { store }: Target): Promise<Kernel> {
    // Values of a list stand in its order, and have no place among the points of all runs.
    const isPilot = "list" in runs && store === "exact";
    const hasPoints = shape.hasPoints && !isPilot;
    const text = kernelText({ ...shape, store, hasPoints, isListed: "list" in runs, placedBy: isPilot ? "id" : "run" });
    return pipelines.compiled(text, "filecoinRuns");
  }

  async function run(runs: Runs, target: Target, { signal, onChunk }: ChunkHooks = {}): Promise<number> {
    const kernel = await kernelOf(runs, target);
    const count = "list" in runs ? runs.list.length : runs.count;
    const list = memory.filled("runList", "list" in runs ? runs.list : new Uint32Array(1));
    const stored =
      target.store === "histogram"
        ? [memory.storage("bins", 0), memory.storage("segments", 0)]
        : [memory.storage("columns", 0)];
    let elapsedMs = 0;
    for (let from = 0; from < count; from += chunkRuns) {
      signal?.throwIfAborted();
      const inChunk = Math.min(chunkRuns, count - from);
      const firstRun = "list" in runs ? 0 : runs.first + from;
      const values = {
        ...members,
        count: inChunk,
        firstRun,
        listFrom: from,
        stride: target.stride,
        weight: target.weight ?? 1,
      };
      const uniform = memory.uniform("params", memberBytes(PARAM_MEMBERS, values));
      const { days, rows, factors, ring, years, points, flags } = buffers;
      const dispatch: Dispatch = {
        kernel,
        buffers: [uniform, days, rows, factors, list, ring, years, points, flags, ...stored],
        workgroups: Math.ceil(inChunk / THREADS),
      };
      elapsedMs += await submitter.run([dispatch]);
      onChunk?.(from + inChunk);
    }
    return elapsedMs;
  }

  async function takeFlagged() {
    const found = new Uint32Array(await memory.read(buffers.flags, FLOAT_BYTES * (MAX_FLAGGED + 1)));
    memory.filled("flags", new Uint32Array(1));
    const count = found[0]!;
    return { count, runs: found.slice(1, 1 + Math.min(count, MAX_FLAGGED)) };
  }

  return {
    shape,
    columns: job.wantsBands ? shape.outputs.length * job.sampledDays.length : 0,
    chunkRuns,
    run,
    takeFlagged,
    points: async () => new Float32Array(await memory.read(buffers.points, FLOAT_BYTES * pointFloats)),
  };
}

/** Runs of a chunk: as few chunks as there is memory for, all alike, since a small one takes as long as a large one. */
function evenChunk(runs: number, mostRuns: number): number {
  const chunks = Math.ceil(runs / Math.max(THREADS, mostRuns - THREADS));
  return Math.ceil(runs / chunks / THREADS) * THREADS;
}
