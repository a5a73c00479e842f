const HOUR_MS = 3_600_000;
const SHORTEST_WAIT_MS = 2000;

/** After how long to look again for an input that is not there yet: the longer it is missing, the more seldom. */
export function inputWaitMs(ageMs: number): number {
  return Math.min(HOUR_MS, Math.max(SHORTEST_WAIT_MS, ageMs / 4));
}
