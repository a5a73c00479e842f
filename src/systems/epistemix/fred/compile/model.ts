import type { Scope, Shape } from "../syntax/ast";
import type { At } from "../syntax/source";

export interface Variable {
  name: string;
  scope: Scope;
  shape: Shape;
  /** Which of the variables of its scope and shape it is. */
  slot: number;
  at: At;
  output: boolean;
  /** Days from one output to the next; 0 is at the end alone. */
  outputInterval: number;
}

/** How a condition goes from one agent to another: not at all, by places, by a network, or from outside alone. */
export type TransmissionMode = "none" | "proximity" | "network" | "environmental";

export interface ConditionModel {
  name: string;
  at: At;
  index: number;
  /** Names by number; 0 is `Excluded`. */
  states: string[];
  start: number;
  metaStart: number;
  groupStart: number;
  mode: TransmissionMode;
  /** The number of the network that it goes along; -1 where it goes along none. */
  network: number;
  /** 0 where the condition does not spread. */
  transmissibility: number;
  /** The state of who is exposed; -1 where nobody can be. */
  exposed: number;
}

/** What a program says of how agents meet in a place or network. */
export interface Mixing {
  /** Contacts an hour of one agent. */
  rate?: number;
  /** Contacts an hour with each other member. */
  prob?: number;
  /** By so much, in each year between their ages, a contact passes less on: exp(-bias * years). */
  ageBias?: number;
}

export interface GroupModel {
  name: string;
  mixing: Mixing;
  /** For one condition, by its number. */
  mixingFor: Map<number, Mixing>;
}

export interface PlaceModel extends GroupModel {
  hasGroupAgent: boolean;
}

export interface NetworkModel extends GroupModel {
  directed: boolean;
  /** Days from one output to the next; 0 for none. */
  outputInterval: number;
}

/** What a program declares. */
export interface Model {
  variables: ReadonlyMap<string, Variable>;
  conditions: readonly ConditionModel[];
  /** Those that every population has, then the program's own. */
  places: readonly PlaceModel[];
  networks: readonly NetworkModel[];
  maxLoops: number;
}

/** The number of `Excluded`, which every condition has. */
export const EXCLUDED = 0;
