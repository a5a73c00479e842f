import { z } from "zod";
import { type SimulationHandler, simulationHandler } from "../../../platform/simulations";

const PAUSE_MS = 2000;

/** Completes a job of any type with a placeholder after two seconds, as the original does where it has no handler. */
export const echoSimulation: SimulationHandler = simulationHandler({
  type: "*",
  title: "Placeholder",
  summary: "Completes with a placeholder after two seconds.",
  parameters: z.record(z.string(), z.unknown()),
  example: {},
  async run(parameters, { jobId, progress }) {
    progress(0.5);
    await Bun.sleep(PAUSE_MS);
    return {
      simulation_id: jobId,
      message: "Placeholder: there is no handler for this type of simulation.",
      parameters,
    };
  },
});
