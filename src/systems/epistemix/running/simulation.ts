import { PermanentError, type SimulationHandler, simulationHandler } from "../../../platform/simulations";
import { FRED_RUN_EXAMPLE, fredRun } from "../schema/simulation";

/** A run of a FRED model as a job: figures by day of every state. */
export const fredSimulation: SimulationHandler = simulationHandler({
  type: "fred_run",
  title: "FRED epidemic",
  summary: "Runs a model in the FRED language on the synthetic people of a county or state.",
  parameters: fredRun,
  example: FRED_RUN_EXAMPLE,
  async run({ model, locations, start_date: startDate, end_date: endDate, seed, parameters }, { calculate }) {
    const { error, figures } = await calculate("epistemix.simulate", {
      model,
      options: {
        ...(startDate !== undefined && { startDate }),
        ...(endDate !== undefined && { endDate }),
        ...(seed !== undefined && { seed }),
        ...(locations.length > 0 && { locations }),
        parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
      },
    });
    if (error !== null) throw new PermanentError(error);
    return figures;
  },
});
