import { z } from "zod";
import { type SimulationHandler, simulationHandler } from "../../../../platform/simulations";
import { seedOf } from "../seedOf";
import { distribution, isOrdered } from "./distributions";
import { ExpressionFault, parseExpression } from "./expression";

const MAX_ITERATIONS = 10_000_000;
const MAX_VARIABLES = 50;
const NAME = /^[A-Za-z_]\w{0,63}$/;

const config = z
  .strictObject({
    variables: z
      .record(
        z.string().regex(NAME, "a letter, then letters, digits and _"),
        distribution.refine(isOrdered, "expected low, mode and high in order"),
      )
      .refine((given) => Object.keys(given).length <= MAX_VARIABLES, `at most ${MAX_VARIABLES} variables`),
    expression: z.string().min(1).max(1000).describe("Arithmetic over the variables, such as price * volume - cost"),
  })
  .superRefine(({ variables, expression }, context) => {
    try {
      parseExpression(expression, Object.keys(variables));
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error;
      context.addIssue({ code: "custom", path: ["expression"], message: `Value error, ${error.message}` });
    }
  });

const parameters = z.looseObject({
  iterations: z.number().int().min(1).max(MAX_ITERATIONS).default(10_000).describe("Draws"),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe("Equal seeds give equal output"),
  config: config.optional().describe("What is drawn; without it pi is estimated by darts"),
});

export type MonteCarloParameters = z.output<typeof parameters>;

/** Sampling by chance; docs/jobs.md, "Types". */
export const monteCarlo: SimulationHandler = simulationHandler({
  type: "monte_carlo",
  title: "Monte Carlo estimate",
  summary:
    "Draws variables by chance and tells the mean and spread of an expression of them; without any, pi by darts.",
  parameters,
  example: {
    iterations: 100_000,
    seed: 7,
    config: {
      variables: {
        price: { distribution: "lognormal", mu: 1, sigma: 0.4 },
        volume: { distribution: "triangular", low: 80, mode: 100, high: 150 },
        cost: { distribution: "normal", mean: 220, sd: 30 },
      },
      expression: "price * volume - cost",
    },
  },
  run: async (given, context) =>
    context.calculate("jobs.monteCarlo", { parameters: given, seed: given.seed ?? seedOf(context.jobId) }),
});
