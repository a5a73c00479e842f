import type { Clock } from "./clock";
import type { Log } from "./log";

/** Something that is done again and again. */
export interface Chore {
  what: string;
  everyMs: number;
  /** How long after the start it is done first. */
  firstAfterMs: number;
  run(): void | Promise<void>;
}

/**
 * Runs each chore at its period, never twice at once. One that fails is logged and tried again at the next turn.
 * The returned function stops them and ends when those under way have ended.
 */
export function runChores(clock: Clock, log: Log, chores: readonly Chore[]): () => Promise<void> {
  let stopped = false;
  const cancels = new Map<Chore, () => void>();
  const underWay = new Set<Promise<void>>();

  async function turn(chore: Chore): Promise<void> {
    try {
      await chore.run();
    } catch (error) {
      log.write("error", `${chore.what} failed`, { error });
    }
    schedule(chore, chore.everyMs);
  }

  function schedule(chore: Chore, delayMs: number): void {
    if (stopped) return;
    const start = () => {
      const running = turn(chore).finally(() => underWay.delete(running));
      underWay.add(running);
    };
    cancels.set(chore, clock.after(delayMs, start));
  }

  for (const chore of chores) schedule(chore, chore.firstAfterMs);
  return async () => {
    stopped = true;
    for (const cancel of cancels.values()) cancel();
    await Promise.all(underWay);
  };
}
