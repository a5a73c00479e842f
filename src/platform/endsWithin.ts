import type { Clock } from "./clock";

/** Whether `work` ends within `limitMs`; it goes on when it does not. @throws what the work throws within that time. */
export function endsWithin(clock: Pick<Clock, "after">, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const cancel = clock.after(limitMs, () => resolve(false));
  work.then(() => resolve(true), reject);
  return promise.finally(cancel);
}
