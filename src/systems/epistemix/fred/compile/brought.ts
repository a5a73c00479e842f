import type { ModelSource } from "../model";
import { PLACE_NAMES } from "../people/population";
import type { GroupBlock, Program } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { type Call, callsIn } from "../syntax/walk";
import { type DataFile, dataFile } from "./dataFile";
import { placeIndex } from "./groups";
import type { Model, Variable } from "./model";

/** A file of agents or of places, whose columns are named. */
interface NamedRows {
  file: DataFile;
  /** What each row says of itself, by column. */
  ids: readonly number[] | undefined;
  /** Columns that are variables of agents. */
  variables: readonly { column: number; variable: Variable }[];
}

/** Agents that a program brings along. */
export interface BroughtAgents extends NamedRows {
  /** The agent of each row; set once it is known how many others there are. */
  agents: Int32Array;
}

/** Places of a kind of the program's own. */
export interface BroughtPlaces extends NamedRows {
  kind: number;
  /** The number of the first of them among all of their kind. */
  first: number;
  latitude: number;
  longitude: number;
  elevation: number;
}

/** Everything that a program reads from files before its first hour, since places and agents are counted by then. */
export interface Brought {
  /** By path. */
  agents: ReadonlyMap<string, BroughtAgents>;
  /** By path and kind. */
  places: ReadonlyMap<string, BroughtPlaces>;
  /** How many agents there are beyond the residents. */
  count: number;
  /** Numbers by which agents are known, where they are not their own places in the row of agents. */
  agentOf: ReadonlyMap<number, number>;
}

export const NOTHING_BROUGHT: Brought = { agents: new Map(), places: new Map(), count: 0, agentOf: new Map() };

const ID = /^id$/i;
const MAX_BROUGHT = 5_000_000;

export const placesKey = (path: string, kind: number) => `${kind}:${path}`;

type Gather = (action: () => void) => void;

/** Reads the files of agents and places that a program names. Faults go to `gather`. */
export function readBrought(source: ModelSource, program: Program, model: Model, gather: Gather): Brought {
  const agents = new Map<string, BroughtAgents>();
  const places = new Map<string, BroughtPlaces>();
  const counts = new Map<number, number>();
  for (const call of callsIn(program)) {
    if (call.name === "read_agent_file") gather(() => addAgents(source, model, call, agents));
    if (call.name === "read_place_file") gather(() => addPlaces(source, model, call, places, counts));
  }
  for (const group of program.groups) gather(() => checkOwnKind(group, model, program));
  return { agents, places, count: 0, agentOf: new Map() };
}

/** A kind that no population has and no file brings along has no places, and was meant to be another. */
function checkOwnKind({ kind, name, at }: GroupBlock, { places }: Model, program: Program): void {
  if (kind === "network" || placeIndex(places, name) < PLACE_NAMES.length) return;
  const isRead = ({ name: called, args: [, what] }: Call) =>
    called === "read_place_file" && what?.kind === "name" && what.name === name;
  if (callsIn(program).some(isRead)) return;
  throw new SourceError(
    at,
    `there is no place ${name} in the population${nearest(name, PLACE_NAMES)}; others come with read_place_file(FILE, ${name})`,
  );
}

function addAgents(source: ModelSource, model: Model, { args, at }: Call, agents: Map<string, BroughtAgents>): void {
  const [name] = args;
  if (name === undefined) throw new SourceError(at, "read_agent_file takes the name of a file");
  const file = dataFile(source, name);
  if (agents.has(file.path)) return;
  const rows = namedRows(file, name.at, model, []);
  agents.set(file.path, { ...rows, agents: new Int32Array(file.rows.length) });
}

function addPlaces(
  source: ModelSource,
  model: Model,
  { args, at }: Call,
  places: Map<string, BroughtPlaces>,
  counts: Map<number, number>,
): void {
  const [name, what] = args;
  if (name === undefined || what?.kind !== "name")
    throw new SourceError(at, "read_place_file takes the name of a file and a kind of place");
  const kind = placeIndex(model.places, what.name);
  if (kind < PLACE_NAMES.length) {
    const own = model.places.slice(PLACE_NAMES.length).map((place) => place.name);
    throw new SourceError(what.at, `${what.name} is no kind of place of the program's own${nearest(what.name, own)}`);
  }
  const file = dataFile(source, name);
  const key = placesKey(file.path, kind);
  if (places.has(key)) return;
  const columnOf = (pattern: RegExp) => file.head.findIndex((word) => pattern.test(word));
  const map = {
    latitude: columnOf(/^lat(itude)?$/i),
    longitude: columnOf(/^lon(g|gitude)?$/i),
    elevation: columnOf(/^elev(ation)?$/i),
  };
  const first = counts.get(kind) ?? 0;
  places.set(key, { ...namedRows(file, name.at, model, Object.values(map)), kind, first, ...map });
  counts.set(kind, first + file.rows.length);
}

function namedRows(file: DataFile, at: SourceError["at"], model: Model, others: readonly number[]): NamedRows {
  const { head, rows, name } = file;
  if (head.length === 0)
    throw new SourceError(at, `${name} has no head: its first line must name ID and variables of agents`);
  if (rows.length > MAX_BROUGHT) throw new SourceError(at, `${name} has more than ${MAX_BROUGHT} rows`);
  const known = [...model.variables.values()].filter(({ scope, shape }) => scope === "agent" && shape === "numeric");
  const variables: { column: number; variable: Variable }[] = [];
  for (const [column, word] of head.entries()) {
    if (ID.test(word) || others.includes(column)) continue;
    const variable = known.find((candidate) => candidate.name === word);
    if (variable === undefined) {
      const names = known.map((candidate) => candidate.name);
      throw new SourceError(at, `${name}: agents have no numeric variable ${word}${nearest(word, names)}`);
    }
    variables.push({ column, variable });
  }
  const id = head.findIndex((word) => ID.test(word));
  const ids = id < 0 ? undefined : rows.map((row) => row[id]!);
  const wrong = ids?.findIndex((value) => !Number.isSafeInteger(value) || value < 0) ?? -1;
  if (wrong >= 0)
    throw new SourceError(at, `${name}, line ${wrong + file.firstLine}: the ID is no whole number from 0`);
  return { file, ids, variables };
}

/** Gives the agents that are brought along their places behind the residents; an ID of a resident stands for that one. */
export function numberBrought(brought: Brought, residents: number): Brought {
  const agentOf = new Map<number, number>();
  let count = 0;
  for (const { ids, agents } of brought.agents.values()) {
    for (let row = 0; row < agents.length; row++) {
      const id = ids?.[row];
      const known = id === undefined ? undefined : id < residents ? id : agentOf.get(id);
      agents[row] = known ?? residents + count++;
      if (id !== undefined && id >= residents) agentOf.set(id, agents[row]!);
    }
  }
  return { ...brought, count, agentOf };
}

/** The same files without what stands in them, for a world of nobody. */
export function withoutRows(brought: Brought): Brought {
  const places = [...brought.places].map(([key, place]) => [key, { ...place, ids: undefined }] as const);
  return { ...brought, places: new Map(places) };
}

/** Kinds of places of the program's own, and how many of each it brings along. */
export function ownKinds({ places }: Model, brought: Brought): { name: string; count: number }[] {
  return places.slice(PLACE_NAMES.length).map(({ name }, k) => {
    const files = [...brought.places.values()].filter(({ kind }) => kind === k + PLACE_NAMES.length);
    return { name, count: files.reduce((sum, { file }) => sum + file.rows.length, 0) };
  });
}
