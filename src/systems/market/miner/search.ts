import type { Clock } from "../../../platform/clock";
import type { Random } from "../../../platform/random";
import type { Habits } from "./profiles";

/** What a worker was asked to mine. */
export interface Task {
  leaseId: string;
  account: string;
  /** What every key begins with. */
  prefix: string;
}

/** What a worker tells the chain before it tells the market. */
export interface MinedBlock {
  key: string;
  hash: string;
  account: string;
  attempts: number;
  hashesPerSecond: string;
  worker: string;
}

/** The pretended search for blocks: one at a time, found at exponentially distributed intervals. */
export interface Search {
  /** Searches for this task, in place of an earlier one. */
  begin(task: Task): void;
  end(): void;
  task(): Task | undefined;
  hashrate(): number;
}

export interface SearchOptions {
  workerId: string;
  /** Mean seconds between two blocks of an honest worker. */
  blockIntervalSec: number;
  habits: Habits;
  clock: Clock;
  random: Random;
  /** Submits a block to the chain, where there is one. */
  submit?: ((block: MinedBlock) => Promise<void>) | undefined;
  report: (block: MinedBlock, leaseId: string) => void;
  /** The last leases that workers of this fleet were given, for those who claim others'; one for all of them. */
  knownLeases?: Set<string>;
}

const KEY_DIGITS = 64;
const HASH_DIGITS = 40;
const MIN_HASHRATE = 200;
const START_HASHRATE = { from: 800, to: 2000 };
const DRIFT = 50;
const MAX_ATTEMPTS = 1_000_000;
const LEASES_KNOWN = 100;

/** The ways in which a lying worker lies. */
const LIES = ["foreign prefix", "not on the chain", "somebody else's lease"] as const;

export function createSearch(options: SearchOptions): Search {
  const { clock, random, habits, knownLeases = new Set<string>() } = options;
  let task: Task | undefined;
  let hashrate = START_HASHRATE.from + random.next() * (START_HASHRATE.to - START_HASHRATE.from);
  let cancel: (() => void) | undefined;

  function searchOn(current: Task): void {
    const meanMs = options.blockIntervalSec * 1000 * habits.slowness;
    const waitMs = Math.round(-Math.log(1 - random.next()) * meanMs);
    cancel = clock.after(waitMs, () => void find(current));
  }

  async function find(current: Task): Promise<void> {
    const lie = random.next() < habits.lies ? LIES[random.below(LIES.length)] : undefined;
    const block = mine(current, lie === "foreign prefix");
    if (lie !== "not on the chain") await options.submit?.(block);
    if (task !== current) return;
    options.report(block, lie === "somebody else's lease" ? otherLease(current.leaseId) : current.leaseId);
    hashrate = Math.max(MIN_HASHRATE, hashrate + (random.next() * 2 - 1) * DRIFT);
    searchOn(current);
  }

  /** A lease of another worker; where none is known, a lease that nobody has. */
  function otherLease(own: string): string {
    const others = [...knownLeases].filter((leaseId) => leaseId !== own);
    return others[random.below(others.length || 1)] ?? `lease-${hexDigits(random, 32)}`;
  }

  function mine({ prefix, account }: Task, isForeign: boolean): MinedBlock {
    const start = isForeign ? "" : prefix;
    const around = HASH_DIGITS / 2;
    return {
      key: start + hexDigits(random, KEY_DIGITS - start.length),
      hash: `${hexDigits(random, around)}XEN11${hexDigits(random, around)}`,
      account,
      attempts: 1 + random.below(MAX_ATTEMPTS),
      hashesPerSecond: hashrate.toFixed(2),
      worker: options.workerId,
    };
  }

  return {
    begin(next) {
      cancel?.();
      task = next;
      knownLeases.add(next.leaseId);
      if (knownLeases.size > LEASES_KNOWN) knownLeases.delete(knownLeases.keys().next().value!);
      searchOn(next);
    },
    end() {
      cancel?.();
      task = undefined;
    },
    task: () => task,
    hashrate: () => hashrate,
  };
}

/** So many random hex digits. */
export function hexDigits(random: Random, count: number): string {
  let digits = "";
  while (digits.length < count) digits += random.below(16).toString(16);
  return digits;
}
