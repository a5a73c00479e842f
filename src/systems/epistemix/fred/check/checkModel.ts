import { readBrought, withoutRows } from "../compile/brought";
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
  const brought = readBrought(source, program, model, gather);
  const nobody = emptyPopulation(model.places.map(({ name }) => name));
  const world = createWorld(model, nobody, createCalendar(0, 1), 0n, withoutRows(brought));
  compileProgram(source, program, world, createSteps(world), gather, 0n);
  return inOrder(faults);
}
