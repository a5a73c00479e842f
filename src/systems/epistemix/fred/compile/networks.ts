import { deleteEdge, type Network, setEdge } from "../engine/network";
import type { Expression } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import type { ActionEntry } from "./actionEntry";
import { type Compiler, numberOf } from "./context";

/** The network that an expression names. */
export function networkOf({ world }: Compiler, expression: Expression): Network {
  const called = expression.kind === "name" ? expression.name : "this";
  const found = world.networks.find(({ name }) => name === called);
  if (found !== undefined) return found;
  const names = world.networks.map(({ name }) => name);
  throw new SourceError(expression.at, `there is no network ${called}${nearest(called, names)}`);
}

/** An action on the edge from one agent to another. */
const onEdge = (
  count: 3 | 4,
  act: (network: Network, from: number, to: number, weight: number) => void,
): ActionEntry => ({
  takes: [count, count],
  compile(compiler, [name, ...ends]) {
    const { agentOf } = compiler.world.numbers;
    const network = networkOf(compiler, name!);
    const [from, to, weight] = ends.map((end) => numberOf(compiler, end));
    return (agent) => act(network, agentOf(from!(agent)), agentOf(to!(agent)), weight?.(agent) ?? 1);
  },
});

const MAX_TRIES_AN_EDGE = 20;

/** Random edges between the members, so many a member on average and, where it is said, no more than a number of each. */
const randomize: ActionEntry = {
  takes: [2, 3],
  compile(compiler, [name, mean, most]) {
    const { chance } = compiler.world;
    const network = networkOf(compiler, name!);
    const meanDegree = numberOf(compiler, mean!);
    const maxDegree = most === undefined ? () => Number.POSITIVE_INFINITY : numberOf(compiler, most);
    return (agent) => {
      const members = [...network.members];
      network.out.clear();
      network.into.clear();
      const edges = Math.round((members.length * meanDegree(agent)) / (network.directed ? 1 : 2));
      const most = maxDegree(agent);
      const isFull = (member: number) => (network.out.get(member)?.size ?? 0) >= most;
      for (let tries = 0, made = 0; made < edges && tries < MAX_TRIES_AN_EDGE * edges; tries++) {
        const [from, to] = [members[chance.below(members.length)]!, members[chance.below(members.length)]!];
        if (from === to || isFull(from) || (!network.directed && isFull(to)) || network.out.get(from)?.has(to))
          continue;
        setEdge(network, from, to, 1);
        made++;
      }
    };
  },
};

/** Actions on networks. */
export const networkActions: Readonly<Record<string, ActionEntry>> = {
  add_edge: onEdge(3, setEdge),
  delete_edge: onEdge(3, deleteEdge),
  set_weight: onEdge(4, (network, from, to, weight) => {
    if (network.out.get(from)?.has(to)) setEdge(network, from, to, weight);
  }),
  randomize_network: randomize,
};
