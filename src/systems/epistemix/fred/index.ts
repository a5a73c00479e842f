/** The FRED language: programs are checked and run here, by values alone. */
export type {
  DayReport,
  ModelFault,
  ModelResult,
  ModelRun,
  ModelSource,
  ResultFile,
  RunOptions,
} from "./model";
