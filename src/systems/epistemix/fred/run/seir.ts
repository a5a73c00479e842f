import { drawBinomial } from "../chance/distributions";
import { type Chance, PURPOSE } from "../chance/streams";

/** The built-in model: rates are a day's. */
export interface SeirRates {
  /** Contacts that would infect, of one infectious person. */
  beta: number;
  /** Of those exposed, who become infectious. */
  sigma: number;
  /** Of those infectious, who recover. */
  gamma: number;
  initialInfected: number;
  population: number;
}

/** People in each state after a day, and who entered each on that day. */
export interface SeirDay {
  counts: readonly [s: number, e: number, i: number, r: number];
  entries: readonly [s: number, e: number, i: number, r: number];
}

const STEPS_A_DAY = 24;

/**
 * A stochastic SEIR model in steps of an hour: in each, everybody leaves a state with the probability that its rate
 * gives to an hour, so that the numbers who do are binomial (docs/epidemics.md, "The built-in model").
 */
export function* seirDays(rates: SeirRates, days: number, chance: Chance): Generator<SeirDay> {
  const { population, beta, sigma, gamma } = rates;
  let i = Math.min(population, rates.initialInfected);
  let s = population - i;
  let e = 0;
  let r = 0;
  chance.open(PURPOSE.seir, 0, 0);
  const leaving = (people: number, rate: number) => drawBinomial(chance, people, -Math.expm1(-rate / STEPS_A_DAY));
  for (let day = 0; day < days; day++) {
    const entries: [number, number, number, number] = day === 0 ? [s, 0, i, 0] : [0, 0, 0, 0];
    for (let step = 0; step < STEPS_A_DAY; step++) {
      const exposed = leaving(s, population === 0 ? 0 : (beta * i) / population);
      const ill = leaving(e, sigma);
      const over = leaving(i, gamma);
      s -= exposed;
      e += exposed - ill;
      i += ill - over;
      r += over;
      entries[1] += exposed;
      entries[2] += ill;
      entries[3] += over;
    }
    yield { counts: [s, e, i, r], entries };
  }
}
