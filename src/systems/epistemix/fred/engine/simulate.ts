import { PURPOSE } from "../chance/streams";
import { type Condition, IMPORTED } from "./condition";
import { meet, planContacts } from "./contacts";
import type { Steps } from "./enter";
import { RunError } from "./errors";
import type { World } from "./world";

/** What a program has to do beside its conditions. */
export interface Startup {
  meta: (agent: number) => void;
  agent: ((agent: number) => void) | undefined;
  group: ((agent: number) => void) | undefined;
}

/** Does what a program does before its first hour. */
export function begin(world: World, steps: Steps, startup: Startup): void {
  const { chance, meta, population } = world;
  world.hour = 0;
  chance.open(PURPOSE.startup, meta, 0);
  startup.meta(meta);
  if (startup.agent !== undefined) {
    for (let agent = 0; agent < population.people; agent++) {
      if (world.dead[agent] === 1) continue;
      chance.open(PURPOSE.startup, agent, 0);
      world.doing.agent = agent;
      startup.agent(agent);
    }
  }
  if (startup.group !== undefined) {
    for (let agent = population.people; agent < meta; agent++) {
      chance.open(PURPOSE.startup, agent, 0);
      world.doing.agent = agent;
      startup.group(agent);
    }
  }
  world.begun = true;
  world.agentStartup = startup.agent;
  enterStarts(world, steps);
}

/**
 * Condition after condition in the order of the program. What the meta agent brings about finds people in their states,
 * and group agents find what the meta agent has set.
 */
function enterStarts(world: World, steps: Steps): void {
  const { meta, agents, population } = world;
  for (const [index, condition] of world.conditions.entries()) {
    const { start, groupStart, metaStart } = world.model.conditions[index]!;
    const enter = (from: number, to: number, state: number) => {
      for (let agent = from; agent < to; agent++) {
        if (world.dead[agent] === 1) continue;
        world.chance.open(PURPOSE.rules + index, agent, 0);
        steps.enter(condition, agent, state);
      }
    };
    enter(0, population.people, start);
    enter(meta, agents, metaStart);
    enter(population.people, meta, groupStart);
  }
}

/** One hour: agents that are due, condition after condition; then the contacts of the hour. */
export function simulateHour(world: World, steps: Steps): void {
  const { chance, hour, conditions, spreads } = world;
  for (let index = 0; index < conditions.length; index++) {
    const condition = conditions[index]!;
    const { firstDue } = condition;
    for (let agent = firstDue[hour]!; agent >= 0; agent = firstDue[hour]!) {
      chance.open(PURPOSE.rules + index, agent, hour);
      steps.leave(condition, agent);
    }
  }
  for (let index = 0; index < conditions.length; index++) {
    const spread = spreads[index];
    if (spread === undefined) continue;
    planContacts(world, conditions[index]!, spread);
    meet(world, conditions[index]!, spread, (condition, agent, by, kind) =>
      expose(world, steps, condition, agent, by, kind),
    );
  }
}

function expose(
  { population }: World,
  steps: Steps,
  condition: Condition,
  agent: number,
  by: number,
  kind: number,
): void {
  condition.exposures[kind]!++;
  const place = population.places[kind]?.placeOf[agent];
  if (place !== undefined) condition.exposuresAt[kind]![place]!++;
  condition.exposedIn[agent] = kind;
  condition.exposedBy[agent] = by;
  steps.enter(condition, agent, condition.exposedState);
}

/** Exposes people from outside: so many of those who are susceptible, all of them where they are fewer. */
export function importExposures(world: World, steps: Steps, condition: Condition, count: number): void {
  const { population, chance } = world;
  if (condition.exposedState < 0) throw new RunError(`nobody can be exposed to ${condition.name}`);
  const candidates: number[] = [];
  for (let agent = 0; agent < population.people; agent++)
    if (condition.susceptibility[agent]! > 0) candidates.push(agent);
  const exposures = Math.min(Math.round(count), candidates.length);
  for (let k = 0; k < exposures; k++) {
    const other = k + chance.below(candidates.length - k);
    const agent = candidates[other]!;
    candidates[other] = candidates[k]!;
    candidates[k] = agent;
  }
  condition.exposures[condition.exposures.length - 1]! += exposures;
  for (const agent of candidates.slice(0, exposures)) {
    condition.exposedIn[agent] = IMPORTED;
    condition.exposedBy[agent] = -1;
    steps.enter(condition, agent, condition.exposedState);
  }
}
