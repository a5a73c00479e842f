import { checkModel, faultText, type ModelResult, type ModelRun } from "../fred";
import { failureFiles } from "../results/pack";

const NOT_YET = "This version checks models in the FRED language and does not run them; the model has no faults.";

/** Runs a model to its end, or says in its log why it was not begun. */
export function runOrRefuse(run: ModelRun): ModelResult {
  const faults = checkModel(run);
  const sentences = faults.length > 0 ? faults.map(faultText) : [NOT_YET];
  return { status: "error", files: failureFiles(sentences, run.nowMs()), faults };
}
