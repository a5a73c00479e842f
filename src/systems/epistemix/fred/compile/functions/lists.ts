import type { ListOf, NumberOf } from "../../engine/condition";
import { RunError } from "../../engine/errors";
import type { Expression } from "../../syntax/ast";
import { SourceError } from "../../syntax/source";
import { hasBlank } from "../../syntax/walk";
import { type Compiler, listOf, numberOf } from "../context";
import { comparison } from "./arithmetic";
import { type FunctionEntry, list, MANY, numeric } from "./entry";
import { samples, sized } from "./samples";

type Members = readonly number[];

/** A function of one list. */
const ofList = (f: (members: Members) => Members): FunctionEntry => ({
  takes: [1, 1],
  compile(compiler, [arg]) {
    const of = listOf(compiler, arg!);
    return list((agent) => f(of(agent)));
  },
});

const toNumber = (f: (members: Members) => number): FunctionEntry => ({
  takes: [1, 1],
  compile(compiler, [arg]) {
    const of = listOf(compiler, arg!);
    return numeric((agent) => f(of(agent)));
  },
});

const ofTwo = (f: (a: Members, b: Members) => Members): FunctionEntry => ({
  takes: [2, 2],
  compile(compiler, [first, second]) {
    const a = listOf(compiler, first!);
    const b = listOf(compiler, second!);
    return list((agent) => f(a(agent), b(agent)));
  },
});

/** An expression with `_` in it, worked out for each member in turn. */
function eachMember({ world }: Compiler, members: Members, agent: number, of: NumberOf): number[] {
  const outer = world.blank;
  const values = members.map((member) => {
    world.blank = member;
    return of(agent);
  });
  world.blank = outer;
  return values;
}

/** Whether each member is wanted: `(list, condition with _)` or `(list, comparison, value)`. */
function wanted(
  compiler: Compiler,
  args: readonly Expression[],
): { of: ListOf; test: (members: Members, agent: number) => boolean[] } {
  const of = listOf(compiler, args[0]!);
  const [, second, third] = args;
  if (second!.kind === "operator") {
    if (third === undefined) throw new SourceError(second!.at, "a value to compare with is missing");
    const compare = comparison(second!.operator);
    const value = numberOf(compiler, third);
    return {
      of,
      test: (members, agent) => {
        const against = value(agent);
        return members.map((member) => compare(member, against) !== 0);
      },
    };
  }
  if (third !== undefined) throw new SourceError(second!.at, "a comparison such as < is needed before a value");
  const test = numberOf(compiler, second!);
  return { of, test: (members, agent) => eachMember(compiler, members, agent, test).map((value) => value !== 0) };
}

const filter: FunctionEntry = {
  takes: [2, 3],
  compile(compiler, args) {
    const { of, test } = wanted(compiler, args);
    return list((agent) => {
      const members = of(agent);
      const kept = test(members, agent);
      return members.filter((_, k) => kept[k]);
    });
  },
};

const indices: FunctionEntry = {
  takes: [2, 3],
  compile(compiler, args) {
    const { of, test } = wanted(compiler, args);
    return list((agent) => test(of(agent), agent).flatMap((kept, k) => (kept ? [k] : [])));
  },
};

/** One member by its index, several by a list of theirs or by a condition with `_`. */
const select: FunctionEntry = {
  takes: [2, 2],
  compile(compiler, args, where) {
    const [arg, at] = args;
    if (hasBlank(at!)) return filter.compile(compiler, args, where);
    const of = listOf(compiler, arg!);
    const index = compiler.value(at!);
    const member = (members: Members, k: number) => {
      const found = members[k];
      if (found === undefined) throw new RunError(`index ${k} is outside of a list of ${members.length}`);
      return found;
    };
    if (index.shape === "numeric") return numeric((agent) => member(of(agent), index.of(agent)));
    return list((agent) => {
      const members = of(agent);
      return index.of(agent).map((k) => member(members, k));
    });
  },
};

const lastOf = (name: string, pick: (members: Members) => number | undefined) =>
  toNumber((members) => {
    const found = pick(members);
    if (found === undefined) throw new RunError(`${name} of an empty list`);
    return found;
  });

/** A function of a list and a number, whichever comes first. */
const inEitherOrder = (name: string, f: (members: Members, value: number) => number): FunctionEntry => ({
  takes: [2, 2],
  compile(compiler, [first, second]) {
    const [a, b] = [compiler.value(first!), compiler.value(second!)];
    const [members, value] = a.shape === "list" ? [a, b] : [b, a];
    if (members.shape !== "list" || value.shape !== "numeric")
      throw new SourceError(first!.at, `${name} takes a list and a number`);
    return numeric((agent) => f(members.of(agent), value.of(agent)));
  },
});

const total = (members: Members) => members.reduce((sum, member) => sum + member, 0);

const rangeList: FunctionEntry = {
  takes: [1, 3],
  compile(compiler, args) {
    const [a, b, c] = args.map((arg) => numberOf(compiler, arg));
    return list((agent) => {
      const from = b === undefined ? 0 : a!(agent);
      const to = b === undefined ? a!(agent) : b(agent);
      const step = c === undefined ? 1 : c(agent);
      const count = sized(Math.max(0, Math.ceil((to - from) / step)));
      return Array.from({ length: count }, (_, k) => from + k * step);
    });
  },
};

export const lists: Readonly<Record<string, FunctionEntry>> = {
  list: {
    takes: [0, MANY],
    compile(compiler, args) {
      const values = args.map((arg) => compiler.value(arg));
      return list((agent) => values.flatMap((value) => value.of(agent)));
    },
  },
  length: toNumber((members) => members.length),
  first: lastOf("first", (members) => members[0]),
  last: lastOf("last", (members) => members.at(-1)),
  sum: toNumber(total),
  mean: lastOf("mean", (members) => (members.length === 0 ? undefined : total(members) / members.length)),
  sort: ofList((members) => members.toSorted((a, b) => a - b)),
  arg_sort: ofList((members) => [...members.keys()].sort((a, b) => members[a]! - members[b]! || a - b)),
  unique: ofList((members) => [...new Set(members)]),
  partial_sums: ofList((members) => {
    let sum = 0;
    return members.map((member) => {
      sum += member;
      return sum;
    });
  }),
  range_list: rangeList,
  range: rangeList,
  select,
  select_index: indices,
  index_values: indices,
  filter_values: filter,
  filter_agents: filter,
  apply: {
    takes: [2, 2],
    compile(compiler, [arg, each]) {
      const of = listOf(compiler, arg!);
      const value = numberOf(compiler, each!);
      return list((agent) => eachMember(compiler, of(agent), agent, value));
    },
  },
  find_index: inEitherOrder("find_index", (members, value) => members.indexOf(value)),
  is_in_list: inEitherOrder("is_in_list", (members, value) => (members.includes(value) ? 1 : 0)),
  intersection: ofTwo((a, b) => {
    const other = new Set(b);
    return [...new Set(a)].filter((member) => other.has(member));
  }),
  union: ofTwo((a, b) => [...new Set([...a, ...b])]),
  set_difference: ofTwo((a, b) => {
    const other = new Set(b);
    return a.filter((member) => !other.has(member));
  }),
  ...samples,
};
