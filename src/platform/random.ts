/** A source of chance that can be replayed from its seed. */
export interface Random {
  /** A number in [0, 1) with 53 bits. */
  next(): number;
  /** An integer in [0, limit). */
  below(limit: number): number;
}

const TWO_POW_21 = 2 ** 21;
const TWO_POW_53 = 2 ** 53;

/**
 * xoshiro128** seeded through splitmix32. Two 32-bit outputs make one 53-bit number.
 * Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2018.
 */
export function seededRandom(seed: number): Random {
  const state = splitmixState(seed);
  function next(): number {
    const high = xoshiroStep(state) >>> 0;
    const low = xoshiroStep(state) >>> 11;
    return (high * TWO_POW_21 + low) / TWO_POW_53;
  }
  return { next, below: (limit) => Math.floor(next() * limit) };
}

/** Chance nobody can foresee; for identifiers and jitter, not for secrets. */
export function unseededRandom(): Random {
  return seededRandom(crypto.getRandomValues(new Uint32Array(1))[0]!);
}

function splitmixState(seed: number): Uint32Array {
  const state = new Uint32Array(4);
  let z = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    z = (z + 0x9e3779b9) >>> 0;
    let x = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    state[i] = x ^ (x >>> 16);
  }
  return state;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function xoshiroStep(state: Uint32Array): number {
  const s1 = state[1]!;
  const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
  const shifted = s1 << 9;
  state[2]! ^= state[0]!;
  state[3]! ^= s1;
  state[1]! ^= state[2]!;
  state[0]! ^= state[3]!;
  state[2]! ^= shifted;
  state[3] = rotateLeft(state[3]!, 11);
  return result;
}
