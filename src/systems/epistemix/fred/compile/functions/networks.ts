import { numberOf } from "../context";
import { listItself } from "../listItself";
import { networkOf } from "../networks";
import { type FunctionEntry, list, numeric } from "./entry";

/** The agents at the other ends of an agent's edges. */
const links = (direction: "out" | "into"): FunctionEntry => ({
  takes: [1, 2],
  compile(compiler, [name, whose]) {
    const { agentOf, numbersOf } = compiler.world.numbers;
    const edges = networkOf(compiler, name!)[direction];
    const of = whose === undefined ? undefined : numberOf(compiler, whose);
    return list((agent) => numbersOf([...(edges.get(of === undefined ? agent : agentOf(of(agent)))?.keys() ?? [])]));
  },
});

/**
 * `edge_neighborhood(N, agent, steps)`: the agent and all to whom so many edges lead at most, the nearest first. A list
 * named as the fourth is given how many edges each is away.
 */
const edgeNeighborhood: FunctionEntry = {
  takes: [3, 4],
  compile(compiler, [name, whose, steps, distances]) {
    const { world } = compiler;
    const { out } = networkOf(compiler, name!);
    const [of, most] = [numberOf(compiler, whose!), numberOf(compiler, steps!)];
    const away = distances === undefined ? undefined : listItself(compiler, distances);
    return list((agent) => {
      const found = new Map([[world.numbers.agentOf(of(agent)), 0]]);
      for (const [one, far] of found) {
        if (far >= most(agent)) break;
        for (const next of out.get(one)?.keys() ?? []) if (!found.has(next)) found.set(next, far + 1);
      }
      if (away !== undefined) away(agent).splice(0, Number.POSITIVE_INFINITY, ...found.values());
      return [...world.numbers.numbersOf([...found.keys()])];
    });
  },
};

/** What a program can ask of networks. */
export const networkFunctions: Readonly<Record<string, FunctionEntry>> = {
  outlinks: links("out"),
  inlinks: links("into"),
  /** 0 where there is no edge. */
  get_weight: {
    takes: [3, 3],
    compile(compiler, [name, first, second]) {
      const { out } = networkOf(compiler, name!);
      const { agentOf } = compiler.world.numbers;
      const [from, to] = [numberOf(compiler, first!), numberOf(compiler, second!)];
      return numeric((agent) => out.get(agentOf(from(agent)))?.get(agentOf(to(agent))) ?? 0);
    },
  },
  edge_neighborhood: edgeNeighborhood,
};
