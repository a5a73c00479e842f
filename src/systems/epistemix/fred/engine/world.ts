import { type Chance, createChance } from "../chance/streams";
import { type Brought, NOTHING_BROUGHT } from "../compile/brought";
import type { Model } from "../compile/model";
import type { Population } from "../people/population";
import { createPositions, type Position } from "../people/positions";
import type { Calendar } from "./calendar";
import { type Action, type Condition, createCondition } from "./condition";
import { createNetwork, type Network } from "./network";
import { createNumbers, type GroupAgents, type Numbers } from "./numbers";
import { createSpread, type Spread } from "./spread";

/** Everything that a run changes. */
export interface World {
  readonly model: Model;
  readonly population: Population;
  readonly calendar: Calendar;
  readonly chance: Chance;
  /** People, then group agents, then the meta agent. */
  readonly agents: number;
  readonly groups: readonly GroupAgents[];
  readonly meta: number;
  readonly brought: Brought;
  readonly numbers: Numbers;
  /** Where a place that every population has lies. */
  readonly positionOf: (kind: number, place: number) => Position;
  /** Hours since the first midnight. */
  hour: number;
  day: number;
  readonly conditions: readonly Condition[];
  readonly networks: readonly Network[];
  /** How each condition spreads, by its number. */
  readonly spreads: readonly (Spread | undefined)[];
  readonly shared: Float64Array;
  readonly sharedLists: number[][];
  readonly sharedTables: Map<number, number>[];
  readonly sharedListTables: Map<number, readonly number[]>[];
  readonly strings: string[];
  readonly agentNumbers: Float64Array[];
  readonly agentLists: (readonly number[] | undefined)[][];
  /** Kinds of places, then networks, that an agent does not attend, a bit each. */
  readonly skipped: Int32Array;
  /** Who is not there: any more, or yet. */
  readonly dead: Uint8Array;
  /** How many people are not there. */
  deaths: number;
  /** Whether the start states were entered. */
  begun: boolean;
  agentStartup: Action | undefined;
  /** By kind, the places that are closed. */
  readonly closed: Set<number>[];
  /** What `_` stands for. */
  blank: number;
  /** Set by quit() and exit(). */
  stopped: boolean;
  /** What the program is doing, for errors. */
  readonly doing: { condition: Condition | undefined; state: number; agent: number; nested: number };
  readonly printed: Printed;
}

/** What the program writes, by file; and its messages. */
export interface Printed {
  files: Map<string, string[]>;
  bytes: number;
  warnings: Set<string>;
}

/** A world before its first hour: nobody is in any state. */
export function createWorld(
  model: Model,
  population: Population,
  calendar: Calendar,
  seed: bigint,
  brought = NOTHING_BROUGHT,
): World {
  const groups: GroupAgents[] = [];
  let agents = population.people;
  for (const [kind, { hasGroupAgent }] of model.places.entries()) {
    if (!hasGroupAgent) continue;
    const { count } = population.places[kind]!;
    groups.push({ kind, first: agents, count });
    agents += count;
  }
  const meta = agents++;
  const hours = calendar.days * 24;
  const slots = (kind: string) => [...model.variables.values()].filter((v) => `${v.scope} ${v.shape}` === kind).length;
  const lists = <Value>(kind: string, make: () => Value) => Array.from({ length: slots(kind) }, make);
  const { people, residents } = population;
  const conditions = conditionsOf(model, population, agents, hours);
  const dead = new Uint8Array(agents).fill(1, residents, people);
  return {
    model,
    population,
    calendar,
    chance: createChance(seed),
    agents,
    groups,
    meta,
    brought,
    numbers: createNumbers({ agents, groups, population, brought }),
    positionOf: createPositions(population, seed),
    hour: 0,
    day: 0,
    conditions,
    networks: model.networks.map(createNetwork),
    spreads: model.conditions.map((condition) => createSpread(condition, model, agents)),
    shared: new Float64Array(slots("shared numeric")),
    sharedLists: lists("shared list", (): number[] => []),
    sharedTables: lists("shared table", () => new Map<number, number>()),
    sharedListTables: lists("shared list_table", () => new Map<number, readonly number[]>()),
    strings: lists("shared string", () => ""),
    agentNumbers: lists("agent numeric", () => new Float64Array(agents)),
    agentLists: lists("agent list", (): (readonly number[] | undefined)[] => []),
    skipped: new Int32Array(agents),
    dead,
    deaths: people - residents,
    begun: false,
    agentStartup: undefined,
    closed: model.places.map(() => new Set<number>()),
    blank: 0,
    stopped: false,
    doing: { condition: undefined, state: 0, agent: meta, nested: 0 },
    printed: { files: new Map(), bytes: 0, warnings: new Set() },
  };
}

function conditionsOf(model: Model, { people, residents, places }: Population, agents: number, hours: number) {
  const size = { agents, absent: people - residents, hours, places, networks: model.networks.length };
  return model.conditions.map((condition) => createCondition(condition, { ...size, spreads: condition.exposed >= 0 }));
}
