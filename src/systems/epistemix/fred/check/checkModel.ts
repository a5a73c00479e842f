import type { ModelFault, ModelSource } from "../model";
import { parseProgram } from "../syntax/program";

/** What is wrong with a program, found without running it, in the order of its text; nothing where it can be run. */
export function checkModel(source: ModelSource): readonly ModelFault[] {
  return parseProgram(source).faults;
}
