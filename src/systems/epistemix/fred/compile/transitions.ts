import type { NumberOf } from "../engine/condition";
import { RunError } from "../engine/errors";
import type { Statement } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import { type Compiler, numberOf, stateOf } from "./context";
import { type Rule, rulesOf } from "./roles";

interface Transition {
  /** `undefined` where the rule always applies. */
  applies: NumberOf | undefined;
  state: number;
  /** `undefined` where it is certain. */
  probability: NumberOf | undefined;
}

/**
 * The state that follows. Rules are read in their order: one that applies and is certain is taken, one with a
 * probability takes its share of chance, the default takes the rest (docs/epidemics.md, "States").
 *
 * @returns a closure that gives -1 where no rule says
 */
export function compileNext(
  compiler: Compiler,
  condition: number,
  state: number,
  part: readonly Statement[],
): NumberOf {
  const rules = rulesOf(part);
  const transitions: Transition[] = [];
  let otherwise: number | undefined;
  for (const rule of rules) {
    const { statement } = rule;
    if (statement.kind !== "next" && statement.kind !== "default") continue;
    const to =
      statement.state === undefined ? state : stateOf(compiler, condition, { at: statement.at, name: statement.state });
    if (statement.kind === "default" && rule.tests.length === 0) otherwise = to;
    else
      transitions.push({ applies: testOf(compiler, rule), state: to, probability: probabilityOf(compiler, statement) });
  }
  checkLiterals(rules);
  return chosen(compiler, transitions, otherwise ?? -1);
}

function probabilityOf(compiler: Compiler, statement: Statement): NumberOf | undefined {
  if (statement.kind !== "next" || statement.probability === undefined) return undefined;
  return numberOf(compiler, statement.probability);
}

/** Literal probabilities of rules that always apply must not add to more than 1. */
function checkLiterals(rules: readonly Rule[]): void {
  let sum = 0;
  for (const { statement, tests } of rules) {
    if (statement.kind !== "next" || statement.probability?.kind !== "number" || tests.length > 0) continue;
    sum += statement.probability.value;
    if (sum > 1 + 1e-9)
      throw new SourceError(
        statement.at,
        `the probabilities of this state add to ${Number(sum.toFixed(9))}, more than 1`,
      );
  }
}

/** All tests of a rule as one; `undefined` where there is none. */
export function testOf(compiler: Compiler, { tests }: Rule): NumberOf | undefined {
  let all: NumberOf | undefined;
  for (const { condition, holds } of tests) {
    const of = numberOf(compiler, condition);
    const one: NumberOf = holds ? of : (agent) => (of(agent) === 0 ? 1 : 0);
    const before = all;
    all = before === undefined ? one : (agent) => (before(agent) !== 0 && one(agent) !== 0 ? 1 : 0);
  }
  return all;
}

function chosen(compiler: Compiler, transitions: readonly Transition[], otherwise: number): NumberOf {
  const [only] = transitions;
  if (only === undefined || (only.applies === undefined && only.probability === undefined)) {
    const state = only?.state ?? otherwise;
    return () => state;
  }
  if (transitions.every(({ probability }) => probability === undefined)) return certain(transitions, otherwise);
  return byChance(compiler, transitions, otherwise);
}

function certain(transitions: readonly Transition[], otherwise: number): NumberOf {
  const tests = transitions.map(({ applies }) => applies ?? (() => 1));
  const states = Int32Array.from(transitions, ({ state }) => state);
  return (agent) => {
    for (let k = 0; k < tests.length; k++) if (tests[k]!(agent) !== 0) return states[k]!;
    return otherwise;
  };
}

/** Writes the shares of rules that apply, up to the first that is certain, and gives that one's place, or their end. */
function shareOut(transitions: readonly Transition[], shares: Float64Array, agent: number): number {
  for (let k = 0; k < transitions.length; k++) {
    const { applies, probability } = transitions[k]!;
    shares[k] = 0;
    if (applies !== undefined && applies(agent) === 0) continue;
    if (probability === undefined) return k;
    const share = probability(agent);
    if (!(share >= 0)) throw new RunError(`a probability of ${share}`);
    shares[k] = share;
  }
  return transitions.length;
}

function byChance({ world }: Compiler, transitions: readonly Transition[], otherwise: number): NumberOf {
  const { chance, printed } = world;
  const shares = new Float64Array(transitions.length);
  return (agent) => {
    const count = shareOut(transitions, shares, agent);
    const last = transitions[count]?.state ?? otherwise;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += shares[k]!;
    if (sum === 0) return last;
    if (sum > 1 + 1e-9) printed.warnings.add("probabilities of a state added to more than 1 and were scaled to 1");
    let u = chance.next() * Math.max(1, sum);
    for (let k = 0; k < count; k++) {
      u -= shares[k]!;
      if (u < 0) return transitions[k]!.state;
    }
    return last;
  };
}

/** Hours until a state is left: of the first `wait` that applies. */
export function compileWait(compiler: Compiler, part: readonly Statement[], without: number): NumberOf {
  const waits = rulesOf(part).map((rule) => {
    const hours = rule.statement.kind === "wait" ? rule.statement.hours : undefined;
    const of: NumberOf = hours === undefined ? () => Number.POSITIVE_INFINITY : numberOf(compiler, hours);
    return { applies: testOf(compiler, rule), of };
  });
  const [first] = waits;
  if (first === undefined) return () => without;
  if (first.applies === undefined) return first.of;
  return (agent) => {
    for (const { applies, of } of waits) if (applies === undefined || applies(agent) !== 0) return of(agent);
    return without;
  };
}
