import { RunError } from "../engine/errors";
import { deleteEdge, type Network } from "../engine/network";
import { joinPlace, leavePlace } from "../people/population";
import { SourceError } from "../syntax/source";
import type { ActionEntry } from "./actionEntry";
import { type Compiler, groupOf, numberOf } from "./context";

/** `join(N)` of a network; `join(P, number)` of a place, `join(P)` of any of its kind. */
const join: ActionEntry = {
  takes: [1, 2],
  compile(compiler, [group, which]) {
    const { world } = compiler;
    const found = groupAt(compiler, group!);
    if ("network" in found) {
      const { members } = found.network;
      if (which !== undefined) throw new SourceError(which.at, "a network is one: there is nothing to choose from");
      return (agent) => members.add(agent);
    }
    const { kind } = found;
    const place = world.population.places[kind]!;
    const of = which === undefined ? undefined : numberOf(compiler, which);
    return (agent) => {
      if (agent >= world.population.people) throw new RunError("only people can join a place");
      if (of === undefined && place.count === 0) throw new RunError(`there is no ${place.name} to join`);
      joinPlace(
        place,
        agent,
        of === undefined ? world.chance.below(place.count) : world.numbers.placeAt(kind, of(agent)),
      );
    };
  },
};

/** `quit(N)` or `quit(P)` ends the agent's membership; `quit()` ends the run. */
const quit: ActionEntry = {
  takes: [0, 1],
  compile(compiler, [group]) {
    const { world } = compiler;
    if (group === undefined)
      return () => {
        world.stopped = true;
      };
    const found = groupAt(compiler, group);
    if ("network" in found) return (agent) => leaveNetwork(found.network, agent);
    const place = world.population.places[found.kind]!;
    return (agent) => {
      if (agent < world.population.people) leavePlace(place, agent);
    };
  },
};

function groupAt(compiler: Compiler, group: Parameters<typeof groupOf>[1]): { kind: number } | { network: Network } {
  const { places } = compiler.world.population;
  const kind = groupOf(compiler, group);
  return kind < places.length ? { kind } : { network: compiler.world.networks[kind - places.length]! };
}

function leaveNetwork(network: Network, agent: number): void {
  network.members.delete(agent);
  for (const to of [...(network.out.get(agent)?.keys() ?? [])]) deleteEdge(network, agent, to);
  for (const from of [...(network.into.get(agent)?.keys() ?? [])]) deleteEdge(network, from, agent);
}

/** What makes agents members of places and networks. */
export const membership: Readonly<Record<string, ActionEntry>> = { join, quit };
