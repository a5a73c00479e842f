import { arrive } from "../engine/arrive";
import type { World } from "../engine/world";
import type { Expression } from "../syntax/ast";
import type { ActionEntry } from "./actionEntry";
import { type BroughtAgents, type BroughtPlaces, placesKey } from "./brought";
import { type Compiler, placeOf } from "./context";
import { cellAt, dataFile } from "./dataFile";
import { type FunctionEntry, list } from "./functions/entry";

/** Lets the agents of a file come, gives them what it says of them, and gives their numbers. */
function bringAgents(compiler: Compiler, [name]: readonly Expression[]): (agent: number) => readonly number[] {
  const { world, steps, source } = compiler;
  const brought = world.brought.agents.get(dataFile(source, name!).path)!;
  return () => {
    setVariables(world, brought, (row) => brought.agents[row]!);
    const agents = [...new Set(brought.agents)];
    arrive(world, steps, agents);
    return world.numbers.numbersOf(agents);
  };
}

/** Gives the group agents of a file's places what it says of them, and the numbers of the places. */
function bringPlaces(compiler: Compiler, [name, what]: readonly Expression[]): (agent: number) => readonly number[] {
  const { world, source } = compiler;
  const kind = placeOf(compiler, what!);
  const brought = world.brought.places.get(placesKey(dataFile(source, name!).path, kind))!;
  const group = world.groups.find((one) => one.kind === kind);
  return () => {
    if (group !== undefined) setVariables(world, brought, (row) => group.first + brought.first + row);
    return brought.file.rows.map((_, row) => world.numbers.placeNumber(kind, brought.first + row));
  };
}

function setVariables(world: World, { file, variables }: BroughtAgents | BroughtPlaces, of: (row: number) => number) {
  for (const { column, variable } of variables) {
    const values = world.agentNumbers[variable.slot]!;
    for (let row = 0; row < file.rows.length; row++) values[of(row)] = cellAt(file, row, column);
  }
}

type Bring = typeof bringAgents;

const asAction = (count: number, bring: Bring): ActionEntry => ({
  takes: [count, count],
  compile(compiler, args) {
    const act = bring(compiler, args);
    return (agent) => void act(agent);
  },
});

const asFunction = (count: number, bring: Bring): FunctionEntry => ({
  takes: [count, count],
  compile: (compiler, args) => list(bring(compiler, args)),
});

/** Files of agents and of places, read where it is said, with a list of numbers as what they are worth. */
export const bringingActions: Readonly<Record<string, ActionEntry>> = {
  read_agent_file: asAction(1, bringAgents),
  read_place_file: asAction(2, bringPlaces),
};

export const bringingFunctions: Readonly<Record<string, FunctionEntry>> = {
  read_agent_file: asFunction(1, bringAgents),
  read_place_file: asFunction(2, bringPlaces),
};
