/** The FRED language: programs are checked and run here, by values alone. */

export { checkModel } from "./check/checkModel";
export { parameterNames } from "./check/parameterNames";
export type { DayReport, ModelFault, ModelResult, ModelRun, ModelSource, ResultFile, RunOptions } from "./model";
export { locationsLike } from "./people/counties";
export { countiesOfAll } from "./run/places";
export { unknownParameter } from "./run/plan";
export { runModel } from "./run/runModel";
export { faultText } from "./syntax/source";
