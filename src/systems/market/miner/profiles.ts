/** How a simulated worker behaves (docs/market.md, Simulated workers). */
export const minerProfiles = ["honest", "lazy", "lying", "flapping", "duplicating"] as const;
export type MinerProfile = (typeof minerProfiles)[number];

/** What sets a profile apart from an honest worker. */
export interface Habits {
  /** Times the mean time between blocks. */
  slowness: number;
  /** Every message is sent so many times. */
  copies: number;
  /** Chance that a block is made up: a foreign prefix, a key that is not on the chain, somebody else's lease. */
  lies: number;
  /** Chance that a heartbeat is a goodbye and a return instead. */
  flaps: number;
}

const HONEST: Habits = { slowness: 1, copies: 1, lies: 0, flaps: 0 };

export const HABITS: Readonly<Record<MinerProfile, Habits>> = {
  honest: HONEST,
  lazy: { ...HONEST, slowness: 20 },
  lying: { ...HONEST, lies: 0.8 },
  flapping: { ...HONEST, flaps: 0.3 },
  duplicating: { ...HONEST, copies: 3 },
};
