import type { Clock } from "./clock";

/** Ends after `delayMs`, or fails at once with the signal's reason when that is aborted. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const callOff = clock.after(delayMs, () => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
    function abort(): void {
      callOff();
      reject(signal.reason);
    }
    signal.addEventListener("abort", abort, { once: true });
  });
}
