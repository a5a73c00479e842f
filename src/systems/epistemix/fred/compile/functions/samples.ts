import { RunError } from "../../engine/errors";
import { type Compiler, listOf, numberOf } from "../context";
import { type FunctionEntry, list } from "./entry";

const MAX_LIST = 5_000_000;

type Members = readonly number[];

/** A number of members that a list can have. @throws RunError for others */
export function sized(count: number): number {
  if (!(count >= 0 && count <= MAX_LIST)) throw new RunError(`a list of ${count} members; lists have 0 to ${MAX_LIST}`);
  return Math.floor(count);
}

function shuffled({ world: { chance } }: Compiler, members: Members, count: number): number[] {
  const all = [...members];
  for (let k = 0; k < count; k++) {
    const other = k + chance.below(all.length - k);
    const member = all[other]!;
    all[other] = all[k]!;
    all[k] = member;
  }
  return all.slice(0, count);
}

type Draw = (compiler: Compiler, members: Members, count: number) => number[];
type DrawWeighted = (compiler: Compiler, members: Members, count: number, weights: Members) => number[];

/** `(list, count)`, or `(list, count, weights)`, where chance falls in proportion to the weights. */
const sample = (draw: Draw, drawWeighted: DrawWeighted): FunctionEntry => ({
  takes: [2, 3],
  compile(compiler, [arg, size, weights]) {
    const of = listOf(compiler, arg!);
    const count = numberOf(compiler, size!);
    if (weights === undefined) return list((agent) => draw(compiler, of(agent), sized(count(agent))));
    const weight = listOf(compiler, weights);
    return list((agent) => {
      const members = of(agent);
      return drawWeighted(compiler, members, sized(count(agent)), checkedWeights(weight(agent), members.length));
    });
  },
});

function checkedWeights(weights: Members, count: number): Members {
  if (weights.length !== count) throw new RunError(`${weights.length} weights of a list of ${count}`);
  const wrong = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw new RunError(`a weight of ${wrong}`);
  return weights;
}

/** The place of a member drawn in proportion to the weights. */
function weightedIndex({ world: { chance } }: Compiler, weights: Members): number {
  let left = chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
  let last = -1;
  for (const [k, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = k;
    left -= weight;
    if (left < 0) return k;
  }
  if (last < 0) throw new RunError("a sample of members that all weigh nothing");
  return last;
}

const withReplacement = sample(
  ({ world: { chance } }, members, count) => {
    if (members.length === 0 && count > 0) throw new RunError("a sample of an empty list");
    return Array.from({ length: count }, () => members[chance.below(members.length)]!);
  },
  (compiler, members, count, weights) =>
    Array.from({ length: count }, () => members[weightedIndex(compiler, weights)]!),
);

const withoutReplacement = sample(
  (compiler, members, count) => {
    if (count > members.length) throw new RunError(`a sample of ${count} of a list of ${members.length}`);
    return shuffled(compiler, members, count);
  },
  (compiler, members, count, weights) => {
    const left = [...weights];
    return Array.from({ length: count }, () => {
      const index = weightedIndex(compiler, left);
      left[index] = 0;
      return members[index]!;
    });
  },
);

/** What draws members of lists. */
export const samples: Readonly<Record<string, FunctionEntry>> = {
  shuffle: {
    takes: [1, 1],
    compile(compiler, [arg]) {
      const of = listOf(compiler, arg!);
      return list((agent) => {
        const members = of(agent);
        return shuffled(compiler, members, members.length);
      });
    },
  },
  sample_with_replacement: withReplacement,
  sample_without_replacement: withoutReplacement,
};
