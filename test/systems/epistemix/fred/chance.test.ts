import { describe, expect, test } from "bun:test";
import {
  drawBinomial,
  drawExponential,
  drawGamma,
  drawGeometric,
  drawLognormal,
  drawNormal,
  drawPoisson,
  type Uniform,
} from "../../../../src/systems/epistemix/fred/chance/distributions";
import { createChance } from "../../../../src/systems/epistemix/fred/chance/streams";
import { threefry } from "../../../../src/systems/epistemix/fred/chance/threefry";

describe("Threefry-2x32 with 13 rounds", () => {
  // The known answers that its authors publish with Random123.
  test.each([
    [[0, 0, 0, 0], "9d1c5ec6 8bd50731"],
    [[-1, -1, -1, -1], "fd36d048 2d17272c"],
    [[0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3], "ba3e4725 f27d669e"],
  ])("of %p", (words, expected) => {
    const block = { low: 0, high: 0 };
    threefry(words[0]!, words[1]!, words[2]!, words[3]!, block);
    expect([block.low, block.high].map((word) => (word >>> 0).toString(16)).join(" ")).toBe(expected);
  });
});

describe("streams", () => {
  const first = (seed: bigint, purpose: number, agent: number, hour: number, skip = 0) => {
    const chance = createChance(seed);
    chance.open(purpose, agent, hour, skip);
    return chance.next();
  };

  test("differ by seed, purpose, agent and hour, the seed by all of its 64 bits", () => {
    const values = [first(0n, 0, 0, 0), first(1n, 0, 0, 0), first(1n << 63n, 0, 0, 0), first(0n, 1, 0, 0)];
    values.push(first(0n, 0, 1, 0), first(0n, 0, 0, 1), first(0n, 0, 0, 0, 1));
    expect(new Set(values).size).toBe(values.length);
  });

  test("are the same whatever was drawn before", () => {
    const chance = createChance(9n);
    chance.open(4, 7, 100);
    const [a, b] = [chance.next(), chance.next()];
    chance.open(5, 7, 100);
    chance.next();
    chance.open(4, 7, 100, 1);
    expect(chance.next()).toBe(b);
    expect(a).not.toBe(b);
  });
});

describe("draws have the mean and the spread of their distribution", () => {
  const chance = createChance(20n);
  chance.open(0, 0, 0);
  const euler = Math.exp(Math.log(1.5) ** 2 / 2);
  test.each<[string, (uniform: Uniform) => number, number, number]>([
    ["normal", (u) => drawNormal(u, 3, 2), 3, 4],
    ["lognormal", (u) => drawLognormal(u, 5, 1.5), 5 * euler, 25 * euler ** 2 * (euler ** 2 - 1)],
    ["exponential", (u) => drawExponential(u, 4), 4, 16],
    ["geometric", (u) => drawGeometric(u, 0.25), 4, 12],
    ["gamma", (u) => drawGamma(u, 3, 2), 6, 12],
    ["gamma below one", (u) => drawGamma(u, 0.5, 2), 1, 2],
    ["poisson of few", (u) => drawPoisson(u, 0.4), 0.4, 0.4],
    ["poisson of many", (u) => drawPoisson(u, 500), 500, 500],
    ["binomial of few", (u) => drawBinomial(u, 10, 0.3), 3, 2.1],
    ["binomial of many", (u) => drawBinomial(u, 1000, 0.2), 200, 160],
  ])("%s", (_, draw, mean, variance) => {
    const count = 40_000;
    const values = Array.from({ length: count }, () => draw(chance));
    const average = values.reduce((sum, value) => sum + value, 0) / count;
    const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / count;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance / count));
    expect(Math.abs(spread / variance - 1)).toBeLessThan(0.08);
  });
});
