import { z } from "zod";
import { count, flag, text } from "./scalars";

export const simulatorState = z.strictObject({
  available: flag.describe("Whether this caller may start and stop simulated workers"),
  obstacle: text.nullable().describe("Why it may not; null where it may"),
  workers: count.describe("How many there are"),
  most_workers: count.describe("How many there can be"),
});

export type SimulatorState = z.infer<typeof simulatorState>;
