import { z } from "zod";
import { type SimulationHandler, simulationHandler } from "../../../../platform/simulations";
import { seedOf } from "../seedOf";

const MAX_POPULATION = 1_000_000_000;
const MAX_DAYS = 3650;
const MAX_REPLICATES = 10_000;
/** Days times replicates: about half a minute of one core. */
const MAX_STEPS = 5_000_000;
const MAX_PHASES = 100;

const rate = z.number().positive().max(100);
const day = z.number().int().min(0).max(MAX_DAYS);

const parameters = z
  .looseObject({
    population: z.number().int().min(1).max(MAX_POPULATION).default(10_000).describe("People"),
    beta: rate.default(0.3).describe("Contacts that infect, per day"),
    sigma: rate.default(0.2).describe("1 / days from infection to infectiousness"),
    gamma: rate.default(0.1).describe("1 / days of infectiousness"),
    days: z.number().int().min(1).max(MAX_DAYS).default(180),
    replicates: z.number().int().min(1).max(MAX_REPLICATES).default(100),
    initial_exposed: z.number().int().min(0).max(MAX_POPULATION).default(0).describe("People"),
    initial_infectious: z.number().int().min(0).max(MAX_POPULATION).default(10).describe("People"),
    vaccination: z
      .strictObject({
        start_day: day,
        per_day: z.number().int().min(0).max(MAX_POPULATION).describe("People"),
        efficacy: z.number().min(0).max(1).default(1),
      })
      .optional(),
    contact_schedule: z
      .array(z.strictObject({ from_day: day, factor: z.number().min(0).max(10) }))
      .max(MAX_PHASES)
      .default([])
      .describe("From each day on, contacts are scaled by the factor"),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .optional()
      .describe("Equal seeds give equal output"),
  })
  .superRefine(({ days, replicates, population, initial_exposed, initial_infectious }, context) => {
    const refuse = (member: string, message: string) => context.addIssue({ code: "custom", path: [member], message });
    if (days * replicates > MAX_STEPS) refuse("replicates", `days times replicates must be ${MAX_STEPS} at most`);
    if (initial_exposed + initial_infectious > population) refuse("initial_infectious", "more people than there are");
  });

export type SeirRequest = z.output<typeof parameters>;

/** An epidemic by chance; docs/jobs.md, "Types". */
export const seir: SimulationHandler = simulationHandler({
  type: "seir",
  title: "SEIR epidemic",
  summary: "Many replicates of a stochastic SEIR epidemic, with vaccination and a schedule of contacts.",
  parameters,
  example: { population: 50_000, beta: 0.4, days: 200, replicates: 200, seed: 7 },
  run: async (given, context) =>
    context.calculate("jobs.seir", { parameters: given, seed: given.seed ?? seedOf(context.jobId) }),
});
