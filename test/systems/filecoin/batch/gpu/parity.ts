import type { Gpu } from "../../../../../src/gpu/gpu";
import { quantileOfSorted } from "../../../../../src/numeric/quantiles";
import { runOnDevice } from "../../../../../src/systems/filecoin/batch/gpu/deviceBatch";
import { redoRuns } from "../../../../../src/systems/filecoin/batch/gpu/redo";
import { OWN_TOLERANCE, SERIES_TOLERANCE } from "../../../../../src/systems/filecoin/batch/gpu/trial";
import { BAND_SHARES } from "../../../../../src/systems/filecoin/batch/run/figures";
import type { BatchJob } from "../../../../../src/systems/filecoin/batch/run/job";
import type { Engine } from "../../../../../src/systems/filecoin/model/engine";
import { OUTPUT_NAMES, type OutputName } from "../../../../../src/systems/filecoin/schema/series";
import type { EngineCase } from "./cases";

/** How far a device's runs of a case are from those in 64 bits. */
export interface Parity {
  name: string;
  runs: number;
  redone: number;
  /** Largest error in shares of what is allowed, and of which series. */
  worst: number;
  series: OutputName;
  milliseconds: number;
}

/** Days that every piece of the model passes: borders of lives, of the year, of the horizon. */
const DAYS = [0, 1, 2, 30, 100, 364, 365, 399, 539, 540, 541, 900, 1080, 1500, 2000, 2500, 3000, 3285, 3400, 3649];

/** Runs a case on the device and in 64 bits: all series, on days of every kind. */
export async function parityOf(gpu: Gpu, engine: Engine, given: EngineCase): Promise<Parity> {
  const days = Int32Array.from(DAYS.filter((day) => day < given.forecastDays));
  const job = parityJob(engine, given, days, []);
  const began = performance.now();
  const { figures, redone } = await runOnDevice(gpu, engine, job);
  const milliseconds = Math.round(performance.now() - began);
  const numbers = Array.from({ length: given.runs }, (_, run) => run);
  const exact = redoRuns(engine, job, job.outputs, numbers).points;
  let worst = 0;
  let series: OutputName = job.outputs[0]!;
  for (const [output, name] of job.outputs.entries()) {
    for (let run = 0; run < given.runs; run++) {
      const error = worstOf(figures.points, exact, output * days.length * given.runs + run, days.length, given.runs);
      if (error <= worst) continue;
      worst = error;
      series = name;
    }
  }
  worst /= given.tolerance ?? 1;
  return { name: given.name, runs: given.runs, redone, worst, series, milliseconds };
}

/** The largest error of a run's series, beside the series' own size. What is no number counts as the worst. */
function worstOf(got: Float64Array, want: Float64Array, first: number, days: number, stride: number): number {
  let largest = 0;
  for (let d = 0; d < days; d++) largest = Math.max(largest, Math.abs(want[first + d * stride]!) || 0);
  let worst = 0;
  for (let d = 0; d < days; d++) {
    const [value, expected] = [got[first + d * stride]!, want[first + d * stride]!];
    if (Object.is(value, expected)) continue;
    const error = Math.abs(value - expected) / (OWN_TOLERANCE * Math.abs(expected) + SERIES_TOLERANCE * largest);
    worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
  }
  return worst;
}

/** How far a device's quantiles and means are from those of 64 bits, in shares of what is allowed and the bound told. */
export async function bandParity(gpu: Gpu, engine: Engine, given: EngineCase, store: "exact" | "histogram") {
  const outputs: OutputName[] = ["circ_supply", "1y_sector_roi", "days"];
  const days = Int32Array.of(0, 200, 400, Math.min(given.forecastDays, 700) - 1);
  const job = { ...parityJob(engine, given, days, outputs), wantsBands: true, pointDays: new Int32Array(0) };
  const { figures } = await runOnDevice(gpu, engine, job, {}, store === "exact" ? undefined : 1);
  const { columns } = redoRuns(
    engine,
    job,
    outputs,
    Array.from({ length: given.runs }, (_, run) => run),
  );
  let worst = 0;
  let meanOff = 0;
  for (let column = 0; column < outputs.length * days.length; column++) {
    const sorted = columns
      .subarray(column * given.runs, (column + 1) * given.runs)
      .filter(Number.isFinite)
      .sort();
    const bound = figures.bands!.errors[Math.floor(column / days.length)]!;
    for (const [k, share] of BAND_SHARES.entries()) {
      const got = figures.bands!.values[column * BAND_SHARES.length + k]!;
      const want = sorted.length === 0 ? Number.NaN : quantileOfSorted(sorted, sorted.length, share);
      if (Object.is(got, want)) continue;
      const error = Math.abs(got - want) / (bound + (OWN_TOLERANCE + SERIES_TOLERANCE) * Math.abs(want));
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
    }
    meanOff = Math.max(meanOff, meanErrorOf(figures.bands!.means[column]!, sorted));
  }
  return { worst, meanOff, method: figures.bands!.method };
}

/** How far a mean is off beyond what 32 bits lose of it, as a share of the range of its values. */
function meanErrorOf(got: number, sorted: Float32Array): number {
  const want = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  if (Object.is(got, want)) return 0;
  const lost = (OWN_TOLERANCE + SERIES_TOLERANCE) * Math.abs(want);
  const beyond = Math.abs(got - want) - lost;
  if (beyond <= 0) return 0;
  const error = beyond / (sorted.at(-1)! - sorted[0]!);
  return Number.isNaN(error) ? Infinity : error;
}

function parityJob(engine: Engine, given: EngineCase, days: Int32Array, outputs: OutputName[]): BatchJob {
  return {
    engine: "gpu",
    snapshotId: engine.snapshotId,
    plan: given.plan,
    runs: given.runs,
    forecastDays: given.forecastDays,
    outputs: outputs.length === 0 ? OUTPUT_NAMES : outputs,
    sampledDays: days,
    wantsBands: false,
    pointDays: days,
    keptRuns: new Int32Array(0),
  };
}

const TWO_FLOAT_SUM = /fn add2\(a: vec2f, b: f32\) -> vec2f \{[^}]*\}/;

/** The same device with sums of one float: the table of cases must find it out. */
export function withPlainSums(gpu: Gpu): Gpu {
  const plain = "fn add2(a: vec2f, b: f32) -> vec2f { return vec2f(a.x + b, 0.0); }";
  const compiled: Gpu["pipelines"]["compiled"] = (text, name) =>
    gpu.pipelines.compiled(text.replace(TWO_FLOAT_SUM, plain), name);
  return { ...gpu, pipelines: { compiled } };
}
