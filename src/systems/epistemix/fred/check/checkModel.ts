import { compileProgram } from "../compile/compile";
import { declare } from "../compile/declare";
import { createCalendar } from "../engine/calendar";
import { createSteps } from "../engine/enter";
import { createWorld } from "../engine/world";
import type { ModelFault, ModelSource } from "../model";
import { emptyPopulation } from "../people/population";
import { parseProgram } from "../syntax/program";
import { gatherInto, inOrder } from "./gather";

/** What is wrong with a program, found without running it, in the order of its text; nothing where it can be run. */
export function checkModel(source: ModelSource): readonly ModelFault[] {
  const { program, faults } = parseProgram(source);
  const gather = gatherInto(faults);
  const model = declare(program, gather);
  // Names are known by now; a world of nobody has them all.
  const world = createWorld(model, emptyPopulation(), createCalendar(0, 1), 0n);
  compileProgram(source, program, world, createSteps(world), gather);
  return inOrder(faults);
}
