import { MAX_CONDITIONS } from "../chance/streams";
import type { ConditionBlock, Program, Property } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { declareGroups, networkNumber } from "./groups";
import { lastOf, literalNumber } from "./literals";
import { type ConditionModel, EXCLUDED, type Model, type TransmissionMode, type Variable } from "./model";
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
      mode: "none",
      network: -1,
      transmissibility: 0,
      exposed: -1,
    }),
  );
  for (const condition of conditions) gather(() => checkSize(condition));
  for (const [k, block] of program.conditions.entries()) gather(() => readCondition(block, conditions[k]!));
  const { places, networks } = declareGroups(program, conditions, gather);
  for (const [k, block] of program.conditions.entries()) gather(() => chooseNetwork(block, conditions[k]!, networks));
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
  condition.mode = modeOf(last);
  const rate = last.get("transmissibility");
  if (rate !== undefined) condition.transmissibility = literalNumber(rate);
  if (condition.transmissibility < 0) throw new SourceError(rate!.valueAt, "transmissibility must not be below 0");
  const exposed = last.get("exposed_state");
  condition.exposed = stateOf("exposed_state") ?? -1;
  if (exposed !== undefined && condition.transmissibility === 0)
    throw new SourceError(exposed.at, `exposed_state asks for a transmissibility above 0 in ${block.name}`);
  if (condition.mode !== "none" && condition.exposed < 0)
    throw new SourceError(
      last.get("transmission_mode")!.at,
      `${block.name} spreads, so that it must have an exposed_state`,
    );
}

const MODES: Readonly<Record<string, TransmissionMode>> = {
  none: "none",
  proximity: "proximity",
  respiratory: "proximity",
  network: "network",
  environmental: "environmental",
};

function modeOf(last: ReadonlyMap<string, Property>): TransmissionMode {
  const mode = last.get("transmission_mode");
  // Older programs do not say that what spreads does so where people meet.
  if (mode === undefined) return last.has("exposed_state") ? "proximity" : "none";
  if (Object.hasOwn(MODES, mode.value)) return MODES[mode.value]!;
  throw new SourceError(
    mode.valueAt,
    `there is no transmission_mode ${mode.value}${nearest(mode.value, Object.keys(MODES))}`,
  );
}

function chooseNetwork(block: ConditionBlock, condition: ConditionModel, networks: Model["networks"]): void {
  const named = block.properties.findLast(({ name }) => name === "transmission_network_name");
  if (named !== undefined && named.value !== "none") condition.network = networkNumber(networks, named);
  if (condition.mode === "network" && condition.network < 0)
    throw new SourceError(
      block.at,
      `${block.name} spreads by a network, so that it must have a transmission_network_name`,
    );
}

function stateIndex({ name, states }: ConditionModel, { value, valueAt }: Property): number {
  const index = states.indexOf(value);
  if (index < 0) throw new SourceError(valueAt, `${name} has no state ${value}${nearest(value, states)}`);
  return index;
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
