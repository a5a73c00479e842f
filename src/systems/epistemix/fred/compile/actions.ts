import { endAgent, setSusceptibility, setTransmission } from "../engine/enter";
import { RunError } from "../engine/errors";
import { importExposures } from "../engine/simulate";
import type { World } from "../engine/world";
import type { Expression } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import type { ActionEntry } from "./actionEntry";
import { type Compiler, namedCondition, namedState, numberOf, placeOf } from "./context";
import { reads } from "./data";
import { placeAt } from "./functions/people";
import { networkActions } from "./networks";
import { printing } from "./printing";

const MANY = Number.POSITIVE_INFINITY;
const ALL_PLACES = 0xff;

/** Whether agents attend places: without one named, all. */
const attendance = (change: (before: number, bits: number) => number): ActionEntry => ({
  takes: [0, 1],
  compile(compiler, [place]) {
    const { skipped } = compiler.world;
    const bits = place === undefined ? ALL_PLACES : 1 << placeOf(compiler, place);
    return (agent) => {
      skipped[agent] = change(skipped[agent]!, bits);
    };
  },
});

const skip = attendance((before, bits) => before | bits);
const attend = attendance((before, bits) => before & ~bits);

/** `set_state(C, S)`, or `set_state(C, from, to)` for those who are in the first. */
const setState: ActionEntry = {
  takes: [2, 3],
  compile(compiler, [what, first, second]) {
    const { world, steps } = compiler;
    const index = namedCondition(compiler, what!);
    const condition = world.conditions[index]!;
    const state = namedState(compiler, index, second ?? first!);
    if (second === undefined) return (agent) => steps.enter(condition, agent, state);
    const from = namedState(compiler, index, first!);
    return (agent) => {
      if (condition.stateOf[agent] === from) steps.enter(condition, agent, state);
    };
  },
};

function agentsOf(compiler: Compiler, who: Expression): (agent: number) => readonly number[] {
  const value = compiler.value(who);
  if (value.shape === "list") return value.of;
  return (agent) => [value.of(agent)];
}

function known({ agents }: World, id: number): number {
  if (!Number.isInteger(id) || id < 0 || id >= agents) throw new RunError(`there is no agent ${id}`);
  return id;
}

/** Gives a variable of another agent a value. */
const tell: ActionEntry = {
  takes: [3, 3],
  compile(compiler, [who, what, value]) {
    const { world } = compiler;
    const variable = what!.kind === "name" ? world.model.variables.get(what!.name) : undefined;
    if (variable?.scope !== "agent" || variable.shape !== "numeric")
      throw new SourceError(what!.at, "a number that agents have is needed here");
    const values = world.agentNumbers[variable.slot]!;
    const told = agentsOf(compiler, who!);
    const of = numberOf(compiler, value!);
    return (agent) => {
      const next = of(agent);
      for (const other of told(agent)) values[known(world, other)] = next;
    };
  },
};

/** Puts another agent into a state. */
const send: ActionEntry = {
  takes: [3, 3],
  compile(compiler, [who, what, where]) {
    const { world, steps } = compiler;
    const index = namedCondition(compiler, what!);
    const state = namedState(compiler, index, where!);
    const sent = agentsOf(compiler, who!);
    return (agent) => {
      for (const other of [...sent(agent)]) steps.enter(world.conditions[index]!, known(world, other), state);
    };
  },
};

/** Closes, or opens again, the place that a group agent speaks for. */
const closing = (close: (places: Set<number>, place: number) => void): ActionEntry => ({
  takes: [0, 0],
  compile({ world }) {
    return (agent) => {
      const { groups, closed } = world;
      const own = groups.find(({ first, count }) => agent >= first && agent < first + count);
      if (own === undefined) throw new RunError("only group agents can close or reopen a place");
      close(closed[own.kind]!, placeAt(world, agent, own.kind));
    };
  },
});

/** The older words for `C.sus = x` and `C.trans = x`. */
const setOlder = (set: typeof setTransmission): ActionEntry => ({
  takes: [2, 2],
  compile(compiler, [what, value]) {
    const { world } = compiler;
    const condition = world.conditions[namedCondition(compiler, what!)]!;
    const of = numberOf(compiler, value!);
    return (agent) => set(world, condition, agent, of(agent));
  },
});

/** The list itself of a variable, to be changed where it is. */
function listItself({ world }: Compiler, what: Expression): (agent: number) => number[] {
  const variable = what.kind === "name" ? world.model.variables.get(what.name) : undefined;
  if (variable?.shape !== "list") throw new SourceError(what.at, "the name of a list is needed here");
  if (variable.scope === "shared") return () => world.sharedLists[variable.slot]!;
  const lists = world.agentLists[variable.slot]! as (number[] | undefined)[];
  return (agent) => {
    lists[agent] ??= [];
    return lists[agent];
  };
}

const importing: ActionEntry = {
  takes: [2, 2],
  compile(compiler, [what, count]) {
    const { world, steps } = compiler;
    const condition = world.conditions[namedCondition(compiler, what!)]!;
    if (condition.exposedState < 0) throw new SourceError(what!.at, `${condition.name} does not spread`);
    const of = numberOf(compiler, count!);
    return (agent) => importExposures(world, steps, condition, of(agent));
  },
};

const stop: ActionEntry = {
  takes: [0, 0],
  compile({ world }) {
    return () => {
      world.stopped = true;
    };
  },
};

/** Every action of the language. */
export const ACTIONS: Readonly<Record<string, ActionEntry>> = {
  skip,
  absent: skip,
  attend,
  present: attend,
  set_state: setState,
  tell,
  send,
  close: closing((places, place) => places.add(place)),
  reopen: closing((places, place) => places.delete(place)),
  set_sus: setOlder((_, condition, agent, value) => setSusceptibility(condition, agent, value)),
  set_trans: setOlder(setTransmission),
  import_exposures: importing,
  die: {
    takes: [0, 0],
    compile:
      ({ world }) =>
      (agent) =>
        endAgent(world, agent),
  },
  push: {
    takes: [2, MANY],
    compile(compiler, [what, ...values]) {
      const list = listItself(compiler, what!);
      const added = values.map((value) => compiler.value(value));
      return (agent) => {
        const members = list(agent);
        for (const value of added) {
          if (value.shape === "numeric") members.push(value.of(agent));
          else members.push(...value.of(agent));
        }
      };
    },
  },
  erase: {
    takes: [2, 2],
    compile(compiler, [what, index]) {
      const list = listItself(compiler, what!);
      const of = numberOf(compiler, index!);
      return (agent) => {
        const members = list(agent);
        const at = of(agent);
        if (members[at] === undefined) throw new RunError(`index ${at} is outside of a list of ${members.length}`);
        members.splice(at, 1);
      };
    },
  },
  set: {
    takes: [3, 3],
    compile(compiler, [what, index, value]) {
      const list = listItself(compiler, what!);
      const at = numberOf(compiler, index!);
      const of = numberOf(compiler, value!);
      return (agent) => {
        const members = list(agent);
        if (members[at(agent)] === undefined)
          throw new RunError(`index ${at(agent)} is outside of a list of ${members.length}`);
        members[at(agent)] = of(agent);
      };
    },
  },
  quit: stop,
  exit: stop,
  ...networkActions,
  ...reads,
  ...printing,
};
