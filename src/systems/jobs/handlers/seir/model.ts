import { normalQuantile } from "../../../../numeric/normal";
import type { Random } from "../../../../platform/random";

/** A stretch of days on which contacts are scaled. */
export interface ContactPhase {
  from_day: number;
  factor: number;
}

export interface SeirParameters {
  population: number;
  beta: number;
  sigma: number;
  gamma: number;
  days: number;
  initial_exposed: number;
  initial_infectious: number;
  vaccination?: { start_day: number; per_day: number; efficacy: number } | undefined;
  contact_schedule: readonly ContactPhase[];
}

/** One replicate, a value for each day, day 0 included. */
export interface Curves {
  susceptible: Float64Array;
  exposed: Float64Array;
  infectious: Float64Array;
  recovered: Float64Array;
  incidence: Float64Array;
}

const STEPS_PER_DAY = 4;

/**
 * Stochastic SEIR by binomial transitions in steps of a quarter of a day: each person moves on with probability
 * 1 - exp(-rate * step). Source: L. Allen, "A primer on stochastic epidemic models", Infectious Disease Modelling 2,
 * 2017, section 3; the chain-binomial form.
 */
export function simulateSeir(given: SeirParameters, random: Random): Curves {
  const curves = emptyCurves(given.days + 1);
  let [exposed, infectious, recovered] = [given.initial_exposed, given.initial_infectious, 0];
  let susceptible = Math.max(0, given.population - exposed - infectious);
  const share = (rate: number) => 1 - Math.exp(-rate / STEPS_PER_DAY);
  const [becomesInfectious, recovers] = [share(given.sigma), share(given.gamma)];
  for (let day = 0; day <= given.days; day++) {
    let infected = 0;
    const beta = given.beta * contactFactor(given.contact_schedule, day);
    for (let step = 0; day > 0 && step < STEPS_PER_DAY; step++) {
      const caught = binomial(susceptible, share((beta * infectious) / given.population), random);
      const ill = binomial(exposed, becomesInfectious, random);
      const well = binomial(infectious, recovers, random);
      susceptible -= caught;
      exposed += caught - ill;
      infectious += ill - well;
      recovered += well;
      infected += caught;
    }
    const immunised = Math.min(susceptible, vaccinatedOn(given, day));
    susceptible -= immunised;
    recovered += immunised;
    curves.susceptible[day] = susceptible;
    curves.exposed[day] = exposed;
    curves.infectious[day] = infectious;
    curves.recovered[day] = recovered;
    curves.incidence[day] = infected;
  }
  return curves;
}

function emptyCurves(days: number): Curves {
  const curve = () => new Float64Array(days);
  return { susceptible: curve(), exposed: curve(), infectious: curve(), recovered: curve(), incidence: curve() };
}

/** The factor of the last phase that has begun. */
export function contactFactor(schedule: readonly ContactPhase[], day: number): number {
  let factor = 1;
  let since = Number.NEGATIVE_INFINITY;
  for (const phase of schedule) {
    if (phase.from_day > day || phase.from_day < since) continue;
    factor = phase.factor;
    since = phase.from_day;
  }
  return factor;
}

function vaccinatedOn({ vaccination }: SeirParameters, day: number): number {
  if (vaccination === undefined || day < Math.max(1, vaccination.start_day)) return 0;
  return Math.round(vaccination.per_day * vaccination.efficacy);
}

const EXACT_TRIALS = 64;
const LEAST_NORMAL_VARIANCE = 25;

/**
 * A binomial draw: by single trials where there are few, by inversion where few succeed or fail, else by the normal
 * approximation with continuity, which is within a thousandth of a standard deviation there.
 */
export function binomial(trials: number, share: number, random: Random): number {
  if (trials <= 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - binomial(trials, 1 - share, random);
  if (trials <= EXACT_TRIALS) {
    let successes = 0;
    for (let i = 0; i < trials; i++) if (random.next() < share) successes += 1;
    return successes;
  }
  const mean = trials * share;
  const variance = mean * (1 - share);
  if (variance < LEAST_NORMAL_VARIANCE) return byInversion(trials, share, random);
  const z = normalQuantile((random.next() * (2 ** 53 - 2) + 1) / 2 ** 53);
  return Math.min(trials, Math.max(0, Math.round(mean + Math.sqrt(variance) * z)));
}

/** Adds up the probabilities of 0, 1, 2, ... successes until they pass a share drawn by chance. */
function byInversion(trials: number, share: number, random: Random): number {
  const odds = share / (1 - share);
  let probability = Math.exp(trials * Math.log1p(-share));
  let sum = probability;
  const drawn = random.next();
  let successes = 0;
  while (drawn > sum && successes < trials) {
    successes += 1;
    probability *= (odds * (trials - successes + 1)) / successes;
    sum += probability;
    if (probability === 0) break;
  }
  return successes;
}
