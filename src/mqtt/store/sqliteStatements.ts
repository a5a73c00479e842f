import type { Database, Statement } from "bun:sqlite";
import type { Moment } from "../state/brokerClock";
import type { Gate } from "../state/gate";
import type { Message } from "../state/message";
import type { QueuedMessage } from "../state/queue";
import type { Session, Subscription, Will } from "../state/session";
import { encodeInflight, encodeReceivers } from "./sqliteBlobs";

const DROP_SESSION = [
  "session WHERE id",
  "subscription WHERE session_id",
  "queued WHERE session_id",
  "inbound WHERE session_id",
  "will WHERE session_id",
  "outgoing WHERE session_id",
];

/** Every statement that changes the file, prepared once. */
export interface Statements {
  putMoment: Statement;
  putSession: Statement;
  dropSession: Statement[];
  putWill: Statement;
  deleteWill: Statement;
  putSubscription: Statement;
  deleteSubscription: Statement;
  insertMessage: Statement;
  deleteMessages: Statement;
  insertQueued: Statement;
  deleteQueued: Statement;
  putOutgoing: Statement;
  putInbound: Statement;
  deleteInbound: Statement;
  putRetained: Statement;
  deleteRetained: Statement;
}

/** Prepares all statements. */
export function prepareStatements(database: Database): Statements {
  return {
    putMoment: database.prepare("REPLACE INTO moment VALUES (0, ?, ?)"),
    putSession: database.prepare("REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?)"),
    dropSession: DROP_SESSION.map((rows) => database.prepare(`DELETE FROM ${rows} = ?`)),
    putWill: database.prepare("REPLACE INTO will VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    deleteWill: database.prepare("DELETE FROM will WHERE session_id = ?"),
    putSubscription: database.prepare("REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?)"),
    deleteSubscription: database.prepare("DELETE FROM subscription WHERE session_id = ? AND filter = ?"),
    insertMessage: database.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    deleteMessages: database.prepare("DELETE FROM message WHERE id BETWEEN ? AND ?"),
    insertQueued: database.prepare("INSERT INTO queued VALUES (?, ?, ?, ?, ?, ?, 0, 0)"),
    putOutgoing: database.prepare("REPLACE INTO outgoing VALUES (?, ?, ?)"),
    deleteQueued: database.prepare("DELETE FROM queued WHERE session_id = ? AND sequence = ?"),
    putInbound: database.prepare("REPLACE INTO inbound VALUES (?, ?, ?)"),
    deleteInbound: database.prepare("DELETE FROM inbound WHERE session_id = ? AND packet_id = ?"),
    putRetained: database.prepare("REPLACE INTO retained VALUES (?, ?, ?, ?, ?, ?, ?)"),
    deleteRetained: database.prepare("DELETE FROM retained WHERE topic = ?"),
  };
}

/** One change: what it does, with the number and the thing it does it to. A module's function, so none is made per message. */
export type Apply<T> = (statements: Statements, id: number, subject: T) => void;

export const putMoment: Apply<Moment> = (statements, _id, { brokerMs, wallMs }) => {
  statements.putMoment.run(brokerMs, wallMs);
};

export const putSession: Apply<Session> = (statements, id, session) => {
  const { clientId, username, address } = session.identity;
  statements.putSession.run(id, clientId, username, address, session.expirySeconds, session.endsAtMs);
};

export const dropSession: Apply<null> = (statements, id) => {
  for (const statement of statements.dropSession) statement.run(id);
};

/** With the time at which it is due as that is at the commit. */
export const putWill: Apply<{ session: Session; will: Will }> = (statements, id, { session, will }) => {
  const { message, delaySeconds, expirySeconds } = will;
  const { topic, qos, retain, payload, properties } = message;
  const { willAtMs } = session;
  statements.putWill.run(id, topic.name, qos, +retain, payload, properties, delaySeconds, expirySeconds, willAtMs);
};

export const deleteWill: Apply<null> = (statements, id) => {
  statements.deleteWill.run(id);
};

export const putSubscription: Apply<Subscription> = (statements, id, subscription) => {
  const { filter, qos, noLocal, retainAsPublished, retainHandling, ids } = subscription;
  statements.putSubscription.run(id, filter, qos, +noLocal, +retainAsPublished, retainHandling, ids.join());
};

export const deleteSubscription: Apply<string> = (statements, id, filter) => {
  statements.deleteSubscription.run(id, filter);
};

/** A message that is noted, and for whom it waits. */
export interface NewMessage {
  message: Message;
  receivers: number[];
}

/** Nothing where the message has left all queues meanwhile. */
export const insertMessage: Apply<NewMessage> = (statements, id, { message, receivers }) => {
  if (message.storedId !== id) return;
  const { topic, qos, retain, payload, properties, expiresAtMs, publisher, sequence } = message;
  const { clientId, username } = publisher;
  const content = [topic.name, qos, +retain, payload, properties, expiresAtMs, clientId, username] as const;
  statements.insertMessage.run(id, ...content, sequence, encodeReceivers(receivers));
};

/** Nothing where it has left the queue meanwhile. */
export const insertQueued: Apply<QueuedMessage> = (statements, id, queued) => {
  if (queued.row !== "noted") return;
  const { sequence, message, qos, retain, subscriptionIds } = queued;
  const identifiers = subscriptionIds.length === 0 ? "" : subscriptionIds.join();
  statements.insertQueued.run(id, sequence, message.storedId, qos, +retain, identifiers);
};

/** As it is at the commit. */
export const putOutgoing: Apply<{ place: { takenTo: number }; session: Session }> = (statements, id, subject) => {
  const { place, session } = subject;
  statements.putOutgoing.run(id, place.takenTo, encodeInflight(session.inflight?.messages ?? []));
};

export const deleteQueued: Apply<number> = (statements, id, sequence) => {
  statements.deleteQueued.run(id, sequence);
};

export const putInbound: Apply<{ packetId: number; gate: Gate | null }> = (statements, id, { packetId, gate }) => {
  statements.putInbound.run(id, packetId, +(gate?.isOpen ?? true));
};

export const deleteInbound: Apply<number> = (statements, id, packetId) => {
  statements.deleteInbound.run(id, packetId);
};

export const putRetained: Apply<Message> = (statements, _id, message) => {
  const { topic, qos, payload, properties, expiresAtMs, publisher } = message;
  const { clientId, username } = publisher;
  statements.putRetained.run(topic.name, qos, payload, properties, expiresAtMs, clientId, username);
};

export const deleteRetained: Apply<string> = (statements, _id, topic) => {
  statements.deleteRetained.run(topic);
};
