const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TRIAL_MS = 120_000;

/** When the history is refreshed. */
export type Schedule =
  /** Once a day, so many minutes after midnight UTC. */
  | { kind: "daily"; atMinutesUtc: number }
  /** Every two minutes, to try the refresh out. */
  | { kind: "trial" };

/** Milliseconds from `nowMs`, since the Unix epoch, to the next refresh; never 0. */
export function untilNextMs(schedule: Schedule, nowMs: number): number {
  if (schedule.kind === "trial") return TRIAL_MS;
  // Days of UTC all have the same length in Unix time, so that no month and no leap day is a special case.
  const sinceMidnightMs = nowMs % DAY_MS;
  const waitMs = schedule.atMinutesUtc * MINUTE_MS - sinceMidnightMs;
  return waitMs > 0 ? waitMs : waitMs + DAY_MS;
}
