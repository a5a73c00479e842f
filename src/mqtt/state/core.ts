import type { Random } from "../../platform/random";
import type { Authenticate, Authorize } from "../rights/rights";
import type { TopicCache } from "../topic/names";
import type { FilterTree } from "../topic/tree";
import type { Admission } from "./admission";
import type { BrokerClock } from "./brokerClock";
import type { Connection } from "./connection";
import type { Counters } from "./counters";
import type { Emit } from "./events";
import type { Limits } from "./limits";
import type { Message } from "./message";
import type { OverloadLevel } from "./overload";
import type { RetainedMessages } from "./retained";
import type { Route, SharedGroup } from "./route";
import type { Session, Subscription } from "./session";
import type { Store } from "./store";
import type { Turn } from "./turn";

/** The broker's state, which its parts are given. Nothing in it is known outside of this folder. */
export interface Core {
  readonly clock: BrokerClock;
  readonly random: Random;
  readonly limits: Limits;
  readonly store: Store;
  readonly authenticate: Authenticate | null;
  readonly authorize: Authorize | null;
  readonly counters: Counters;
  readonly emit: Emit;
  readonly topics: TopicCache<Route>;
  readonly filters: FilterTree<Subscription>;
  /** Shared subscriptions by group and filter. */
  readonly groups: Map<string, SharedGroup>;
  readonly retained: RetainedMessages;
  /** By client identifier, with sessions whose clients are offline. */
  readonly sessions: Map<string, Session>;
  /** Sessions to which retained messages are on their way, the one whose turn it is first. */
  readonly walking: Set<Session>;
  readonly connections: Set<Connection>;
  /** Those that have not been let in, the oldest first, and what may be kept of them where nobody sees it. */
  readonly awaiting: Set<Connection>;
  /** Closed from our side, and not yet by the other. */
  readonly lingering: Set<Connection>;
  readonly admission: Admission;
  readonly startedAtMs: number;
  /** When everything that waits for a time was last looked at: what had come by then has been read since. */
  sweptAtMs: number;
  /** By how much the wall clock differed from the broker's when that was last written. */
  notedOffsetMs: number;
  readonly turn: Turn;
  /** Rises with every change of subscriptions or rights: what was remembered under a lower one counts no more. */
  routeVersion: number;
  /** How many targets the routes have that were built since all were last forgotten. */
  routedTargets: number;
  /** QoS 2 messages of all sessions that their clients have not released. */
  unreleased: number;
  /** The last number given to a queued message, and the message that is being published now. */
  sequence: number;
  publishing: Message | null;
  /** Messages that wait for sessions, in all. */
  waiting: number;
  /** Bytes that wait, of packets that have not come whole, in outboxes and for sessions, against the memory watermark. */
  inputBytes: number;
  outboxBytes: number;
  unseenBytes: number;
  queuedBytes: number;
  overload: OverloadLevel;
  isStopping: boolean;
  /** Commits and writes what this turn has left; given when the broker is put together. */
  endTurn: () => void;
  /** Decodes what was kept of a client while it was not read. */
  readOn: (connection: Connection) => void;
}
