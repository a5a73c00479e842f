import type { Action } from "../engine/condition";
import type { Expression } from "../syntax/ast";
import type { Compiler } from "./context";

/** An action of the language. */
export interface ActionEntry {
  /** The least and the most arguments. */
  takes: readonly [least: number, most: number];
  compile(compiler: Compiler, args: readonly Expression[], at: Expression["at"]): Action;
}
