import type { Expression } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import type { ActionEntry } from "./actionEntry";
import { type Compiler, namedCondition, namedState, numberOf } from "./context";

/** The agents that a number or a list of numbers names. */
function agentsOf(compiler: Compiler, who: Expression): (agent: number) => readonly number[] {
  const value = compiler.value(who);
  const { agentOf } = compiler.world.numbers;
  if (value.shape === "numeric") return (agent) => [agentOf(value.of(agent))];
  return (agent) => value.of(agent).map(agentOf);
}

/** Gives a variable of other agents a value, in which `_` is each of them in turn. */
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
    const { numberOf: numberOfAgent } = world.numbers;
    return (agent) => {
      const outer = world.blank;
      for (const other of told(agent)) {
        world.blank = numberOfAgent(other);
        values[other] = of(agent);
      }
      world.blank = outer;
    };
  },
};

/** Puts other agents into a state. */
const send: ActionEntry = {
  takes: [3, 3],
  compile(compiler, [who, what, where]) {
    const { world, steps } = compiler;
    const index = namedCondition(compiler, what!);
    const state = namedState(compiler, index, where!);
    const sent = agentsOf(compiler, who!);
    return (agent) => {
      for (const other of [...sent(agent)]) steps.enter(world.conditions[index]!, other, state);
    };
  },
};

/** What one agent does to others. */
export const telling: Readonly<Record<string, ActionEntry>> = { tell, send };
