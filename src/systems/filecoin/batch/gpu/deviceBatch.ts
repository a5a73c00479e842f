import type { Gpu } from "../../../../gpu/gpu";
import { PILOT_RUNS } from "../../../../gpu/quantiles";
import { yearEntries } from "../../model/derived";
import { type Engine, engineUnder } from "../../model/engine";
import { forecast } from "../../model/forecast";
import { OUTPUTS } from "../../model/outputs";
import type { OutputName } from "../../schema/series";
import { sharedScenario } from "../request/plan";
import { BAND_SHARES, type Bands, type BatchFigures } from "../run/figures";
import { type BatchJob, runOrder } from "../run/job";
import { binBytes, binnedBands, type ColumnBands, exactBands, openBins, scatter, segmentBytes } from "./deviceBands";
import { type ChunkHooks, type DeviceRun, MAX_FLAGGED, openDeviceRun, UNCOUNT } from "./deviceRun";
import { redoRuns } from "./redo";
import { fixedOutputs } from "./shapeOf";

/** How long the parts of a batch took, milliseconds. */
export interface DeviceTimes {
  /** The kernel that runs the model, by the device's clock where it has one. */
  kernelMs: number;
  quantilesMs: number;
  /** Reading back, and making figures of what was read. */
  transferMs: number;
  /** Runs that were done again in 64 bits. */
  redoneMs: number;
  totalMs: number;
}

/** Figures without who made them. */
export type DeviceFigures = Omit<BatchFigures, "ran">;

/** What a device made of a job. */
export interface DeviceBatch {
  figures: DeviceFigures;
  times: DeviceTimes;
  chunkRuns: number;
  redone: number;
}

export interface DeviceHooks extends ChunkHooks {
  /** Bands of a pilot, spread evenly over all runs. */
  onBands?: ((bands: Bands, done: number) => void) | undefined;
}

/** Most memory of exact bands on the device; more columns and runs are counted in bins. */
const MAX_EXACT_BYTES = 2 ** 31;
/** Most runs that are done again at once. */
const REDO_AT_ONCE = 256;
/** More flagged runs than this share are no exception: the engine of 64 bits is the right one for the whole job. */
const MAX_FLAGGED_SHARE = 0.1;
const FLOAT_BYTES = 4;

/** Too many runs need 64 bits. */
export class TooManyFlagged extends Error {}

/**
 * Runs a job on the device. The same job gives the same figures on the same device.
 * @throws TooManyFlagged when the job belongs to the engine of the CPU; what `Submitter.run` throws; AbortError.
 */
export async function runOnDevice(
  gpu: Gpu,
  prepared: Engine,
  job: BatchJob,
  hooks: DeviceHooks = {},
  maxExactBytes = MAX_EXACT_BYTES,
): Promise<DeviceBatch> {
  const began = performance.now();
  const times: DeviceTimes = { kernelMs: 0, quantilesMs: 0, transferMs: 0, redoneMs: 0, totalMs: 0 };
  const engine = engineUnder(prepared, sharedScenario(job).rules);
  const run = openDeviceRun(gpu, engine, job);
  const { columns } = run;
  const exactBytes = columns * job.runs * FLOAT_BYTES;
  const isExact = exactBytes <= Math.min(maxExactBytes, gpu.maxBindingBytes);
  const store = columns === 0 ? "none" : isExact ? "exact" : "histogram";
  let bands: ColumnBands | undefined;
  let redone: Redone;
  if (store === "histogram") {
    await pilot(gpu, run, job, hooks, times);
    const all = { list: Uint32Array.from({ length: job.runs }, (_, i) => i) };
    times.kernelMs += await run.run(all, { store, stride: 0 }, hooks);
    redone = await redoFlagged(gpu, engine, job, run, store, times);
    bands = await binnedBands(gpu, columns);
  } else {
    gpu.memory.storage("columns", exactBytes);
    times.kernelMs += await run.run({ first: 0, count: job.runs }, { store, stride: job.runs }, hooks);
    redone = await redoFlagged(gpu, engine, job, run, store, times);
    if (store === "exact") bands = await exactBands(gpu, columns, job.runs, job.runs);
  }
  times.quantilesMs += bands?.elapsedMs ?? 0;
  const read = performance.now();
  const figures = await figuresOf(engine, job, run, redone, bands && shownBands(engine, job, run, bands, store));
  times.transferMs = performance.now() - read;
  times.totalMs = performance.now() - began;
  return { figures, times, chunkRuns: run.chunkRuns, redone: redone.runs.length };
}

/** Some runs spread over all of them: where quantiles are about, and the first bands. */
async function pilot(gpu: Gpu, run: DeviceRun, job: BatchJob, hooks: DeviceHooks, times: DeviceTimes): Promise<void> {
  const { columns } = run;
  const order = runOrder(job.runs);
  const list = Uint32Array.from({ length: Math.min(PILOT_RUNS, job.runs) }, (_, place) => order(place));
  gpu.memory.storage("columns", columns * list.length * FLOAT_BYTES);
  gpu.memory.storage("bins", binBytes(columns));
  gpu.memory.storage("segments", segmentBytes(columns));
  times.kernelMs += await run.run({ list }, { store: "exact", stride: list.length }, { signal: hooks.signal });
  if (hooks.onBands !== undefined) {
    const early = await exactBands(gpu, columns, list.length, list.length);
    times.quantilesMs += early.elapsedMs;
    hooks.onBands(
      { values: early.values, means: early.means, method: "exact", errors: worstOf(job, run, early) },
      list.length,
    );
  }
  await openBins(gpu, columns, list.length);
  await run.takeFlagged();
}

interface Redone {
  runs: Uint32Array;
  points: Float64Array;
  notNumbers: Int32Array;
}

/** Does flagged runs again in 64 bits and puts their values in place of those of the device. */
async function redoFlagged(
  gpu: Gpu,
  engine: Engine,
  job: BatchJob,
  run: DeviceRun,
  store: "exact" | "histogram" | "none",
  times: DeviceTimes,
): Promise<Redone> {
  const { outputs } = run.shape;
  const flagged = await run.takeFlagged();
  if (flagged.count > MAX_FLAGGED || flagged.count > Math.max(REDO_AT_ONCE, MAX_FLAGGED_SHARE * job.runs)) {
    throw new TooManyFlagged(`${flagged.count} of ${job.runs} runs need 64 bits`);
  }
  const began = performance.now();
  const runs = flagged.runs.sort();
  const perDay = outputs.length * job.pointDays.length;
  const redone: Redone = {
    runs,
    points: new Float64Array(perDay * runs.length),
    notNumbers: new Int32Array(outputs.length),
  };
  if (store === "histogram" && runs.length > 0) {
    await run.run({ list: runs.slice() }, { store, stride: 0, weight: UNCOUNT });
    await run.takeFlagged();
  }
  for (let from = 0; from < runs.length; from += REDO_AT_ONCE) {
    const some = runs.slice(from, from + REDO_AT_ONCE);
    const again = redoRuns(engine, job, outputs, some);
    if (store !== "none") await scatter(gpu, store, again.columns, some, job.runs);
    for (let row = 0; row < perDay; row++) {
      redone.points.set(again.points.subarray(row * some.length, (row + 1) * some.length), row * runs.length + from);
    }
    for (const [output, missing] of again.notNumbers.entries()) redone.notNumbers[output]! += missing;
  }
  times.redoneMs += performance.now() - began;
  return redone;
}

async function figuresOf(
  engine: Engine,
  job: BatchJob,
  run: DeviceRun,
  redone: Redone,
  bands: Bands | undefined,
): Promise<DeviceFigures> {
  const { outputs } = run.shape;
  const days = job.pointDays.length;
  const points = new Float64Array(job.outputs.length * days * job.runs);
  const fixed = fixedSeries(engine, job);
  const onDevice = days === 0 ? new Float32Array(0) : await run.points();
  const notNumbers = new Int32Array(job.outputs.length);
  for (const [output, name] of job.outputs.entries()) {
    const place = outputs.indexOf(name);
    notNumbers[output] = place < 0 ? 0 : redone.notNumbers[place]!;
    for (let d = 0; d < days; d++) {
      const row = points.subarray((output * days + d) * job.runs, (output * days + d + 1) * job.runs);
      const day = job.pointDays[d]!;
      if (place < 0) row.fill(fixed.get(name)![day] ?? Number.NaN);
      else if (!hasDay(engine, job, name, day)) row.fill(Number.NaN);
      else {
        row.set(onDevice.subarray((place * days + d) * job.runs, (place * days + d + 1) * job.runs));
        for (const [i, at] of redone.runs.entries())
          row[at] = redone.points[(place * days + d) * redone.runs.length + i]!;
      }
    }
  }
  const kept =
    job.keptRuns.length === 0 ? new Float64Array(0) : redoRuns(engine, job, job.outputs, job.keptRuns).series;
  return { done: job.runs, bands, points, kept, notNumbers };
}

/** Bands of all outputs of the job: those of the device, and those that no run changes. */
function shownBands(
  engine: Engine,
  job: BatchJob,
  run: DeviceRun,
  bands: ColumnBands,
  store: "exact" | "histogram" | "none",
): Bands {
  const sampled = job.sampledDays.length;
  const shares = BAND_SHARES.length;
  const values = new Float64Array(job.outputs.length * sampled * shares);
  const means = new Float64Array(job.outputs.length * sampled).fill(Number.NaN);
  const fixed = fixedSeries(engine, job);
  for (const [output, name] of job.outputs.entries()) {
    const place = run.shape.outputs.indexOf(name);
    for (let s = 0; s < sampled; s++) {
      const day = job.sampledDays[s]!;
      const to = (output * sampled + s) * shares;
      const from = (place * sampled + s) * shares;
      if (place < 0) {
        means[output * sampled + s] = fixed.get(name)![day] ?? Number.NaN;
        values.fill(means[output * sampled + s]!, to, to + shares);
      } else if (hasDay(engine, job, name, day)) {
        means[output * sampled + s] = bands.means[place * sampled + s]!;
        values.set(bands.values.subarray(from, from + shares), to);
      } else values.fill(Number.NaN, to, to + shares);
    }
  }
  const worst = worstOf(job, run, bands);
  return { values, means, method: store === "histogram" ? "histogram" : "exact", errors: worst };
}

/** The worst bound of each output of the job. */
function worstOf(job: BatchJob, run: DeviceRun, { errors }: ColumnBands): Float64Array {
  const sampled = job.sampledDays.length;
  return Float64Array.from(job.outputs, (name) => {
    const place = run.shape.outputs.indexOf(name);
    if (place < 0) return 0;
    return errors.subarray(place * sampled, (place + 1) * sampled).reduce((most, error) => Math.max(most, error), 0);
  });
}

/** Whether a series has a forecast day: those of a year end a year before the forecast. */
function hasDay({ historyDays }: Engine, { forecastDays }: BatchJob, name: OutputName, day: number): boolean {
  return OUTPUTS[name].extent !== "years" || day < yearEntries(historyDays + forecastDays) - historyDays;
}

/** The outputs that no run changes, by forecast day. */
function fixedSeries(engine: Engine, job: BatchJob): Map<OutputName, Float64Array> {
  const names = fixedOutputs(job);
  if (names.length === 0) return new Map();
  const run = forecast(engine, sharedScenario(job), names);
  return new Map(names.map((name) => [name, run.series(name).slice(engine.historyDays)]));
}
