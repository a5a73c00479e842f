import { checkText, textAt } from "../packet/cursor";
import { checkTopicName, isHidden, type TopicLimits } from "./rules";

/** A topic name that has passed its rules, with what is remembered about it while it is in use. */
export interface Topic<Route> {
  name: string;
  /** UTF-8 of the name. */
  bytes: Uint8Array;
  hidden: boolean;
  /** Its place in the table. */
  slot: number;
  /** Who gets messages of this topic, as of `routeVersion`; null before it was asked for, and outside of the table. */
  route: Route | null;
  routeVersion: number;
}

/**
 * Topics by the bytes of their names. A fixed table in which a newcomer takes the place of whoever stood there: bounded,
 * without a list of ages, and a publisher that stays with its topic always finds it checked, decoded and routed.
 */
export interface TopicCache<Route> {
  /** The topic whose name stands in `bytes[from, to)`. Throws PacketError where the name breaks a rule. */
  intern(bytes: Uint8Array, from: number, to: number): Topic<Route>;
  /** The same for a name that is a string. */
  named(name: string): Topic<Route>;
  /** Puts a topic into the table that may have been there before: whoever keeps topics keeps no routes with them. */
  place(topic: Topic<Route>): void;
  /** Forgets the routes of all topics. */
  forgetRoutes(): void;
}

const SLOTS = 4096;

/** An empty cache under these limits. */
export function createTopicCache<Route>(limits: TopicLimits): TopicCache<Route> {
  const slots: (Topic<Route> | undefined)[] = new Array(SLOTS).fill(undefined);

  function intern(bytes: Uint8Array, from: number, to: number): Topic<Route> {
    const slot = hashOf(bytes, from, to) & (SLOTS - 1);
    const cached = slots[slot];
    if (cached !== undefined && isSame(cached.bytes, bytes, from, to)) return cached;
    checkText(bytes, from, to);
    const name = textAt(bytes, from, to);
    checkTopicName(name, limits);
    const topic = { name, bytes: bytes.slice(from, to), hidden: isHidden(name), slot, route: null, routeVersion: -1 };
    place(topic);
    return topic;
  }

  function place(topic: Topic<Route>): void {
    const before = slots[topic.slot];
    if (before === topic) return;
    if (before !== undefined) before.route = null;
    slots[topic.slot] = topic;
  }

  return {
    intern,
    named(name) {
      const bytes = Buffer.from(name);
      return intern(bytes, 0, bytes.length);
    },
    place,
    forgetRoutes() {
      for (const topic of slots) if (topic !== undefined) topic.route = null;
    },
  };
}

/** FNV-1a, 32 bits, folded: any spread will do, since names are compared after it. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function isSame(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (name[i] !== bytes[from + i]) return false;
  }
  return true;
}
