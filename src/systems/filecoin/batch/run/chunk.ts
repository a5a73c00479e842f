import type { Engine } from "../../model/engine";
import { forecast } from "../../model/forecast";
import { OUTPUTS } from "../../model/outputs";
import { type ScenarioPlan, scenarioMaker } from "../request/plan";
import { addBlock, type BandStore } from "./bandStore";
import type { BatchJob } from "./job";

/** What a chunk has of its job. */
type JobScope = Pick<BatchJob, "snapshotId" | "outputs" | "sampledDays" | "pointDays">;

/** Some runs of a job, for one Worker. What it writes to is shared memory, in which no other chunk has the same place. */
export interface ChunkInput extends JobScope {
  plan: ScenarioPlan;
  /** The numbers of the runs, as the plan takes them. */
  planRuns: Int32Array;
  /** Their numbers in the job. */
  runs: Int32Array;
  /** The place of the first of them in the store. */
  firstPlace: number;
  /** For each run its place among the kept ones, or -1. */
  keptPlaces: Int32Array;
  into: FiguresRoom;
}

/** The figures while they come about: memory that all Workers write to. */
export interface FiguresRoom {
  store: BandStore | undefined;
  /** As in `BatchFigures`. */
  points: Float64Array;
  kept: Float64Array;
  notNumbers: Int32Array;
}

/** Runs a chunk. False where the engine is not on the snapshot that the job was made for: nothing is written then. */
export function runChunk(engine: Engine, input: ChunkInput): boolean {
  if (engine.snapshotId !== input.snapshotId) return false;
  const { outputs, sampledDays, runs, into } = input;
  const sampled = new Float64Array(sampledDays.length);
  const block = new Float32Array(into.store === undefined ? 0 : runs.length * outputs.length * sampledDays.length);
  const scenarioOf = scenarioMaker(input.plan);
  for (let i = 0; i < runs.length; i++) {
    const run = forecast(engine, scenarioOf(input.planRuns[i]!), outputs);
    for (const [output, name] of outputs.entries()) {
      const firstDay = OUTPUTS[name].extent === "forecast" ? 0 : engine.historyDays;
      const series = run.series(name).subarray(firstDay);
      const missing = sample(series, sampledDays, sampled);
      if (missing > 0) Atomics.add(into.notNumbers, output, missing);
      keepSampled(input, i, output, sampled, block);
      keepPoints(input, i, output, series);
    }
  }
  if (into.store !== undefined) addBlock(into.store, block, runs.length, input.firstPlace);
  return true;
}

/** Takes the values on some days and gives how many are no numbers; a day that the series lacks is none of these. */
function sample(series: Float64Array, days: Int32Array, sampled: Float64Array): number {
  let missing = 0;
  for (let d = 0; d < days.length; d++) {
    const day = days[d]!;
    const value = day < series.length ? series[day]! : Number.NaN;
    if (day < series.length && !Number.isFinite(value)) missing++;
    sampled[d] = value;
  }
  return missing;
}

function keepSampled(input: ChunkInput, i: number, output: number, sampled: Float64Array, block: Float32Array): void {
  const { into, runs, outputs } = input;
  if (into.store !== undefined) {
    let at = output * sampled.length * runs.length + i;
    for (let d = 0; d < sampled.length; d++, at += runs.length) block[at] = sampled[d]!;
  }
  const place = input.keptPlaces[i]!;
  if (place >= 0) into.kept.set(sampled, (place * outputs.length + output) * sampled.length);
}

function keepPoints(input: ChunkInput, i: number, output: number, series: Float64Array): void {
  const { pointDays, outputs, into } = input;
  const { points } = into;
  const runs = points.length / (outputs.length * pointDays.length);
  for (let d = 0; d < pointDays.length; d++) {
    const day = pointDays[d]!;
    const at = (output * pointDays.length + d) * runs + input.runs[i]!;
    points[at] = day < series.length ? series[day]! : Number.NaN;
  }
}
