import { quantileOfSorted } from "../../../../numeric/quantiles";
import type { WorkContext } from "../../../../platform/compute/work";
import { seededRandom } from "../../../../platform/random";
import { jsonBytes, tellProgress } from "../../../../platform/simulations";
import type { SeirRequest } from "./handler";
import { type Curves, contactFactor, simulateSeir } from "./model";

export interface SeirInput {
  parameters: SeirRequest;
  seed: number;
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
const CURVES = ["susceptible", "exposed", "infectious", "recovered", "incidence"] as const;

/** Runs in a thread. Equal parameters and seeds give equal output. */
export function runSeir({ parameters, seed }: SeirInput, context: WorkContext): Uint8Array {
  const startedAt = performance.now();
  const random = seededRandom(seed);
  const runs: Curves[] = [];
  for (let i = 1; i <= parameters.replicates; i++) {
    runs.push(simulateSeir(parameters, random));
    tellProgress(context, i / (parameters.replicates + 1), `${i} of ${parameters.replicates} replicates`);
  }
  const days = Array.from({ length: parameters.days + 1 }, (_, day) => day);
  const curves = Object.fromEntries(CURVES.map((name) => [name, bandsOf(runs.map((run) => run[name]))]));
  const peaks = runs.map(({ infectious }) => peakOf(infectious));
  const medianSusceptible = (curves["susceptible"] as Bands).p50;
  return jsonBytes({
    input_parameters: parameters,
    days,
    curves,
    rt: days.map((day) => effectiveReproduction(parameters, medianSusceptible[day]!, day)),
    peak_day: rangeOf(peaks.map(({ day }) => day)),
    peak_infectious: rangeOf(peaks.map(({ size }) => size)),
    attack_rate: rangeOf(runs.map((run) => attackRate(parameters, run))),
    r0: parameters.beta / parameters.gamma,
    statistics: { replicates: parameters.replicates, seed },
    metrics: { processing_time_seconds: (performance.now() - startedAt) / 1000 },
  });
}

type Bands = Record<`p${5 | 25 | 50 | 75 | 95}`, number[]>;

/** Quantiles over the replicates on each day. */
function bandsOf(curves: readonly Float64Array[]): Bands {
  const length = curves[0]!.length;
  const bands: Bands = { p5: [], p25: [], p50: [], p75: [], p95: [] };
  const column = new Float64Array(curves.length);
  for (let day = 0; day < length; day++) {
    for (let i = 0; i < curves.length; i++) column[i] = curves[i]![day]!;
    const range = rangeOf(column);
    for (const name of Object.keys(bands) as (keyof Bands)[]) bands[name].push(range[name]);
  }
  return bands;
}

function rangeOf(values: ArrayLike<number>): Record<keyof Bands, number> {
  const sorted = Float64Array.from(values).sort();
  const [p5, p25, p50, p75, p95] = SHARES.map((share) => quantileOfSorted(sorted, sorted.length, share));
  return { p5: p5!, p25: p25!, p50: p50!, p75: p75!, p95: p95! };
}

function peakOf(infectious: Float64Array): { day: number; size: number } {
  let day = 0;
  for (let i = 1; i < infectious.length; i++) if (infectious[i]! > infectious[day]!) day = i;
  return { day, size: infectious[day]! };
}

/** The share of the population that was infected, the first ones included. */
function attackRate({ population, initial_exposed, initial_infectious }: SeirRequest, { incidence }: Curves): number {
  const infected = incidence.reduce((sum, cases) => sum + cases, initial_exposed + initial_infectious);
  return infected / population;
}

function effectiveReproduction(given: SeirRequest, susceptible: number, day: number): number {
  const contacts = contactFactor(given.contact_schedule, day);
  return ((given.beta * contacts) / given.gamma) * (susceptible / given.population);
}
