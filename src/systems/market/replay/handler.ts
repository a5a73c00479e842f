import { z } from "zod";
import { type SimulationHandler, simulationHandler } from "../../../platform/simulations";

const MAX_WORKERS = 2000;
const MAX_ORDERS = 20_000;
const MAX_HOURS = 24 * 90;

const price = z.number().min(0).max(1e6).describe("XNM per minute");
const seconds = z
  .number()
  .int()
  .min(1)
  .max(30 * 86_400);

const workers = z.union([
  z.strictObject({
    count: z.number().int().min(1).max(MAX_WORKERS).default(50),
    price_low: price.default(0.2),
    price_high: price.default(3),
  }),
  z
    .array(
      z.strictObject({
        worker_id: z.string().min(1).max(64),
        price_per_min: price,
        min_duration_sec: seconds.default(60),
        max_duration_sec: seconds.default(86_400),
      }),
    )
    .min(1)
    .max(MAX_WORKERS),
]);

const orders = z.union([
  z.strictObject({
    count: z.number().int().min(1).max(MAX_ORDERS).default(500),
    hours: z.number().positive().max(MAX_HOURS).default(24).describe("Over which they come, by chance"),
    mean_duration_sec: seconds.default(3600),
    max_price_mean: price.default(1.5).describe("What consumers pay at most, on the average"),
  }),
  z
    .array(
      z.strictObject({
        at_sec: z
          .number()
          .min(0)
          .max(MAX_HOURS * 3600),
        duration_sec: seconds,
        max_price_per_min: price.optional(),
        worker_id: z.string().max(64).optional(),
      }),
    )
    .min(1)
    .max(MAX_ORDERS),
]);

const parameters = z.looseObject({
  workers: workers.prefault({}).describe("A number of them, or each one"),
  orders: orders.prefault({}).describe("A number of them, or each one"),
  early_end_share: z.number().min(0).max(1).default(0.1).describe("Leases that are stopped before their time"),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe("Equal seeds give equal output"),
});

export type ReplayRequest = z.output<typeof parameters>;

/** An order flow through the market's own rules, without a market. docs/market.md, "Order flow". */
export const replayHandler: SimulationHandler = simulationHandler({
  type: "xenblocks_market",
  title: "Hash-power market",
  summary: "Sends an order flow, given or by chance, through the market's rules of offers, matching and billing.",
  parameters,
  example: { workers: { count: 20 }, orders: { count: 300, hours: 12 }, seed: 7 },
  run: async (given, context) => context.calculate("market.replay", given),
});
