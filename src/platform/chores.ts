import type { Clock } from "./clock";

/** Something that is done again and again. */
export interface Chore {
  what: string;
  /** From the end of one turn to the beginning of the next. */
  everyMs: number;
  /** How long after the start it is done first. */
  firstAfterMs: number;
  run(): void | Promise<void>;
}

/**
 * Runs each chore at its period, never twice at once. A chore that fails is told to `onFault` and tried again at its next turn.
 * The returned function stops them and ends when those under way have ended.
 */
export function runChores(
  clock: Clock,
  chores: readonly Chore[],
  onFault: (what: string, error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  const cancels = new Map<Chore, () => void>();
  const underWay = new Set<Promise<void>>();

  function schedule(chore: Chore, delayMs: number): void {
    if (stopped) return;
    const cancel = clock.after(delayMs, () => turn(chore));
    cancels.set(chore, cancel);
  }

  function turn(chore: Chore): void {
    const end = (): void => schedule(chore, chore.everyMs);
    const fail = (error: unknown): void => onFault(chore.what, error);
    let running: Promise<void> | undefined;
    try {
      running = chore.run() ?? undefined;
    } catch (error) {
      fail(error);
    }
    if (running === undefined) {
      end();
      return;
    }
    const whole = running
      .catch(fail)
      .then(end)
      .finally(() => underWay.delete(whole));
    underWay.add(whole);
  }

  for (const chore of chores) schedule(chore, chore.firstAfterMs);
  return async () => {
    stopped = true;
    for (const cancel of cancels.values()) cancel();
    await Promise.all(underWay);
  };
}
