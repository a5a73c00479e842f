// What the commands ask of it, who come in through this door alone.
export { type BacktestOptions, backtestData, backtestFile, possibleWindows } from "./file/backtestFile";
export { type FileAnswer, type FileOptions, forecastFile } from "./file/forecastFile";
export { importModel } from "./library/importModel";
export { findModel, listModels, modelsDirOf, removeModel, verifyModel } from "./library/library";
export { type Manifest, sizeOfModel } from "./library/manifest";
export { pullModel } from "./library/pull";
