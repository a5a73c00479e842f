import type { ListOf, NumberOf } from "../engine/condition";
import type { Steps } from "../engine/enter";
import type { World } from "../engine/world";
import type { ModelSource } from "../model";
import type { Expression } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";
import { placeIndex } from "./groups";

/** What an expression is worth. */
export type Value = { shape: "numeric"; of: NumberOf } | { shape: "list"; of: ListOf };

/** What every part of the compiler is handed. */
export interface Compiler {
  readonly world: World;
  readonly steps: Steps;
  /** The files of the model, whose data it may read. */
  readonly source: ModelSource;
  /** The condition whose state is being compiled; undefined elsewhere. */
  readonly condition?: number;
  value(expression: Expression): Value;
}

/** A number; a list where one is wanted is a fault. */
export function numberOf(compiler: Compiler, expression: Expression): NumberOf {
  const value = compiler.value(expression);
  if (value.shape !== "numeric") throw new SourceError(expression.at, "a number is needed here, and this is a list");
  return value.of;
}

export function listOf(compiler: Compiler, expression: Expression): ListOf {
  const value = compiler.value(expression);
  if (value.shape !== "list") throw new SourceError(expression.at, "a list is needed here, and this is a number");
  return value.of;
}

/** The number of the kind of place that an expression names. */
export function placeOf({ world }: Compiler, expression: Expression): number {
  const names = [...world.model.places, ...world.model.networks].map(({ name }) => name);
  if (expression.kind !== "name") throw new SourceError(expression.at, `a place is needed here: ${names.join(", ")}`);
  const index = placeIndex(world.model.places, expression.name);
  if (index < 0)
    throw new SourceError(expression.at, `there is no place ${expression.name}${nearest(expression.name, names)}`);
  return index;
}

/** The number of the kind of place, or behind those of the network, that an expression names. */
export function groupOf(compiler: Compiler, expression: Expression): number {
  const { places, networks } = compiler.world.model;
  const network = expression.kind === "name" ? networks.findIndex(({ name }) => name === expression.name) : -1;
  // A place of the same name comes first.
  const isPlace = expression.kind === "name" && placeIndex(places, expression.name) >= 0;
  return network >= 0 && !isPlace ? places.length + network : placeOf(compiler, expression);
}

export function conditionOf({ world }: Compiler, { at, name }: { at: Expression["at"]; name: string }): number {
  const index = world.model.conditions.findIndex((condition) => condition.name === name);
  if (index < 0) {
    const names = world.model.conditions.map((condition) => condition.name);
    throw new SourceError(at, `there is no condition ${name}${nearest(name, names)}`);
  }
  return index;
}

export function namedCondition(compiler: Compiler, expression: Expression): number {
  if (expression.kind !== "name") throw new SourceError(expression.at, "the name of a condition is needed here");
  return conditionOf(compiler, expression);
}

export function stateOf(
  { world }: Compiler,
  condition: number,
  { at, name }: { at: Expression["at"]; name: string },
): number {
  const { states, name: owner } = world.model.conditions[condition]!;
  const index = states.indexOf(name);
  if (index < 0) throw new SourceError(at, `${owner} has no state ${name}${nearest(name, states)}`);
  return index;
}

export function namedState(compiler: Compiler, condition: number, expression: Expression): number {
  if (expression.kind !== "name") throw new SourceError(expression.at, "the name of a state is needed here");
  return stateOf(compiler, condition, expression);
}
