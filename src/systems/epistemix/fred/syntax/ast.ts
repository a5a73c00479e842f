import type { At } from "./source";

/** What is calculated. */
export type Expression =
  | { kind: "number"; at: At; value: number }
  | { kind: "text"; at: At; value: string }
  | { kind: "date"; at: At; month: number; day: number }
  | { kind: "name"; at: At; name: string }
  | { kind: "member"; at: At; owner: string; name: string }
  | { kind: "call"; at: At; name: string; args: Expression[] }
  | { kind: "not"; at: At; of: Expression }
  | { kind: "minus"; at: At; of: Expression }
  | { kind: "binary"; at: At; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "index"; at: At; of: Expression; index: Expression }
  | { kind: "blank"; at: At }
  | { kind: "operator"; at: At; operator: BinaryOperator };

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or";

/** What is done. */
export type Statement =
  | { kind: "assign"; at: At; target: Expression; value: Expression }
  | { kind: "action"; at: At; name: string; args: Expression[] }
  | { kind: "wait"; at: At; hours: Expression | undefined }
  | { kind: "next"; at: At; state: string | undefined; probability: Expression | undefined }
  | { kind: "default"; at: At; state: string | undefined }
  | { kind: "if"; at: At; condition: Expression; then: Statement[]; otherwise: Statement[] }
  | { kind: "for"; at: At; variable: string; list: Expression; body: Statement[] }
  | { kind: "while"; at: At; condition: Expression; body: Statement[] };

/** `name = value`, the value as it is written. */
export interface Property {
  name: string;
  value: string;
  at: At;
  valueAt: At;
}

export interface StateBlock {
  name: string;
  at: At;
  body: Statement[];
}

export interface ConditionBlock {
  name: string;
  at: At;
  properties: Property[];
  states: StateBlock[];
}

export type Scope = "shared" | "agent";
export type Shape = "numeric" | "list" | "table" | "list_table" | "string";

export interface VariableDeclaration {
  name: string;
  at: At;
  scope: Scope;
  shape: Shape;
}

/** `place NAME { }` or `network NAME { }`. */
export interface GroupBlock {
  kind: "place" | "network";
  name: string;
  at: At;
  properties: Property[];
}

/** A program as it was written, its included files in their places; later blocks of one name were added to the first. */
export interface Program {
  simulation: Property[];
  variables: VariableDeclaration[];
  /** `NAME.output = 1` and the like of variables. */
  variableProperties: (Property & { variable: string })[];
  /** Assignments within `variables`, then the `startup` blocks. */
  assignments: Statement[];
  startup: Statement[];
  agentStartup: Statement[];
  groupStartup: Statement[];
  conditions: ConditionBlock[];
  groups: GroupBlock[];
}
