import { endAgent, setSusceptibility, setTransmission } from "../engine/enter";
import { RunError } from "../engine/errors";
import { importExposures } from "../engine/simulate";
import { SourceError } from "../syntax/source";
import type { ActionEntry } from "./actionEntry";
import { bringingActions } from "./bringing";
import { groupOf, namedCondition, namedState, numberOf } from "./context";
import { reads } from "./data";
import { tableOf } from "./functions/lookups";
import { placeAt } from "./functions/people";
import { listItself } from "./listItself";
import { membership } from "./membership";
import { networkActions } from "./networks";
import { printing } from "./printing";
import { telling } from "./telling";

const MANY = Number.POSITIVE_INFINITY;
const ALL_GROUPS = -1;

/** Whether agents attend places and networks: without one named, all. */
const attendance = (change: (before: number, bits: number) => number): ActionEntry => ({
  takes: [0, 1],
  compile(compiler, [group]) {
    const { skipped } = compiler.world;
    const bits = group === undefined ? ALL_GROUPS : 1 << groupOf(compiler, group);
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

/** The older word, of the condition in whose state it stands. */
const importCount: ActionEntry = {
  takes: [1, 1],
  compile(compiler, [count], at) {
    const { world, steps } = compiler;
    const condition = world.conditions[compiler.condition ?? -1];
    if (condition === undefined || condition.exposedState < 0)
      throw new SourceError(
        at,
        "import_count stands in a state of a condition that spreads; elsewhere write import_exposures(C, n)",
      );
    const of = numberOf(compiler, count!);
    return (agent) => importExposures(world, steps, condition, of(agent));
  },
};

/** An agent leaves for ever; where it is the meta agent, the run ends. */
const exit: ActionEntry = {
  takes: [0, 0],
  compile({ world }) {
    return (agent) => {
      if (agent === world.meta) world.stopped = true;
      else endAgent(world, agent);
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
  close: closing((places, place) => places.add(place)),
  reopen: closing((places, place) => places.delete(place)),
  set_sus: setOlder((_, condition, agent, value) => setSusceptibility(condition, agent, value)),
  set_trans: setOlder(setTransmission),
  import_exposures: importing,
  import_count: importCount,
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
      const variable = what!.kind === "name" ? compiler.world.model.variables.get(what!.name) : undefined;
      if (variable?.shape.endsWith("table")) {
        const table = tableOf(compiler.world, what!);
        const key = numberOf(compiler, index!);
        return (agent) => void table.delete(key(agent));
      }
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
  exit,
  ...telling,
  ...membership,
  ...networkActions,
  ...reads,
  ...bringingActions,
  ...printing,
};
