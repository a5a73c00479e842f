/** Difficulties that a rise has ended and that still count for a while. */
export interface Rises {
  /** A rise has ended this difficulty. */
  ended(difficulty: number): void;
  /** The least that counts now, where `current` is in force. */
  least(current: number): number;
}

/** A miner asks for the difficulty every ten seconds, so those before still count for a while, however many rises come. */
const GRACE_MS = 60_000;

export function createRises(now: () => number): Rises {
  /** Oldest first, which is least first. */
  let before: { difficulty: number; untilMs: number }[] = [];
  return {
    ended: (difficulty) => void before.push({ difficulty, untilMs: now() + GRACE_MS }),
    least(current) {
      const nowMs = now();
      before = before.filter(({ untilMs }) => nowMs < untilMs);
      return before[0]?.difficulty ?? current;
    },
  };
}
