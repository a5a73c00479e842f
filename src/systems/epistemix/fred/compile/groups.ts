import { PLACE_NAMES } from "../people/population";
import type { GroupBlock, Program, Property } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { lastOf, literalNumber } from "./literals";
import type { ConditionModel, GroupModel, Mixing, NetworkModel, PlaceModel } from "./model";

/** Bits of one number say which kinds of groups an agent stays away from. */
const MAX_GROUPS = 32;

/** Older names of places, and other words for them. */
const PLACE_ALIASES: Readonly<Record<string, string>> = { Grade: "Classroom", Neighborhood: "Block_Group" };

/** The number of a kind of place; -1 where there is none. */
export function placeIndex(places: readonly PlaceModel[], name: string): number {
  const known = Object.hasOwn(PLACE_ALIASES, name) ? PLACE_ALIASES[name]! : name;
  return places.findIndex((place) => place.name === known);
}

type Gather = (action: () => void) => void;

/** Kinds of places, those of every population and the program's own, and its networks. Faults go to `gather`. */
export function declareGroups(
  program: Program,
  conditions: readonly ConditionModel[],
  gather: Gather,
): { places: PlaceModel[]; networks: NetworkModel[] } {
  const places = PLACE_NAMES.map((name) => newPlace(name));
  const networks: NetworkModel[] = [];
  for (const group of program.groups) {
    if (places.length + networks.length >= MAX_GROUPS)
      gather(() => {
        throw new SourceError(group.at, `a program has at most ${MAX_GROUPS} kinds of places and networks`);
      });
    else if (group.kind === "place") gather(() => readPlace(group, places, conditions));
    else gather(() => networks.push(readNetwork(group, conditions)));
  }
  return { places, networks };
}

function newPlace(name: string): PlaceModel {
  return { name, hasGroupAgent: false, mixing: {}, mixingFor: new Map() };
}

function readPlace(block: GroupBlock, places: PlaceModel[], conditions: readonly ConditionModel[]): void {
  let place = places[placeIndex(places, block.name)];
  if (place === undefined) {
    place = newPlace(block.name);
    places.push(place);
  }
  const last = lastOf(block.properties, ["has_group_agent", ...mixingNames(conditions)], `place ${block.name}`);
  readMixing(place, last, conditions);
  const agent = last.get("has_group_agent");
  if (agent !== undefined) place.hasGroupAgent = literalNumber(agent) !== 0;
}

function readNetwork(block: GroupBlock, conditions: readonly ConditionModel[]): NetworkModel {
  const known = ["is_undirected", "is_directed", "output_interval", "has_group_agent", ...mixingNames(conditions)];
  const last = lastOf(block.properties, known, `network ${block.name}`);
  const numberAt = (name: string) => {
    const property = last.get(name);
    return property === undefined ? undefined : literalNumber(property);
  };
  if ((numberAt("has_group_agent") ?? 0) !== 0) throw new SourceError(block.at, "networks have no group agents here");
  const directed =
    numberAt("is_undirected") === undefined ? numberAt("is_directed") !== 0 : numberAt("is_undirected") === 0;
  const outputInterval = Math.max(0, Math.floor(numberAt("output_interval") ?? 0));
  const network: NetworkModel = { name: block.name, directed, outputInterval, mixing: {}, mixingFor: new Map() };
  readMixing(network, last, conditions);
  return network;
}

const MIXING: readonly (readonly [property: string, member: keyof Mixing])[] = [
  ["contact_rate", "rate"],
  ["contact_prob", "prob"],
  ["same_age_bias", "ageBias"],
];

function mixingNames(conditions: readonly ConditionModel[]): string[] {
  return MIXING.flatMap(([property]) => [property, ...conditions.map(({ name }) => `${property}_for_${name}`)]);
}

/** Values below 0 say nothing, as the guide has it. */
function readMixing(
  group: GroupModel,
  last: ReadonlyMap<string, Property>,
  conditions: readonly ConditionModel[],
): void {
  const given = (name: string) => {
    const property = last.get(name);
    const value = property === undefined ? -1 : literalNumber(property);
    return value >= 0 ? value : undefined;
  };
  for (const [property, member] of MIXING) {
    const value = given(property);
    if (value !== undefined) group.mixing[member] = value;
    for (const { name, index } of conditions) {
      const own = given(`${property}_for_${name}`);
      if (own !== undefined) group.mixingFor.set(index, { ...group.mixingFor.get(index), [member]: own });
    }
  }
}

/** The number of the network of that name. @throws SourceError where the program has none such */
export function networkNumber(networks: readonly NetworkModel[], { value, valueAt }: Property): number {
  const number = networks.findIndex(({ name }) => name === value);
  if (number >= 0) return number;
  const names = networks.map(({ name }) => name);
  throw new SourceError(valueAt, `there is no network ${value}${nearest(value, names)}`);
}
