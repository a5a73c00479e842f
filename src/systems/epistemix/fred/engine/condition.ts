/** A number that is worked out for an agent. */
export type NumberOf = (agent: number) => number;
/** A list of numbers that is worked out for an agent; who gets one must not change it. */
export type ListOf = (agent: number) => readonly number[];
/** Something that an agent does. */
export type Action = (agent: number) => void;

/** What a state makes an agent do. */
export interface StateRules {
  enter: Action;
  /** Hours until the agent leaves; Infinity for ever. */
  wait: NumberOf;
  /** The state that follows; -1 where no rule says. */
  next: NumberOf;
}

/** A condition in a run: who is in which state, and who leaves it when. */
export interface Condition {
  readonly name: string;
  readonly index: number;
  readonly stateNames: readonly string[];
  states: readonly StateRules[];
  /** By agent. */
  readonly stateOf: Uint16Array;
  /** The hour in which an agent leaves; -1 for never. */
  readonly dueHour: Int32Array;
  /** Agents that are due in one hour are linked, the first to come first. */
  readonly after: Int32Array;
  readonly before: Int32Array;
  /** By hour; -1 where nobody is due. */
  readonly firstDue: Int32Array;
  readonly lastDue: Int32Array;
  /** By state: who is there, who came today, who came so far. */
  readonly counts: Int32Array;
  readonly entries: Int32Array;
  readonly totals: Float64Array;
  /** Empty in a condition that does not spread. */
  readonly susceptibility: Float64Array;
  readonly transmission: Float64Array;
  /** The kind of place or network where an agent was exposed: `NOT_EXPOSED`, or `IMPORTED` from outside. */
  readonly exposedIn: Int8Array;
  /** The agent that exposed it; -1 where none did. */
  readonly exposedBy: Int32Array;
  readonly exposedState: number;
  /** Exposures of today by the kind of place, then by network, and as the last those from outside. */
  readonly exposures: Int32Array;
  /** By kind and place, exposures so far. */
  readonly exposuresAt: readonly Int32Array[];
}

export const NOT_EXPOSED = -1;
export const IMPORTED = -2;

export interface ConditionSize {
  agents: number;
  /** Of these, who are not there yet. */
  absent: number;
  hours: number;
  /** Whether agents can be susceptible and transmissible. */
  spreads: boolean;
  /** How many places of each kind there are. */
  places: readonly { count: number }[];
  /** How many networks there are. */
  networks: number;
}

/** A condition in which everybody is in `Excluded`; the meta agent, the last, is counted nowhere. */
export function createCondition(
  named: { name: string; index: number; states: readonly string[]; exposed: number },
  { agents, absent, hours, spreads, places, networks }: ConditionSize,
): Condition {
  const exposable = spreads ? agents : 0;
  const states = named.states.length;
  const counts = new Int32Array(states);
  counts[0] = agents - 1 - absent;
  return {
    name: named.name,
    index: named.index,
    stateNames: named.states,
    states: [],
    stateOf: new Uint16Array(agents),
    dueHour: new Int32Array(agents).fill(-1),
    after: new Int32Array(agents),
    before: new Int32Array(agents),
    firstDue: new Int32Array(hours).fill(-1),
    lastDue: new Int32Array(hours).fill(-1),
    counts,
    entries: new Int32Array(states),
    totals: new Float64Array(states),
    susceptibility: new Float64Array(exposable),
    transmission: new Float64Array(exposable),
    exposedIn: new Int8Array(exposable).fill(NOT_EXPOSED),
    exposedBy: new Int32Array(exposable).fill(-1),
    exposedState: named.exposed,
    exposures: new Int32Array(places.length + networks + 1),
    exposuresAt: spreads ? places.map(({ count }) => new Int32Array(count)) : [],
  };
}

/** Takes an agent out of the hour in which it was due. */
export function unschedule(condition: Condition, agent: number): void {
  const hour = condition.dueHour[agent]!;
  if (hour < 0) return;
  const { after, before } = condition;
  const next = after[agent]!;
  const last = before[agent]!;
  if (last < 0) condition.firstDue[hour] = next;
  else after[last] = next;
  if (next < 0) condition.lastDue[hour] = last;
  else before[next] = last;
  condition.dueHour[agent] = -1;
}

/** Makes an agent due in an hour; one beyond the run is never due. */
export function schedule(condition: Condition, agent: number, hour: number): void {
  if (condition.dueHour[agent]! >= 0) unschedule(condition, agent);
  if (hour >= condition.firstDue.length) return;
  const last = condition.lastDue[hour]!;
  condition.before[agent] = last;
  condition.after[agent] = -1;
  if (last < 0) condition.firstDue[hour] = agent;
  else condition.after[last] = agent;
  condition.lastDue[hour] = agent;
  condition.dueHour[agent] = hour;
}
