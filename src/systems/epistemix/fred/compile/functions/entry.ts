import type { ListOf, NumberOf } from "../../engine/condition";
import type { Expression } from "../../syntax/ast";
import { type Compiler, numberOf, type Value } from "../context";

/** A function of the language. */
export interface FunctionEntry {
  /** The least and the most arguments. */
  takes: readonly [least: number, most: number];
  /** Whether it may stand without brackets. */
  bare?: true;
  compile(compiler: Compiler, args: readonly Expression[], at: Expression["at"]): Value;
}

export const MANY = Number.POSITIVE_INFINITY;

export const numeric = (of: NumberOf): Value => ({ shape: "numeric", of });
export const list = (of: ListOf): Value => ({ shape: "list", of });

/** A function of nothing but the world. */
export function plain(make: (compiler: Compiler) => NumberOf): FunctionEntry {
  return { takes: [0, 0], bare: true, compile: (compiler) => numeric(make(compiler)) };
}

/** A function of so many numbers; where one of its arguments may be a list, see elsewhere. */
export function ofNumbers(
  takes: FunctionEntry["takes"],
  make: (args: readonly NumberOf[], compiler: Compiler) => NumberOf,
): FunctionEntry {
  return {
    takes,
    compile: (compiler, args) =>
      numeric(
        make(
          args.map((arg) => numberOf(compiler, arg)),
          compiler,
        ),
      ),
  };
}
