import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { count, flag } from "./scalars";

export const simulatorState = z.strictObject({
  available: flag.describe("Whether this caller may start and stop simulated workers"),
  obstacle: textLike("Workers are simulated for callers on the market's own machine alone.")
    .nullable()
    .describe("Why it may not; null where it may"),
  workers: count.describe("How many there are"),
  most_workers: count.describe("How many there can be"),
  program: textLike("npx foresight").describe(
    "How the program is called on the server's command line, such as `npx foresight`",
  ),
});

export type SimulatorState = z.infer<typeof simulatorState>;
