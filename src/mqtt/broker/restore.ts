import { createMessage, type Message } from "../delivery/message";
import { Awaits, createInflight, restorePacketId } from "../session/inflight";
import { createQueue, enqueue, queuedMessage } from "../session/queue";
import { createSession, type Session } from "../session/session";
import type { StoredMessage, StoredQueued, StoredSession, StoredState } from "../store/store";
import { parseFilter } from "../topic/rules";
import type { Core } from "./core";
import { addSubscription } from "./subscriptions";

/** Fills a new broker with what its store has kept. Sessions begin offline; their expiry runs from now where it had not begun. */
export function restore(core: Core): void {
  const state = core.store.load();
  const messages = new Map<number, Message>();
  for (const stored of state.retained) core.retained.restore(messageOf(core, stored));
  for (const stored of state.sessions) restoreSession(core, state, messages, stored);
}

function messageOf(core: Core, stored: StoredMessage): Message {
  const topic = core.topics.named(stored.topic);
  const { qos, retain, payload, properties, expiresAtMs, publisher } = stored;
  const message = createMessage(topic, qos, retain, payload, properties, expiresAtMs, publisher);
  message.storedId = stored.id;
  return message;
}

function restoreSession(core: Core, state: StoredState, messages: Map<number, Message>, stored: StoredSession): void {
  const session = createSession(stored.identity);
  session.persistent = true;
  session.expirySeconds = stored.expirySeconds;
  session.endsAtMs = stored.endsAtMs;
  core.sessions.set(stored.identity.clientId, session);
  for (const { filter, ...options } of stored.subscriptions) {
    const { levels, group } = parseFilter(filter, core.limits);
    addSubscription(core, { session, filter, levels, group: null, ...options }, group);
  }
  if (stored.inbound.length > 0) session.inbound = new Set(stored.inbound);
  for (const queued of stored.queued) restoreQueued(core, state, messages, session, queued);
}

function restoreQueued(
  core: Core,
  state: StoredState,
  messages: Map<number, Message>,
  session: Session,
  stored: StoredQueued,
): void {
  const kept = state.messages.get(stored.messageId);
  if (kept === undefined) throw new Error(`the store has no message ${stored.messageId}, which a queue refers to`);
  const message = messages.get(stored.messageId) ?? messageOf(core, kept);
  messages.set(stored.messageId, message);
  message.storedReferences++;
  const { qos, retain, subscriptionIds, packetId, sequence } = stored;
  const queued = queuedMessage(message, qos, retain, subscriptionIds, sequence);
  queued.packetId = packetId;
  queued.isReleased = stored.isReleased;
  queued.row = "written";
  core.sequence = Math.max(core.sequence, sequence);
  if (packetId === 0) {
    session.pending ??= createQueue();
    enqueue(session.pending, queued);
    core.queuedBytes += message.size;
    return;
  }
  session.inflight ??= createInflight();
  const firstStep = qos === 1 ? Awaits.puback : Awaits.pubrec;
  restorePacketId(session.inflight, packetId, stored.isReleased ? Awaits.pubcomp : firstStep, queued);
}
