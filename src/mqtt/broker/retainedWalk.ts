import { deliver } from "../delivery/deliver";
import { lowerQos } from "../packet/publish";
import { INSIDE } from "../rights/rights";
import type { Core } from "../state/core";
import { forgetFrames, isExpired, type Message } from "../state/message";
import type { RetainedWalk, Session, Subscription } from "../state/session";
import { scheduleTurnEnd } from "../state/turn";

// Retained messages go to a subscriber some at a time: a filter may match a hundred thousand, a packet may hold two
// thousand filters, and everybody else waits while they are looked at.

/**
 * What one turn may cost: a step through the tree costs one, a message eight and one more for each so many of its bytes.
 * By that a turn takes one to two milliseconds.
 */
export const TURN_COST = 8000;
/** So much of it goes to one session before the next has its turn. */
const SHARE_COST = 2000;
const MESSAGE_COST = 8;
const BYTES_PER_COST = 500;

/** Begins to send a subscriber what is retained under its filter; as much as fits into this turn goes at once. */
export function beginWalk(core: Core, subscription: Subscription): void {
  const { session } = subscription;
  session.walks ??= [];
  session.walks.push({ subscription, step: core.retained.walk(subscription.levels) });
  core.walking.add(session);
}

/** Goes on with all walks as far as this turn may, each session in its turn, and as far as its client takes it. */
export function walkOn(core: Core): void {
  let stuck = 0;
  while (core.turn.walkCost > 0 && stuck < core.walking.size) {
    const [session] = core.walking;
    const costBefore = core.turn.walkCost;
    walkFor(core, session!);
    // To the end of the line.
    core.walking.delete(session!);
    if (session!.walks !== null) core.walking.add(session!);
    stuck = core.turn.walkCost === costBefore ? stuck + 1 : 0;
  }
}

/** Begins the next turn; where there is work left that can be done then, it is done. */
export function renewWalks(core: Core): void {
  core.turn.walkCost = TURN_COST;
  for (const session of core.walking) {
    if (!mayWalk(core, session)) continue;
    scheduleTurnEnd(core);
    return;
  }
}

/** Ends all walks of a session that has ended. */
export function endWalks(core: Core, session: Session): void {
  session.walks = null;
  core.walking.delete(session);
}

/** Of a client that is there only what it takes now goes out, so that nothing needs to be dropped or queued. */
function mayWalk({ limits }: Core, { connection, pending, resend }: Session): boolean {
  if (connection === null) return true;
  const isOpen = connection.blockedSinceMs === 0 && connection.outboxBytes * 2 < limits.outboxShedBytes;
  return isOpen && pending === null && resend === null && connection.outstanding < connection.sendWindow;
}

function walkFor(core: Core, session: Session): void {
  let share = SHARE_COST;
  while (session.walks !== null && share > 0 && mayWalk(core, session)) {
    const cost = walkStep(core, session, session.walks[0]!);
    share -= cost;
    core.turn.walkCost -= cost;
  }
}

/** One step; gives its cost. */
function walkStep(core: Core, session: Session, { subscription, step }: RetainedWalk): number {
  const isCurrent = session.subscriptions?.get(subscription.filter) === subscription;
  const message = isCurrent ? step() : undefined;
  if (message === undefined) {
    session.walks!.shift();
    if (session.walks!.length === 0) session.walks = null;
    return 1;
  }
  if (message === null) return 1;
  sendRetained(core, subscription, message);
  return MESSAGE_COST + Math.floor(message.payload.length / BYTES_PER_COST);
}

function sendRetained(core: Core, { session, qos, ids, noLocal }: Subscription, message: Message): void {
  // [MQTT-3.8.3-3]
  if (noLocal && message.publisher.clientId === session.identity.clientId) return;
  const sentQos = lowerQos(qos, message.qos);
  // Who is away gets what waits for it, and QoS 0 does not.
  if (session.connection === null && sentQos === 0) return;
  if (isExpired(message, core.clock.now()) || !maySee(core, session, message)) return;
  deliver(core, session, message, sentQos, true, ids, null);
  forgetFrames(message);
}

/**
 * A retained message goes to whom may read its topic, as long as its publisher might still write there. Who publishes
 * from within this process is not asked for rights.
 */
function maySee(core: Core, session: Session, message: Message): boolean {
  if (core.authorize === null) return true;
  const topic = message.topic.name;
  if (!core.authorize(session.identity, "read", topic)) return false;
  return message.publisher.clientId === INSIDE.clientId || core.authorize(message.publisher, "write", topic);
}
