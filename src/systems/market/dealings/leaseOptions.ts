import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import type { Feed } from "../live/feed";
import type { LiveState } from "../live/state";
import type { Mode } from "../rights";
import type { Outbox } from "../workers/outbox";

/** Where new identifiers come from, so that a simulation can be replayed. */
export interface LeaseIds {
  /** `lease-` and a random UUID. */
  leaseId(): string;
  /** 16 lower-case hex digits with which every key of the lease begins. */
  prefix(): string;
}

export const randomLeaseIds: LeaseIds = {
  leaseId: () => `lease-${crypto.randomUUID()}`,
  prefix: () => Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex"),
};

export interface LeasesOptions {
  database: SqliteDatabase;
  clock: Clock;
  live: LiveState;
  outbox: Outbox;
  feed: Pick<Feed, "publish">;
  mode: Mode;
  ids: LeaseIds;
  /** Renting sets the full cost aside in the consumer's account, or a budget. */
  requireFunds: boolean;
  /** How long a worker may take to begin. */
  startWithinMs: number;
}
