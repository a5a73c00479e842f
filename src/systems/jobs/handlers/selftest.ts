import { z } from "zod";
import type { WorkContext } from "../../../platform/compute/work";
import { jsonBytes, type SimulationHandler, simulationHandler, tellProgress } from "../../../platform/simulations";

const MAX_SECONDS = 60;
const MAX_STEPS = 10_000;
const MAX_RESULT_KB = 20_480;

const parameters = z.object({
  seconds: z.number().min(0).max(MAX_SECONDS).default(0).describe("How long it works"),
  steps: z.number().int().min(1).max(MAX_STEPS).default(4).describe("Equal parts, with progress after each"),
  fail: z.string().max(1000).nullish().describe("Fails with this message"),
  fail_times: z.number().int().min(0).max(1000).default(0).describe("Attempts that fail before one succeeds"),
  result_kb: z.number().int().min(0).max(MAX_RESULT_KB).default(0).describe("KiB that the result has at least"),
  echo: z.unknown().optional().describe("Given back as it is"),
});

export interface SelftestInput {
  parameters: z.output<typeof parameters>;
  attempt: number;
}

/** For probes and tests: works, fails and answers as it is told. docs/jobs.md, "Types". */
export const selftest: SimulationHandler = simulationHandler({
  type: "selftest",
  title: "Self-test",
  summary: "Works for a time in steps, fails when told to, and gives back what it was given.",
  parameters,
  example: { seconds: 2, steps: 8, echo: { hello: "world" } },
  async run(asked, context) {
    return context.calculate("jobs.selftest", { parameters: asked, attempt: context.attempt });
  },
});

/** Works without yielding, as real handlers do. */
export function runSelftest({ parameters: asked, attempt }: SelftestInput, context: WorkContext): Uint8Array {
  const { seconds, steps, fail, fail_times, result_kb, echo } = asked;
  const startedAt = performance.now();
  for (let step = 1; step <= steps; step++) {
    const until = startedAt + (seconds * 1000 * step) / steps;
    while (performance.now() < until);
    tellProgress(context, step / steps);
  }
  if (fail !== undefined && fail !== null && fail !== "") throw new Error(fail);
  if (attempt <= fail_times) throw new Error(`attempt ${attempt} of ${fail_times} that fail`);
  const spent = (performance.now() - startedAt) / 1000;
  const result = { echo: echo ?? null, seconds: spent, padding: "" };
  const missing = result_kb * 1024 - Buffer.byteLength(JSON.stringify(result));
  return jsonBytes({ ...result, padding: "x".repeat(Math.max(0, missing)) });
}
