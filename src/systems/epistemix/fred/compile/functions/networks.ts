import { numberOf } from "../context";
import { networkOf } from "../networks";
import { type FunctionEntry, list, numeric } from "./entry";

/** The agents at the other ends of an agent's edges. */
const links = (direction: "out" | "into"): FunctionEntry => ({
  takes: [1, 2],
  compile(compiler, [name, whose]) {
    const edges = networkOf(compiler, name!)[direction];
    const of = whose === undefined ? undefined : numberOf(compiler, whose);
    return list((agent) => [...(edges.get(of === undefined ? agent : of(agent))?.keys() ?? [])]);
  },
});

/** What a program can ask of networks. */
export const networkFunctions: Readonly<Record<string, FunctionEntry>> = {
  outlinks: links("out"),
  inlinks: links("into"),
  /** 0 where there is no edge. */
  get_weight: {
    takes: [3, 3],
    compile(compiler, [name, first, second]) {
      const { out } = networkOf(compiler, name!);
      const [from, to] = [numberOf(compiler, first!), numberOf(compiler, second!)];
      return numeric((agent) => out.get(from(agent))?.get(to(agent)) ?? 0);
    },
  },
};
