import type { Steps } from "./enter";
import type { World } from "./world";

/** Lets agents begin who were not there before: all of them are there before the first enters its states. */
export function arrive(world: World, steps: Steps, agents: readonly number[]): void {
  const come = agents.filter((agent) => world.dead[agent] === 1);
  for (const agent of come) {
    world.dead[agent] = 0;
    world.deaths--;
    world.skipped[agent] = 0;
    for (const { counts } of world.conditions) counts[0]!++;
  }
  // Before the first hour they begin with all others.
  if (!world.begun) return;
  for (const agent of come) {
    world.agentStartup?.(agent);
    for (const [index, condition] of world.conditions.entries())
      steps.enter(condition, agent, world.model.conditions[index]!.start);
  }
}
