/** Whether this run may take long: `npm run test:long`. */
export const isLongRun = process.env["FORESIGHT_LONG"] === "1";

/**
 * Seeds for a test that replays chance: a few in the short run, many in the long one. `FORESIGHT_SEED` replays one
 * seed that a failure printed.
 */
export function seeds(short: number, long: number): number[] {
  const replayed = process.env["FORESIGHT_SEED"];
  if (replayed !== undefined) return [Number(replayed)];
  return Array.from({ length: isLongRun ? long : short }, (_, i) => i + 1);
}
