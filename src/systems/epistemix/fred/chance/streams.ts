import { type Block, threefry } from "./threefry";

const TWO_POW_20 = 2 ** 20;
const TWO_POW_21 = 2 ** 21;
const TWO_POW_53 = 2 ** 53;

/** What chance is drawn for. A stream of its own each, so that one never moves another. */
export const PURPOSE = {
  people: 0,
  startup: 1,
  imports: 2,
  seir: 3,
  traits: 4,
  positions: 5,
  plans: 1024,
  meetings: 2048,
  rules: 3072,
};

/** How many conditions a program can have: each has purposes of its own. */
export const MAX_CONDITIONS = 1000;

/** Chance of a run: numbers of the stream that was opened last. */
export interface Chance {
  /** Begins the stream of a purpose, an agent and an hour at its first number, or at a later one. */
  open(purpose: number, agent: number, hour: number, skip?: number): void;
  /** In [0, 1), with 53 bits. */
  next(): number;
  /** An integer in [0, limit). */
  below(limit: number): number;
}

/**
 * Streams by seed, purpose, agent and hour: what an agent draws depends on nobody else's draws, nor on the order in
 * which agents are served.
 *
 * @param seed 64 bits
 */
export function createChance(seed: bigint): Chance {
  const seedLow = Number(BigInt.asIntN(32, seed));
  const seedHigh = Number(BigInt.asIntN(32, seed >> 32n));
  const block: Block = { low: 0, high: 0 };
  let agentWord = 0;
  let placeWord = 0;
  let keyed = false;
  let keyLow = 0;
  let keyHigh = 0;
  let drawn = 0;

  function open(purpose: number, agent: number, hour: number, skip = 0): void {
    agentWord = agent | 0;
    placeWord = (purpose * TWO_POW_20 + hour) | 0;
    keyed = false;
    drawn = skip;
  }

  function step(): void {
    if (!keyed) {
      threefry(seedLow, seedHigh, agentWord, placeWord, block);
      keyLow = block.low;
      keyHigh = block.high;
      keyed = true;
    }
    threefry(keyLow, keyHigh, drawn++, 0, block);
  }

  function next(): number {
    step();
    return ((block.high >>> 0) * TWO_POW_21 + (block.low >>> 11)) / TWO_POW_53;
  }

  return { open, next, below: (limit) => Math.floor(next() * limit) };
}
