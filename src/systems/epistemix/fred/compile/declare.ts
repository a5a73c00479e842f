import { MAX_CONDITIONS } from "../chance/streams";
import { PLACE_NAMES } from "../people/population";
import type { ConditionBlock, GroupBlock, Program, Property } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { lastOf, literalNumber } from "./literals";
import { type ConditionModel, EXCLUDED, type Model, type PlaceModel, type Variable } from "./model";
import { simulationOf } from "./settings";

type Gather = (action: () => void) => void;

const CONDITION_PROPERTIES = [
  "start_state",
  "meta_start_state",
  "import_start_state",
  "group_start_state",
  "admin_start_state",
  "transmission_mode",
  "transmission_network_name",
  "transmissibility",
  "exposed_state",
  "output",
  "states",
];

const DEFAULT_MAX_LOOPS = 100_000;
const MAX_STATES = 60_000;

/** Names and properties of a program, before anything of it is compiled. Faults go to `gather`. */
export function declare(program: Program, gather: Gather): Model {
  const conditions = program.conditions.map(
    ({ name, at, states }, index): ConditionModel => ({
      name,
      at,
      index,
      states: ["Excluded", ...states.map((state) => state.name).filter((state) => state !== "Excluded")],
      start: EXCLUDED,
      metaStart: EXCLUDED,
      groupStart: EXCLUDED,
      transmissibility: 0,
      exposed: -1,
    }),
  );
  for (const condition of conditions) gather(() => checkSize(condition));
  for (const [k, block] of program.conditions.entries()) gather(() => readCondition(block, conditions[k]!));
  const places = PLACE_NAMES.map((name): PlaceModel => {
    return { name, hasGroupAgent: false, contactRate: undefined, conditionRates: new Map() };
  });
  const networks: Model["networks"][number][] = [];
  for (const group of program.groups) {
    if (group.kind === "place") gather(() => readPlace(group, places, conditions));
    else gather(() => networks.push(networkOf(group)));
  }
  let maxLoops = DEFAULT_MAX_LOOPS;
  gather(() => {
    maxLoops = simulationOf(program.simulation).maxLoops ?? DEFAULT_MAX_LOOPS;
  });
  return { variables: declareVariables(program, gather), conditions, places, networks, maxLoops };
}

function checkSize({ index, at, states }: ConditionModel): void {
  if (index >= MAX_CONDITIONS) throw new SourceError(at, `a program has at most ${MAX_CONDITIONS} conditions`);
  if (states.length > MAX_STATES) throw new SourceError(at, `a condition has at most ${MAX_STATES} states`);
}

function readCondition(block: ConditionBlock, condition: ConditionModel): void {
  const last = lastOf(block.properties, CONDITION_PROPERTIES, `condition ${block.name}`);
  for (const name of last.get("states")?.value.split(/\s+/) ?? [])
    if (!condition.states.includes(name)) condition.states.push(name);
  const stateOf = (...names: string[]) => {
    const property = names.map((name) => last.get(name)).find((found) => found !== undefined);
    return property === undefined ? undefined : stateIndex(condition, property);
  };
  condition.start = stateOf("start_state") ?? EXCLUDED;
  condition.metaStart = stateOf("meta_start_state", "import_start_state") ?? EXCLUDED;
  condition.groupStart = stateOf("group_start_state", "admin_start_state") ?? EXCLUDED;
  const spreads = spreadsOf(last);
  const rate = last.get("transmissibility");
  if (rate !== undefined) condition.transmissibility = literalNumber(rate);
  if (condition.transmissibility < 0) throw new SourceError(rate!.valueAt, "transmissibility must not be below 0");
  const exposed = last.get("exposed_state");
  condition.exposed = stateOf("exposed_state") ?? -1;
  if (exposed !== undefined && condition.transmissibility === 0)
    throw new SourceError(exposed.at, `exposed_state asks for a transmissibility above 0 in ${block.name}`);
  if (spreads && condition.exposed < 0)
    throw new SourceError(
      last.get("transmission_mode")!.at,
      `${block.name} spreads, so that it must have an exposed_state`,
    );
}

function spreadsOf(last: ReadonlyMap<string, Property>): boolean {
  const mode = last.get("transmission_mode");
  if (mode === undefined || mode.value === "none") return false;
  if (mode.value === "proximity" || mode.value === "respiratory") return true;
  throw new SourceError(mode.valueAt, `transmission by ${mode.value} is not run here; proximity and none are`);
}

function stateIndex({ name, states }: ConditionModel, { value, valueAt }: Property): number {
  const index = states.indexOf(value);
  if (index < 0) throw new SourceError(valueAt, `${name} has no state ${value}${nearest(value, states)}`);
  return index;
}

/** Older names of places, and other words for them. */
const PLACE_ALIASES: Readonly<Record<string, string>> = { Grade: "Classroom", Neighborhood: "Block_Group" };

/** The number of a kind of place; -1 where there is none. */
export function placeIndex(places: readonly PlaceModel[], name: string): number {
  const known = Object.hasOwn(PLACE_ALIASES, name) ? PLACE_ALIASES[name]! : name;
  return places.findIndex((place) => place.name === known);
}

function networkOf(block: GroupBlock): Model["networks"][number] {
  const known = ["is_undirected", "is_directed", "output_interval", "has_group_agent"];
  const last = lastOf(block.properties, known, `network ${block.name}`);
  const numberAt = (name: string) => {
    const property = last.get(name);
    return property === undefined ? undefined : literalNumber(property);
  };
  if ((numberAt("has_group_agent") ?? 0) !== 0) throw new SourceError(block.at, "networks have no group agents here");
  const directed =
    numberAt("is_undirected") === undefined ? numberAt("is_directed") !== 0 : numberAt("is_undirected") === 0;
  return { name: block.name, directed, outputInterval: Math.max(0, Math.floor(numberAt("output_interval") ?? 0)) };
}

function readPlace(block: GroupBlock, places: readonly PlaceModel[], conditions: readonly ConditionModel[]): void {
  const place = places[placeIndex(places, block.name)];
  if (place === undefined) {
    const names = places.map(({ name }) => name);
    throw new SourceError(block.at, `there is no place ${block.name} in the population${nearest(block.name, names)}`);
  }
  const rates = conditions.map(({ name }) => `contact_rate_for_${name}`);
  const last = lastOf(block.properties, ["contact_rate", "has_group_agent", ...rates], `place ${block.name}`);
  const rate = last.get("contact_rate");
  if (rate !== undefined) place.contactRate = literalNumber(rate);
  const agent = last.get("has_group_agent");
  if (agent !== undefined) place.hasGroupAgent = literalNumber(agent) !== 0;
  for (const [k, name] of rates.entries()) {
    const own = last.get(name);
    if (own !== undefined && literalNumber(own) >= 0) place.conditionRates.set(k, literalNumber(own));
  }
}

function declareVariables(program: Program, gather: Gather): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  const counts = new Map<string, number>();
  for (const { name, scope, shape, at } of program.variables) {
    const kind = `${scope} ${shape}`;
    const before = variables.get(name);
    if (before !== undefined) {
      // Parts of a model may each declare what they share.
      if (`${before.scope} ${before.shape}` === kind) continue;
      gather(() => {
        throw new SourceError(at, `${name} was declared before, as ${before.scope} ${before.shape}`);
      });
      continue;
    }
    const slot = counts.get(kind) ?? 0;
    counts.set(kind, slot + 1);
    variables.set(name, { name, scope, shape, slot, at, output: false, outputInterval: 1 });
  }
  for (const property of program.variableProperties) gather(() => readVariableProperty(property, variables));
  return variables;
}

function readVariableProperty(property: Property & { variable: string }, variables: Map<string, Variable>): void {
  const variable = variables.get(property.variable);
  if (variable === undefined)
    throw new SourceError(
      property.at,
      `there is no variable ${property.variable}${nearest(property.variable, variables.keys())}`,
    );
  lastOf([property], ["output", "output_interval"], `variable ${variable.name}`);
  if (variable.scope !== "shared" || variable.shape === "string")
    throw new SourceError(
      property.at,
      `${variable.name} is not shared, or is a string; only shared numbers have output`,
    );
  const value = literalNumber(property);
  if (property.name === "output") variable.output = value !== 0;
  else {
    variable.output = true;
    variable.outputInterval = Math.max(0, Math.floor(value));
  }
}
