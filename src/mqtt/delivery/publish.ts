import { lowerQos } from "../packet/publish";
import type { Identity } from "../rights/rights";
import type { Core } from "../state/core";
import { isExpired, type Message } from "../state/message";
import type { Route, SharedGroup, Target } from "../state/route";
import { scheduleTurnEnd } from "../state/turn";
import type { Topic } from "../topic/names";
import { isReserved } from "../topic/rules";
import { deliver } from "./deliver";
import { routeOf } from "./route";

/**
 * Sends a message to all who have asked for its topic. Gives how many sessions that were; `core.turn.reached` says
 * afterwards what its acknowledgement has to wait for.
 */
export function publish(core: Core, message: Message): number {
  core.turn.reached = 0;
  if (message.retain) core.retained.set(core, message);
  core.publishing = message;
  const count = deliverAlong(core, routeOf(core, message.topic), message);
  core.publishing = null;
  if (core.turn.reached !== 0) scheduleTurnEnd(core);
  return count;
}

/**
 * Whether a client may publish to a topic. One that begins with `$` [MQTT-4.7.2-1] is for whom a rule names it for, and
 * the broker's own are for nobody.
 */
export function mayWrite(core: Core, identity: Identity, topic: Topic<Route>): boolean {
  if (topic.hidden && (core.authorize === null || isReserved(topic.name))) return false;
  return core.authorize === null || core.authorize(identity, "write", topic.name);
}

/** Sends a message to clients in this process alone: other sessions have had it. `core.turn.reached` as above. */
export function publishInside(core: Core, message: Message): void {
  core.turn.reached = 0;
  const { targets, groups } = routeOf(core, message.topic);
  for (const target of targets) if (isInside(target)) deliverTo(core, target, message);
  for (const { group, members } of groups) {
    const member = nextMember(group, members.filter(isInside));
    if (member !== null) deliverTo(core, member, message);
  }
}

function isInside({ session }: Target): boolean {
  return session.local !== null;
}

function deliverAlong(core: Core, route: Route, message: Message): number {
  let count = 0;
  for (const target of route.targets) {
    // [MQTT-3.8.3-3]
    const isOwn = target.noLocal && target.session.identity.clientId === message.publisher.clientId;
    const wanted = isOwn ? target.forOwn : target;
    if (wanted === undefined) continue;
    count++;
    deliverTo(core, wanted, message);
  }
  for (const { group, members } of route.groups) {
    const member = nextMember(group, members);
    if (member === null) continue;
    count++;
    deliverTo(core, member, message);
  }
  return count;
}

function deliverTo(core: Core, target: Target, message: Message): void {
  const qos = lowerQos(target.qos, message.qos);
  // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
  const retain = target.retainAsPublished && message.retain;
  deliver(core, target.session, message, qos, retain, target.ids, target.group ?? null);
}

/** A shared message whose member is gone for good goes to another one, if there is one (4.8.2). */
export function passOn(core: Core, group: SharedGroup, message: Message): void {
  if (isExpired(message, core.clock.now())) return;
  const shared = routeOf(core, message.topic).groups.find((candidate) => candidate.group === group);
  const member = shared === undefined ? null : nextMember(group, shared.members);
  if (member !== null) deliverTo(core, member, message);
}

/** The member whose turn it is among those that are connected; where none is, among those that will come back. */
function nextMember(group: SharedGroup, members: readonly Target[]): Target | null {
  let waiting: Target | null = null;
  for (let i = 0; i < members.length; i++) {
    const member = members[(group.next + i) % members.length]!;
    const { session } = member;
    if (session.connection !== null || session.local !== null) {
      group.next = (group.next + i + 1) % members.length;
      return member;
    }
    if (waiting === null && session.persistent) waiting = member;
  }
  if (waiting !== null) group.next = (group.next + 1) % members.length;
  return waiting;
}

/** The retained messages whose topics match a filter, but for those that have expired. */
export function retainedFor(core: Core, levels: readonly string[], found: (message: Message) => void): void {
  const nowMs = core.clock.now();
  for (const message of core.retained.each(levels)) if (!isExpired(message, nowMs)) found(message);
}
