import type { WorkContext } from "../../../../platform/compute/work";
import { type Random, seededRandom } from "../../../../platform/random";
import { jsonBytes, tellProgress } from "../../../../platform/simulations";
import { draw } from "./distributions";
import { lookPoints, noteConvergence, RunningMean, spreadOf } from "./estimate";
import { parseExpression } from "./expression";
import type { MonteCarloParameters } from "./handler";

export interface MonteCarloInput {
  parameters: MonteCarloParameters;
  seed: number;
}

const TOLD_PARTS = 100;

/** Runs in a thread. The output depends on parameters and seed alone. */
export function runMonteCarlo({ parameters, seed }: MonteCarloInput, context: WorkContext): Uint8Array {
  const startedAt = performance.now();
  const { iterations, config } = parameters;
  const random = seededRandom(seed);
  const value = config === undefined ? () => 4 * dart(random) : expressionOf(config, random);
  const hasSpread = config !== undefined;
  const values = new Float64Array(hasSpread ? iterations : 0);
  const mean = new RunningMean();
  const convergence = { iterations: [], estimates: [], low: [], high: [] };
  const looks = lookPoints(iterations);
  const toldEvery = Math.ceil(iterations / TOLD_PARTS);
  let look = 0;
  for (let i = 0; i < iterations; i++) {
    const drawn = value();
    if (!Number.isFinite(drawn)) throw new Error(`draw ${i + 1} gave ${drawn}; the expression must give numbers`);
    mean.add(drawn);
    if (hasSpread) values[i] = drawn;
    if (mean.count === looks[look]) {
      noteConvergence(convergence, mean);
      look += 1;
    }
    if (mean.count % toldEvery === 0) tellProgress(context, mean.count / iterations);
  }
  const spread = hasSpread ? spreadOf(values) : {};
  return jsonBytes({
    input_parameters: parameters,
    output: {
      estimate: mean.mean,
      std_error: mean.standardError,
      std_dev: mean.sd,
      ci95: mean.interval,
      ...spread,
      convergence,
    },
    statistics: { iterations, seed },
    metrics: { processing_time_seconds: (performance.now() - startedAt) / 1000 },
  });
}

/** 1 for a point of the unit square within the quarter circle, else 0: the mean is a quarter of pi. */
function dart(random: Random): number {
  const [x, y] = [random.next(), random.next()];
  return x * x + y * y < 1 ? 1 : 0;
}

function expressionOf({ variables, expression }: NonNullable<MonteCarloParameters["config"]>, random: Random) {
  const names = Object.keys(variables);
  const distributions = Object.values(variables);
  const evaluate = parseExpression(expression, names);
  const drawn = new Float64Array(names.length);
  return () => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = draw(distributions[i]!, random);
    return evaluate(drawn);
  };
}
