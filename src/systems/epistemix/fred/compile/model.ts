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

export interface ConditionModel {
  name: string;
  at: At;
  index: number;
  /** Names by number; 0 is `Excluded`. */
  states: string[];
  start: number;
  metaStart: number;
  groupStart: number;
  /** 0 where the condition does not spread. */
  transmissibility: number;
  /** The state of who is exposed; -1 where nobody can be. */
  exposed: number;
}

export interface PlaceModel {
  name: string;
  hasGroupAgent: boolean;
  /** Contacts an hour, where the program says so; for one condition by its number. */
  contactRate: number | undefined;
  conditionRates: Map<number, number>;
}

/** What a program declares. */
export interface Model {
  variables: ReadonlyMap<string, Variable>;
  conditions: readonly ConditionModel[];
  places: readonly PlaceModel[];
  networks: readonly { name: string; directed: boolean; outputInterval: number }[];
  maxLoops: number;
}

/** The number of `Excluded`, which every condition has. */
export const EXCLUDED = 0;
