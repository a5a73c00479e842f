import {
  drawBinomial,
  drawExponential,
  drawGamma,
  drawGeometric,
  drawLognormal,
  drawNormal,
  drawPoisson,
  type Uniform,
} from "../../chance/distributions";
import { RunError } from "../../engine/errors";
import { type FunctionEntry, ofNumbers } from "./entry";

interface Distribution {
  arguments: number;
  draw: (chance: Uniform, a: number, b: number) => number;
  /** What its arguments must be, in words, and whether they are. */
  asks: string;
  holds: (a: number, b: number) => boolean;
}

const probability = (p: number) => p >= 0 && p <= 1;

const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  uniform: {
    arguments: 2,
    draw: (chance, a, b) => a + (b - a) * chance.next(),
    asks: "two ends",
    holds: (a, b) => Number.isFinite(b - a),
  },
  normal: {
    arguments: 2,
    draw: drawNormal,
    asks: "a mean and a deviation from 0",
    holds: (_, b) => b >= 0,
  },
  lognormal: {
    arguments: 2,
    draw: drawLognormal,
    asks: "a median above 0 and a dispersion from 1",
    holds: (a, b) => a > 0 && b >= 1,
  },
  gamma: {
    arguments: 2,
    draw: drawGamma,
    asks: "a shape and a scale above 0",
    holds: (a, b) => a > 0 && b > 0,
  },
  exponential: { arguments: 1, draw: drawExponential, asks: "a mean above 0", holds: (a) => a > 0 },
  geometric: { arguments: 1, draw: drawGeometric, asks: "a probability above 0", holds: (p) => p > 0 && p <= 1 },
  poisson: { arguments: 1, draw: drawPoisson, asks: "a mean from 0 to 1e9", holds: (a) => a >= 0 && a <= 1e9 },
  binomial: {
    arguments: 2,
    draw: drawBinomial,
    asks: "a number of trials from 0 to 1e9 and a probability",
    holds: (n, p) => Number.isInteger(n) && n >= 0 && n <= 1e9 && probability(p),
  },
  bernoulli: {
    arguments: 1,
    draw: (chance, p) => (chance.next() < p ? 1 : 0),
    asks: "a probability",
    holds: probability,
  },
};

const drawn = ([name, { arguments: count, draw, asks, holds }]: [string, Distribution]): [string, FunctionEntry] => [
  name,
  ofNumbers([count, count], ([first, second], { world: { chance } }) => (agent) => {
    const a = first!(agent);
    const b = second === undefined ? 0 : second(agent);
    if (!holds(a, b)) throw new RunError(`${name} asks for ${asks}, not ${count === 1 ? a : `${a} and ${b}`}`);
    return draw(chance, a, b);
  }),
];

export const distributions: Readonly<Record<string, FunctionEntry>> = Object.fromEntries(
  Object.entries(DISTRIBUTIONS).map(drawn),
);
