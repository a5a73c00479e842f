/** What stands in queues, and how it is asked for. */

export interface QueueEntry {
  queue: string;
  id: string;
  owner: string;
  /** Among the entries of one owner, the higher first. */
  priority: number;
  /** Not to be taken before, in milliseconds since the epoch. */
  dueAtMs?: number | undefined;
}

export interface Claim {
  queue: string;
  worker: string;
  most: number;
  /** Leases that one owner may have at a time; 0 sets no limit. */
  mostPerOwner: number;
}

export interface Lease {
  id: string;
  owner: string;
  number: number;
}

export interface QueueFigures {
  ready: number;
  delayed: number;
  leased: number;
}
