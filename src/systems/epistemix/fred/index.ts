/** The FRED language: programs are checked and run here, by values alone. */

export { checkModel } from "./check/checkModel";
export type { DayReport, ModelFault, ModelResult, ModelRun, ModelSource, ResultFile, RunOptions } from "./model";
export { locationsLike } from "./people/counties";
export { runModel } from "./run/runModel";
export { faultText } from "./syntax/source";
