import { latinHypercube } from "../../../../numeric/latinHypercube";
import { saltelliDesign, saltelliRows } from "../../../../numeric/sobolIndices";
import { sobolSequence } from "../../../../numeric/sobolSequence";
import { seededRandom } from "../../../../platform/random";
import type { InputName } from "../schema/variation";
import { wholeDays } from "./inputs";

export interface Range {
  low: number;
  high: number;
}

/** Which points of the inputs are run, one row for each run. */
export type Design =
  /** Every combination, the last input fastest. */
  | { kind: "grid"; values: readonly (readonly number[])[] }
  | { kind: "latin_hypercube"; ranges: readonly Range[]; runs: number; seed: number }
  /** Saltelli's design, then the rows of `oneAtATime`. */
  | { kind: "saltelli"; ranges: readonly Range[]; centre: readonly number[]; samples: number; seed: number };

export function designRows(design: Design): number {
  switch (design.kind) {
    case "grid":
      return design.values.reduce((product, values) => product * values.length, 1);
    case "latin_hypercube":
      return design.runs;
    case "saltelli":
      return saltelliRows(design.samples, design.ranges.length) + oneAtATimeRows(design.ranges.length);
  }
}

/** The rows in which all inputs are at their centre, and then each in turn at its low and at its high end. */
export function oneAtATimeRows(inputs: number): number {
  return 1 + 2 * inputs;
}

/** What one piece of work lays out. */
export interface DesignInput {
  design: Design;
  inputs: readonly InputName[];
  points: Float64Array;
}

/** Writes the points row by row, as they will be run: the life of a sector in whole days. */
export function fillDesign(design: Design, inputs: readonly InputName[], points: Float64Array): void {
  layOut(design, points);
  const life = inputs.indexOf("sector_duration_days");
  if (life < 0) return;
  for (let i = life; i < points.length; i += inputs.length) points[i] = wholeDays(points[i]!);
}

function layOut(design: Design, points: Float64Array): void {
  if (design.kind === "grid") fillGrid(design.values, points);
  else if (design.kind === "saltelli") fillSaltelli(design, points);
  else {
    latinHypercube(design.runs, design.ranges.length, seededRandom(design.seed), points);
    stretch(points, design.ranges);
  }
}

function fillGrid(values: readonly (readonly number[])[], points: Float64Array): void {
  const inputs = values.length;
  let repeats = 1;
  for (let input = inputs - 1; input >= 0; input--) {
    const own = values[input]!;
    for (let row = 0; row * inputs < points.length; row++) {
      points[row * inputs + input] = own[Math.floor(row / repeats) % own.length]!;
    }
    repeats *= own.length;
  }
}

function fillSaltelli({ ranges, centre, samples, seed }: Design & { kind: "saltelli" }, points: Float64Array): void {
  const inputs = ranges.length;
  const random = seededRandom(seed);
  const shifts = Uint32Array.from({ length: 2 * inputs }, () => random.below(2 ** 32));
  const cube = new Float64Array(samples * 2 * inputs);
  sobolSequence(samples, 2 * inputs, shifts, cube);
  const designed = points.subarray(0, saltelliRows(samples, inputs) * inputs);
  saltelliDesign(cube, samples, inputs, designed);
  stretch(designed, ranges);
  for (let row = 0; row < oneAtATimeRows(inputs); row++) {
    const at = designed.length + row * inputs;
    points.set(centre, at);
    const input = Math.floor((row - 1) / 2);
    if (row > 0) points[at + input] = row % 2 === 1 ? ranges[input]!.low : ranges[input]!.high;
  }
}

function stretch(points: Float64Array, ranges: readonly Range[]): void {
  for (let i = 0; i < points.length; i++) {
    const { low, high } = ranges[i % ranges.length]!;
    points[i] = low + (high - low) * points[i]!;
  }
}
