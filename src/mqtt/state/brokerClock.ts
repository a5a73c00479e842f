import type { Clock } from "../../platform/clock";

/** One moment by both clocks, in milliseconds: the broker's own and the wall's. */
export interface Moment {
  brokerMs: number;
  wallMs: number;
}

/**
 * The broker's own time: it reads like milliseconds since the epoch, and passes as time really does. Whoever sets the
 * machine's clock, by an hour or by thirty years at a start without one, neither ends a session nor keeps a silent client.
 */
export interface BrokerClock extends Pick<Clock, "after"> {
  now(): number;
  /** What must be added to a time of the broker's to get what the wall clock says of it. */
  wallOffsetMs(): number;
}

/**
 * Time that goes on from a moment that an earlier process has kept: as much later as the wall clock says, and not
 * earlier where that has been set back meanwhile.
 */
export function createBrokerClock(clock: Clock, kept: Moment | null): BrokerClock {
  const wallMs = clock.now();
  const startMs = kept === null ? wallMs : kept.brokerMs + Math.max(0, wallMs - kept.wallMs);
  const startedAtMs = clock.monotonic();
  // Whole milliseconds, as the columns of a store have them.
  const now = (): number => Math.floor(startMs + clock.monotonic() - startedAtMs);
  return { now, wallOffsetMs: () => clock.now() - now(), after: clock.after };
}
