import { type Condition, schedule, unschedule } from "./condition";
import { RunError } from "./errors";
import { changeTransmission } from "./spread";
import type { World } from "./world";

const MAX_NESTED = 100;

/** How agents change their states in a world. */
export interface Steps {
  /** Puts an agent into a state, now, and on through states that last no time. */
  enter(condition: Condition, agent: number, state: number): void;
  /** Lets an agent leave the state that it was due to leave. */
  leave(condition: Condition, agent: number): void;
}

/** @throws RunError where states that last no time follow one another for ever */
export function createSteps(world: World): Steps {
  return {
    enter: (condition, agent, state) => enter(world, condition, agent, state),
    leave: (condition, agent) => leave(world, condition, agent),
  };
}

function settle({ doing, meta }: World, condition: Condition, agent: number, state: number): void {
  const { counts, entries, stateOf } = condition;
  if (agent !== meta) {
    counts[stateOf[agent]!]!--;
    counts[state]!++;
    entries[state]!++;
  }
  stateOf[agent] = state;
  doing.condition = condition;
  doing.state = state;
  doing.agent = agent;
}

function follow(world: World, condition: Condition, agent: number, first: number): void {
  const { maxLoops } = world.model;
  let state = first;
  for (let loops = 0; loops < maxLoops; loops++) {
    settle(world, condition, agent, state);
    const rules = condition.states[state]!;
    rules.enter(agent);
    // Its own actions may have put the agent elsewhere, or ended it.
    if (condition.stateOf[agent] !== state || (world.deaths > 0 && world.dead[agent] === 1)) return;
    const next = leaveAfter(world, condition, agent, rules.wait(agent));
    if (next < 0) return;
    state = next;
  }
  throw new RunError(`states that last no time followed one another ${maxLoops} times (max_loops)`);
}

/** The next state where the wait is over at once; -1 where the agent stays for now. */
function leaveAfter(world: World, condition: Condition, agent: number, wait: number): number {
  if (Number.isNaN(wait)) throw new RunError("the wait is not a number");
  const hours = Math.round(wait);
  if (hours > 0) {
    if (hours === Number.POSITIVE_INFINITY) unschedule(condition, agent);
    else schedule(condition, agent, world.hour + hours);
    return -1;
  }
  const next = condition.states[condition.stateOf[agent]!]!.next(agent);
  if (next < 0) unschedule(condition, agent);
  return next;
}

function enter(world: World, condition: Condition, agent: number, state: number): void {
  const { doing } = world;
  if (world.deaths > 0 && world.dead[agent] === 1) return;
  if (doing.nested >= MAX_NESTED) throw new RunError(`actions set states that set states, ${MAX_NESTED} deep`);
  const { condition: before, state: stateBefore, agent: agentBefore } = doing;
  doing.nested++;
  follow(world, condition, agent, state);
  doing.nested--;
  doing.condition = before;
  doing.state = stateBefore;
  doing.agent = agentBefore;
}

function leave(world: World, condition: Condition, agent: number): void {
  const { doing } = world;
  unschedule(condition, agent);
  doing.condition = condition;
  doing.agent = agent;
  doing.state = condition.stateOf[agent]!;
  const rules = condition.states[doing.state]!;
  const next = rules.next(agent);
  if (next >= 0) {
    follow(world, condition, agent, next);
    return;
  }
  // No rule says where to go: the agent stays, and waits again.
  const again = Math.round(rules.wait(agent));
  if (again > 0 && again < Number.POSITIVE_INFINITY) schedule(condition, agent, world.hour + again);
}

/** Ends an agent: it keeps its states in the counts of those who came, leaves those of who is there, and meets nobody. */
export function endAgent(world: World, agent: number): void {
  if (world.dead[agent] === 1 || agent === world.meta) return;
  world.dead[agent] = 1;
  world.deaths++;
  world.skipped[agent] = -1;
  for (const condition of world.conditions) {
    unschedule(condition, agent);
    condition.counts[condition.stateOf[agent]!]!--;
    setSusceptibility(condition, agent, 0);
    setTransmission(world, condition, agent, 0);
  }
}

export function setSusceptibility(condition: Condition, agent: number, value: number): void {
  if (condition.susceptibility.length > 0) condition.susceptibility[agent] = value;
}

export function setTransmission(world: World, condition: Condition, agent: number, value: number): void {
  const spread = world.spreads[condition.index];
  if (spread === undefined || condition.transmission[agent] === value || agent >= world.population.people) return;
  condition.transmission[agent] = value;
  changeTransmission(spread, agent, value);
}
