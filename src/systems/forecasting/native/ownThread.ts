import { fitCovariates } from "../covariates/fit";
import { forecastColumns, pastColumns } from "../nixtla/columns";
import { encodedAnomalies } from "./anomalies";
import { judged } from "./judge";
import type { TaskSeries } from "./task";
import { joined, type Threads } from "./threads";
import { nativeWork } from "./threadWork";

/** The service's arithmetic in this thread, for commands, which have nothing else to do. */
export const ownThread: Threads = {
  width: 1,
  async read(input) {
    const parts: TaskSeries[][] = [];
    const context = {
      emit: (part: unknown) => void parts.push(part as TaskSeries[]),
      shared: () => {
        throw new Error("nothing is shared outside of a pool");
      },
      retireAfter: () => undefined,
    };
    return joined(nativeWork["forecasting.read"](input, context), parts.flat());
  },
  finish: async (input) => nativeWork["forecasting.finish"](input),
  judge: async (input) => judged(input),
  anomalies: async (input) => encodedAnomalies(input),
  columns: async (input) => forecastColumns(input),
  past: async (input) => pastColumns(input),
  fit: () => async (input) => fitCovariates(input),
};
