import { declare } from "../compile/declare";
import type { ModelSource } from "../model";
import { builtInName } from "../run/builtIn";
import { SEIR_PARAMETERS } from "../run/runSeir";
import { sharedNames } from "../run/sharedNames";
import { parseProgram } from "../syntax/program";
import { gatherInto } from "./gather";

/** Names of what a caller of a run can give a value; undefined where the program has faults that hide them. */
export function parameterNames(source: ModelSource): readonly string[] | undefined {
  const { program, faults } = parseProgram(source);
  if (faults.length > 0) return undefined;
  if (builtInName(program) !== undefined) return SEIR_PARAMETERS;
  const model = declare(program, gatherInto(faults));
  return faults.length > 0 ? undefined : sharedNames(model);
}
