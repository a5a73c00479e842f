import type { Qos } from "../packet/publish";
import type { Session } from "./session";

/** One session that gets messages of a topic; overlapping subscriptions have been merged. */
export interface Target {
  session: Session;
  qos: Qos;
  /** One of its subscriptions at least does not want the session's own messages. */
  noLocal: boolean;
  retainAsPublished: boolean;
  ids: readonly number[];
  /** The group whose member it is; none for the subscriptions of one session. */
  group?: SharedGroup | null;
  /** What its own messages come by then: the others of its subscriptions, if there are any. */
  forOwn?: Target | undefined;
}

/** Sessions that share a subscription, and whose turn it is. */
export interface SharedGroup {
  key: string;
  members: number;
  next: number;
}

/** Everybody who gets messages of one topic. Built once per change of subscriptions or rights, never altered. */
export interface Route {
  targets: readonly Target[];
  groups: readonly { group: SharedGroup; members: readonly Target[] }[];
}
