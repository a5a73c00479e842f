import type { Gpu } from "../../../../gpu/gpu";
import { type ArithmeticTest, MAX_FENCED_ERROR, MAX_FUNCTION_ERROR, testArithmetic } from "../../../../gpu/selfTest";
import { quantileOfSorted } from "../../../../numeric/quantiles";
import type { Engine } from "../../model/engine";
import { scenarioFrom } from "../../scenario";
import { USUAL_OUTPUTS } from "../request/order";
import { fitRates, weeksOf } from "../request/rateProcess";
import { BAND_SHARES } from "../run/figures";
import type { BatchJob } from "../run/job";
import { runOnDevice } from "./deviceBatch";
import { redoRuns } from "./redo";

/** What a device did when it was tried, and how fast it is. */
export interface DeviceTrial {
  arithmetic: ArithmeticTest;
  /** Largest error of known runs, in shares of what is allowed; docs/gpu.md, "Exactness". */
  runsError: number;
  /** Largest error of a quantile beside that of the device's own values, relative. */
  quantileError: number;
  /** Why it is not to be used; absent where it passed. */
  fault?: string;
  /** Ten-year runs a second in a batch large enough, and milliseconds that a batch takes at least. */
  runsPerS: number;
  leastMs: number;
}

/** A value may be off by this share of itself and this share of its series' largest. */
export const [OWN_TOLERANCE, SERIES_TOLERANCE] = [1e-6, 3e-7];

const KNOWN_POINTS = Float64Array.of(3.4, 0.79, 0.86, 1.2, 0.5, 0.3, 5.5, 0.9, 0.95);
const KNOWN_RUNS = 3;
const SPEED_RUNS = 65_536;
/** A card at rest takes a while to come up to its clock. */
const WARM_UPS = 5;
const SMALL_RUNS = 1000;
const TRIED_DAYS = Int32Array.of(0, 1, 364, 541, 1825, 3285, 3649);
const MAX_QUANTILE_ERROR = 1e-6;

/** Tries a device on known work. @param measures whether its speed is wanted: a software adapter takes long */
export async function tryDevice(gpu: Gpu, engine: Engine, measures: boolean): Promise<DeviceTrial> {
  const arithmetic = await testArithmetic(gpu);
  const { runsError, quantileError } = await knownRuns(gpu, engine);
  const trial = { arithmetic, runsError, quantileError, runsPerS: 0, leastMs: 0 };
  const fault = faultOf(trial);
  if (fault !== undefined) return { ...trial, fault };
  return measures ? { ...trial, ...(await speedOf(gpu, engine)) } : trial;
}

function faultOf({ arithmetic, runsError, quantileError }: Omit<DeviceTrial, "fault">): string | undefined {
  if (!(arithmetic.fenced <= MAX_FENCED_ERROR)) return "its sums of two floats lose digits";
  if (!(Math.max(arithmetic.exponential, arithmetic.logarithm) <= MAX_FUNCTION_ERROR))
    return "its functions are not exact";
  if (!(runsError <= 1)) return `known runs are off by ${runsError.toFixed(1)} times what is allowed`;
  if (!(quantileError <= MAX_QUANTILE_ERROR)) return "a known quantile is wrong";
  return undefined;
}

async function knownRuns(gpu: Gpu, engine: Engine): Promise<{ runsError: number; quantileError: number }> {
  const job: BatchJob = {
    ...jobOf(engine, KNOWN_RUNS, TRIED_DAYS),
    plan: {
      kind: "points",
      base: scenarioFrom({}, engine.history.smoothed),
      inputs: ["rbp", "rr", "fpr"],
      points: KNOWN_POINTS,
    },
    pointDays: TRIED_DAYS,
  };
  const { figures } = await runOnDevice(gpu, engine, job);
  const exact = redoRuns(engine, job, job.outputs, [0, 1, 2]);
  let runsError = 0;
  let quantileError = 0;
  const days = TRIED_DAYS.length;
  for (let output = 0; output < job.outputs.length; output++) {
    const row = (day: number) => (output * days + day) * KNOWN_RUNS;
    const known = exact.points.subarray(row(0), row(days));
    const largest = known.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
    for (let day = 0; day < days; day++) {
      const got = figures.points.subarray(row(day), row(day + 1));
      for (const [run, value] of got.entries()) {
        const want = exact.points[row(day) + run]!;
        if (Object.is(value, want)) continue;
        runsError = worse(
          runsError,
          Math.abs(value - want) / (OWN_TOLERANCE * Math.abs(want) + SERIES_TOLERANCE * largest),
        );
      }
      const sorted = got.slice().sort();
      for (const [k, share] of BAND_SHARES.entries()) {
        const band = figures.bands!.values[(output * days + day) * BAND_SHARES.length + k]!;
        const want = quantileOfSorted(sorted, KNOWN_RUNS, share);
        if (!Object.is(band, want)) quantileError = worse(quantileError, Math.abs(band / want - 1));
      }
    }
  }
  return { runsError, quantileError };
}

/** The larger of two errors; what is no number is the worst. */
function worse(most: number, error: number): number {
  return error <= most ? most : Number.isNaN(error) ? Infinity : error;
}

async function speedOf(gpu: Gpu, engine: Engine): Promise<Pick<DeviceTrial, "runsPerS" | "leastMs">> {
  const fit = fitRates(engine.history, weeksOf(engine.history));
  const plan: BatchJob["plan"] = {
    kind: "chance",
    base: scenarioFrom({}, engine.history.smoothed),
    chance: {
      seed: 1,
      levels: [],
      levelMixing: new Float64Array(0),
      wandering: { method: "mean_reverting", fit, inputs: ["rbp", "rr", "fpr"], blockWeeks: 1 },
    },
  };
  const timed = async (runs: number) => {
    const job = { ...jobOf(engine, runs, TRIED_DAYS), plan };
    for (let i = 0; i < WARM_UPS; i++) await runOnDevice(gpu, engine, job);
    return (await runOnDevice(gpu, engine, job)).times;
  };
  const large = await timed(SPEED_RUNS);
  const small = await timed(SMALL_RUNS);
  return { runsPerS: Math.round((1000 * SPEED_RUNS) / large.kernelMs), leastMs: small.totalMs };
}

function jobOf(engine: Engine, runs: number, sampledDays: Int32Array): Omit<BatchJob, "plan"> {
  return {
    engine: "gpu",
    snapshotId: engine.snapshotId,
    runs,
    forecastDays: 3650,
    outputs: USUAL_OUTPUTS,
    sampledDays,
    wantsBands: true,
    pointDays: new Int32Array(0),
    keptRuns: new Int32Array(0),
  };
}
