import { RunError } from "../../engine/errors";
import type { BinaryOperator } from "../../syntax/ast";
import { listOf, numberOf } from "../context";
import { combine, OPERATORS } from "../operators";
import { type FunctionEntry, list, MANY, numeric, ofNumbers } from "./entry";

const ONE: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: (x) => checked("log", Math.log(x), x),
  ln: (x) => checked("ln", Math.log(x), x),
  log10: (x) => checked("log10", Math.log10(x), x),
  sqrt: (x) => checked("sqrt", Math.sqrt(x), x),
  floor: Math.floor,
  ceil: Math.ceil,
  ceiling: Math.ceil,
  round: (x) => Math.sign(x) * Math.round(Math.abs(x)),
  int: Math.trunc,
  trunc: Math.trunc,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
};

const WORDS: Readonly<Record<string, BinaryOperator>> = {
  add: "+",
  sub: "-",
  mult: "*",
  div: "/",
  mod: "%",
  pow: "^",
  eq: "==",
  equal: "==",
  neq: "!=",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
};

function checked(name: string, value: number, of: number): number {
  if (!Number.isFinite(value)) throw new RunError(`${name} of ${of} is no number`);
  return value;
}

/** Of one number; of a list, of each of its members. */
const single = ([name, f]: [string, (x: number) => number]): [string, FunctionEntry] => [
  name,
  {
    takes: [1, 1],
    compile(compiler, [arg]) {
      const value = compiler.value(arg!);
      if (value.shape === "numeric") {
        const { of } = value;
        return numeric((agent) => f(of(agent)));
      }
      const { of } = value;
      return list((agent) => of(agent).map(f));
    },
  },
];

const word = ([name, operator]: [string, BinaryOperator]): [string, FunctionEntry] => [
  name,
  { takes: [2, 2], compile: (compiler, [a, b]) => combine(operator, compiler.value(a!), compiler.value(b!)) },
];

/** The least or greatest of several numbers, or of a list. */
const extreme = (name: string, better: (a: number, b: number) => boolean): FunctionEntry => ({
  takes: [1, MANY],
  compile(compiler, args) {
    if (args.length > 1) {
      const numbers = args.map((arg) => numberOf(compiler, arg));
      return numeric((agent) => numbers.map((of) => of(agent)).reduce((best, x) => (better(x, best) ? x : best)));
    }
    const of = listOf(compiler, args[0]!);
    return numeric((agent) => {
      const members = of(agent);
      if (members.length === 0) throw new RunError(`${name} of an empty list`);
      return members.reduce((best, x) => (better(x, best) ? x : best));
    });
  },
});

const EARTH_KM = 6371.0088;
const RADIANS = Math.PI / 180;

/** Great-circle distance in kilometres, by haversines. */
export function distance(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const across = Math.sin(((lat2 - lat1) * RADIANS) / 2) ** 2;
  const along = Math.sin(((lon2 - lon1) * RADIANS) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(across + Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS) * along));
}

export const arithmetic: Readonly<Record<string, FunctionEntry>> = {
  ...Object.fromEntries(Object.entries(ONE).map(single)),
  ...Object.fromEntries(Object.entries(WORDS).map(word)),
  min: extreme("min", (a, b) => a < b),
  max: extreme("max", (a, b) => a > b),
  not: ofNumbers(
    [1, 1],
    ([x]) =>
      (agent) =>
        x!(agent) === 0 ? 1 : 0,
  ),
  and: ofNumbers([2, MANY], (all) => (agent) => (all.every((of) => of(agent) !== 0) ? 1 : 0)),
  or: ofNumbers([2, MANY], (all) => (agent) => (all.some((of) => of(agent) !== 0) ? 1 : 0)),
  is_in_range: ofNumbers([3, 3], ([x, from, to]) => (agent) => {
    const value = x!(agent);
    return value >= from!(agent) && value <= to!(agent) ? 1 : 0;
  }),
  distance: ofNumbers(
    [4, 4],
    ([a, b, c, d]) =>
      (agent) =>
        distance(a!(agent), b!(agent), c!(agent), d!(agent)),
  ),
};

/** A comparison that was handed over by its sign. */
export const comparison = (operator: BinaryOperator) => OPERATORS[operator];
