import { type Condition, IMPORTED, type ListOf, type NumberOf } from "../../engine/condition";
import type { World } from "../../engine/world";
import { membersOf } from "../../people/population";
import type { Expression } from "../../syntax/ast";
import { SourceError } from "../../syntax/source";
import { type Compiler, conditionOf, groupOf, namedCondition, numberOf, placeOf, stateOf } from "../context";
import { type FunctionEntry, list, numeric, plain } from "./entry";

const DAYS_OF_YEAR = 365.25;

/** The place of a kind where an agent belongs: of a person where it lives or learns, of a group agent what it speaks for. */
export function placeAt({ population, groups }: World, agent: number, kind: number): number {
  if (agent < population.people) return population.places[kind]!.placeOf[agent]!;
  const own = groups.find((group) => group.kind === kind && agent >= group.first && agent < group.first + group.count);
  return own === undefined ? -1 : agent - own.first;
}

function membersAt({ population }: World, kind: number, place: number): Int32Array | readonly number[] {
  return membersOf(population.places[kind]!, place);
}

/** A function of a kind of place. */
const ofPlace = (make: (world: World, kind: number) => NumberOf): FunctionEntry => ({
  takes: [1, 1],
  compile: (compiler, [arg]) => numeric(make(compiler.world, placeOf(compiler, arg!))),
});

const ofCondition = (make: (condition: Condition, world: World) => NumberOf): FunctionEntry => ({
  takes: [1, 1],
  compile: (compiler, [arg]) => numeric(make(spreading(compiler, arg!), compiler.world)),
});

function spreading(compiler: Compiler, arg: Expression): Condition {
  const condition = compiler.world.conditions[namedCondition(compiler, arg)]!;
  if (condition.exposedState < 0) throw new SourceError(arg.at, `${condition.name} does not spread`);
  return condition;
}

/** `current_count(C.S)`, and among those who share a place with the agent `current_count(C.S, School)`. */
const currentCount: FunctionEntry = {
  takes: [1, 2],
  compile(compiler, [what, where]) {
    if (what!.kind !== "member") throw new SourceError(what!.at, "CONDITION.STATE is needed here");
    const { world } = compiler;
    const index = conditionOf(compiler, { at: what!.at, name: what!.owner });
    const state = stateOf(compiler, index, what!);
    const { counts, stateOf: states } = world.conditions[index]!;
    if (where === undefined) return numeric(() => counts[state]!);
    const kind = placeOf(compiler, where);
    return numeric((agent) => {
      let count = 0;
      for (const member of membersAt(world, kind, placeAt(world, agent, kind)))
        if (states[member] === state && world.dead[member] === 0) count++;
      return count;
    });
  },
};

/** What another agent, or each of several, would give for an expression. */
const ask: FunctionEntry = {
  takes: [2, 2],
  compile(compiler, [who, what]) {
    const { world } = compiler;
    const asked = compiler.value(who!);
    const answer = numberOf(compiler, what!);
    const { agentOf } = world.numbers;
    if (asked.shape === "numeric") return numeric((agent) => answer(agentOf(asked.of(agent))));
    return list((agent) => asked.of(agent).map((other) => answer(agentOf(other))));
  },
};

const isPopulation = (arg: Expression) => arg.kind === "name" && arg.name === "Population";

function living(world: World): number[] {
  const ids: number[] = [];
  for (let agent = 0; agent < world.population.people; agent++) if (world.dead[agent] === 0) ids.push(agent);
  return ids;
}

/** Who belongs to the agent's own place of a kind, or to a network; everybody of `Population`. */
function memberList(compiler: Compiler, arg: Expression): ListOf {
  const { world } = compiler;
  if (isPopulation(arg)) return () => living(world);
  const kind = groupOf(compiler, arg);
  const network = world.networks[kind - world.population.places.length];
  const isThere = (id: number) => world.dead[id] === 0;
  if (network !== undefined) return () => [...network.members].filter(isThere);
  return (agent) => [...membersAt(world, kind, placeAt(world, agent, kind))].filter(isThere);
}

const members: FunctionEntry = {
  takes: [1, 1],
  compile(compiler, [arg]) {
    const of = memberList(compiler, arg!);
    return list((agent) => compiler.world.numbers.numbersOf(of(agent)));
  },
};

const size: FunctionEntry = {
  takes: [1, 1],
  compile(compiler, [arg]) {
    const { world } = compiler;
    if (isPopulation(arg!)) return numeric(() => world.population.people - world.deaths);
    const kind = groupOf(compiler, arg!);
    const network = world.networks[kind - world.population.places.length];
    if (network !== undefined) return numeric(() => network.members.size);
    return numeric((agent) => membersAt(world, kind, placeAt(world, agent, kind)).length);
  },
};

const isMember: FunctionEntry = {
  takes: [1, 1],
  compile(compiler, [arg]) {
    const { world } = compiler;
    const kind = groupOf(compiler, arg!);
    const network = world.networks[kind - world.population.places.length];
    if (network !== undefined) return numeric((agent) => (network.members.has(agent) ? 1 : 0));
    return numeric((agent) => (placeAt(world, agent, kind) >= 0 ? 1 : 0));
  },
};

/** What a program can ask of people and places. */
export const people: Readonly<Record<string, FunctionEntry>> = {
  id: plain(({ world }) => world.numbers.numberOf),
  age: plain(({ world }) => {
    const { ageDays, people: count } = world.population;
    return (agent) => (agent < count ? Math.floor((ageDays[agent]! + world.day) / DAYS_OF_YEAR) : 0);
  }),
  sex: plain(
    ({ world: { population } }) =>
      (agent) =>
        population.sex[agent] ?? 0,
  ),
  is_member: isMember,
  place_id: ofPlace((world, kind) => (agent) => world.numbers.placeNumber(kind, placeAt(world, agent, kind))),
  is_temporarily_closed: ofPlace((world, kind) => {
    const closed = world.closed[kind]!;
    return (agent) => (closed.has(placeAt(world, agent, kind)) ? 1 : 0);
  }),
  is_group_agent: ofPlace(({ groups, meta, population }, kind) => {
    const own = groups.find((group) => group.kind === kind);
    if (own === undefined) return () => 0;
    return (agent) =>
      agent >= population.people && agent < meta && agent >= own.first && agent < own.first + own.count ? 1 : 0;
  }),
  get_group_agents: {
    takes: [1, 1],
    compile(compiler, [arg]) {
      const kind = placeOf(compiler, arg!);
      const own = compiler.world.groups.find((group) => group.kind === kind);
      const agents = Array.from({ length: own?.count ?? 0 }, (_, k) => own!.first + k);
      const ids = compiler.world.numbers.numbersOf(agents);
      return list(() => ids);
    },
  },
  get_population: { takes: [0, 0], compile: ({ world }) => list(() => world.numbers.numbersOf(living(world))) },
  members,
  size,
  ask,
  current_count: currentCount,
  was_exposed_externally: ofCondition(
    ({ exposedIn }) =>
      (agent) =>
        exposedIn[agent] === IMPORTED ? 1 : 0,
  ),
  source: ofCondition(({ exposedBy }, { numbers }) => (agent) => {
    const by = exposedBy[agent] ?? -1;
    return by < 0 ? -1 : numbers.numberOf(by);
  }),
  was_exposed_in: {
    takes: [2, 2],
    compile(compiler, [arg, where]) {
      const { exposedIn } = spreading(compiler, arg!);
      const kind = groupOf(compiler, where!);
      return numeric((agent) => (exposedIn[agent] === kind ? 1 : 0));
    },
  },
};
