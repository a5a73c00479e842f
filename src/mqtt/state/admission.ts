/** How often a client identifier has connected of late. */
export interface Visits {
  count: number;
  sinceMs: number;
  bannedUntilMs: number;
}

/** Who may come in at all, apart from who they are. */
export interface Admission {
  /** Counts connections of one address. */
  readonly addresses: Map<string, number>;
  /** The same of those that have not been let in. */
  readonly awaiting: Map<string, number>;
  /** By client identifier; only of clients that had proved who they are. */
  readonly visits: Map<string, Visits>;
}
