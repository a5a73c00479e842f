import type { Brought } from "../compile/brought";
import { PLACE_NAMES, type Population } from "../people/population";
import { RunError } from "./errors";

/**
 * The numbers by which a program knows agents and places. Most agents are known by their place in the row of agents, most
 * places by their place in the row of their kind; files may name others, and a place with a group agent is known by it.
 */
export interface Numbers {
  /** The agent of a number. @throws RunError where there is none */
  agentOf(number: number): number;
  numberOf(agent: number): number;
  /** As they are where all agents are known by their own places. */
  numbersOf(agents: readonly number[]): readonly number[];
  /** The number of a place; -1 of none. */
  placeNumber(kind: number, place: number): number;
  /** The place of a kind with that number. @throws RunError where there is none */
  placeAt(kind: number, number: number): number;
  /** A place of any kind that only one place has the number of; undefined where there is none such. */
  anyPlace(number: number): { kind: number; place: number } | undefined;
}

/** The agents of one kind of place. */
export interface GroupAgents {
  kind: number;
  first: number;
  count: number;
}

interface Known {
  agents: number;
  groups: readonly GroupAgents[];
  population: Population;
  brought: Brought;
}

export function createNumbers(known: Known): Numbers {
  const { agents, population } = known;
  const agentOf = new Map(known.brought.agentOf);
  const placeNumbers = numberPlaces(known, agentOf);
  const placeOf = new Map<number, { kind: number; place: number }>();
  for (const [kind, own] of placeNumbers)
    for (const [place, number] of own.entries()) placeOf.set(number, { kind, place });
  const numberOf = new Map([...agentOf].map(([number, agent]) => [agent, number]));
  const asNumber = (agent: number) => numberOf.get(agent) ?? agent;
  return {
    agentOf(number) {
      const agent = agentOf.size === 0 ? number : (agentOf.get(number) ?? number);
      if (!Number.isInteger(agent) || agent < 0 || agent >= agents) throw new RunError(`there is no agent ${number}`);
      return agent;
    },
    numberOf: numberOf.size === 0 ? (agent) => agent : asNumber,
    numbersOf: (list) => (numberOf.size === 0 ? list : list.map(asNumber)),
    placeNumber: (kind, place) => (place < 0 ? -1 : (placeNumbers.get(kind)?.[place] ?? place)),
    placeAt(kind, number) {
      const found = placeOf.get(number);
      const numbered = found?.kind === kind ? found.place : -1;
      const place = placeNumbers.has(kind) ? numbered : number;
      const { count, name } = population.places[kind]!;
      if (!Number.isInteger(place) || place < 0 || place >= count) throw new RunError(`there is no ${name} ${number}`);
      return place;
    },
    anyPlace: (number) => placeOf.get(number),
  };
}

/** The numbers of the places whose kind has group agents, or is the program's own. Those of files are added to `agentOf`. */
function numberPlaces(
  { agents, groups, population, brought }: Known,
  agentOf: Map<number, number>,
): Map<number, Float64Array> {
  const numbers = new Map<number, Float64Array>();
  const taken = new Set(agentOf.keys());
  let next = agents;
  for (const [kind, { count }] of population.places.entries()) {
    const group = groups.find((one) => one.kind === kind);
    if (group === undefined && kind < PLACE_NAMES.length) continue;
    const first = group?.first ?? next;
    if (group === undefined) next += count;
    numbers.set(
      kind,
      Float64Array.from({ length: count }, (_, place) => first + place),
    );
  }
  for (const { ids, first, kind } of brought.places.values()) {
    const group = groups.find((one) => one.kind === kind);
    for (const [row, id] of ids?.entries() ?? []) {
      // A number that somebody has already cannot stand for this place too.
      if (id < next || taken.has(id)) continue;
      taken.add(id);
      numbers.get(kind)![first + row] = id;
      if (group !== undefined) agentOf.set(id, group.first + first + row);
    }
  }
  return numbers;
}
