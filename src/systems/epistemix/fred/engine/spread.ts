import type { ConditionModel, Model } from "../compile/model";
import { contactRates, type Rates } from "./rates";

/** How a condition goes from agent to agent: who can pass it on, and the contacts that they will have today. */
export interface Spread {
  readonly transmissibility: number;
  readonly rates: Rates;
  /** Of the agent whose contacts are being planned: how many an hour it has, by kind of group. */
  readonly hourly: Float64Array;
  /** Agents that can pass the condition on, in no order. */
  readonly active: number[];
  /** Where an agent stands in `active`; -1 nowhere. */
  readonly position: Int32Array;
  /** Counts changes of what an agent passes on: contacts that were planned before the last do not happen. */
  readonly epoch: Uint16Array;
  /** Agents whose contacts are to be planned anew. */
  readonly changed: number[];
  /** By hour of the day, four numbers a contact: agent, kind of group, epoch, which of its plan it is. */
  readonly planned: readonly number[][];
}

/** `undefined` for a condition that no agent passes on. */
export function createSpread(condition: ConditionModel, model: Model, agents: number): Spread | undefined {
  const { transmissibility, exposed, mode } = condition;
  if (exposed < 0 || transmissibility === 0 || mode === "environmental" || mode === "none") return undefined;
  return {
    transmissibility,
    rates: contactRates(model, condition),
    hourly: new Float64Array(model.places.length + model.networks.length),
    active: [],
    position: new Int32Array(agents).fill(-1),
    epoch: new Uint16Array(agents),
    changed: [],
    planned: Array.from({ length: 24 }, () => []),
  };
}

/** Notes that what an agent passes on has changed, to `value`. */
export function changeTransmission(spread: Spread, agent: number, value: number): void {
  const { active, position, epoch, changed } = spread;
  const at = position[agent]!;
  epoch[agent]!++;
  if (value > 0) {
    changed.push(agent);
    if (at < 0) position[agent] = active.push(agent) - 1;
  } else if (at >= 0) {
    const last = active.pop()!;
    if (last !== agent) {
      active[at] = last;
      position[last] = at;
    }
    position[agent] = -1;
  }
}
