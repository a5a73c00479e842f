import { eachQueued, type QueuedMessage } from "../state/queue";
import type { Session } from "../state/session";
import type { Store, StoredState } from "../state/store";
import { type Batch, commit, createBatch, holdMessage, note, type Place, releaseMessage } from "./sqliteBatch";
import { receiverOf } from "./sqliteBlobs";
import { type Durability, openDatabase } from "./sqliteFile";
import { loadState } from "./sqliteLoad";
import * as changes from "./sqliteStatements";

/** What goes with the next commit, and the sessions in the file by client identifier. */
interface Notes {
  batch: Batch;
  places: Map<string, Place>;
  lastSessionId: number;
}

/**
 * A store in a database file of its own, which only one process may use. What is noted is carried out in one
 * transaction per commit; where that fails nothing of it is on disk, and all of it is tried again with the next. A
 * message that comes and goes between two commits is never written. Throws where the file is no database or too new.
 *
 * A message and all for whom it waits are one row, however many they are. Sessions take such messages in order, so of
 * each only the last one that it has taken is written, together with what is on its way to it: one row per session and
 * commit, however many messages it takes. A message that comes to a session in another way, such as one that was
 * retained, has a row of its own in that session's queue.
 */
export function sqliteStore(path: string, options: { durability?: Durability } = {}): Store {
  const database = openDatabase(path, options.durability ?? "normal");
  const statements = changes.prepareStatements(database);
  const notes: Notes = { batch: createBatch(), places: new Map(), lastSessionId: 0 };
  const { batch } = notes;

  function load(): StoredState {
    const { places, lastMessageId, state } = loadState(database, (id) => {
      notes.lastSessionId = Math.max(notes.lastSessionId, id);
    });
    notes.places = places;
    batch.lastMessageId = lastMessageId;
    batch.writtenTo = lastMessageId;
    return state;
  }

  return {
    load,
    putMoment: (moment) => note(batch, changes.putMoment, 0, moment),
    putSession: (session) => putSession(notes, session),
    dropSession: (session) => dropSession(notes, session),
    putWill: (session, will) => noteFor(notes, session, changes.putWill, { session, will }),
    dropWill: (session) => noteFor(notes, session, changes.deleteWill, null),
    putSubscription: (subscription) => noteFor(notes, subscription.session, changes.putSubscription, subscription),
    dropSubscription: ({ session, filter }) => noteFor(notes, session, changes.deleteSubscription, filter),
    putQueued: (session, queued) => putQueued(notes, session, queued),
    markSent: (session, queued) => markSent(notes, session, queued),
    markReleased: (session) => noteOutgoing(notes, session),
    dropQueued: (session, queued) => dropQueued(notes, session, queued),
    putInbound: (session, packetId, gate) => noteFor(notes, session, changes.putInbound, { packetId, gate }),
    dropInbound: (session, packetId) => noteFor(notes, session, changes.deleteInbound, packetId),
    putRetained: (message) => note(batch, changes.putRetained, 0, message),
    dropRetained: (topic) => note(batch, changes.deleteRetained, 0, topic),
    hasWork: () => batch.changes.length > 0 || batch.outgoing.size > 0 || batch.deleted.length > 0,
    commit: () => commit(database, statements, batch),
    close: () => database.close(),
  };
}

/** Notes a change of a session's rows; nothing where the session has none. */
function noteFor<T>({ batch, places }: Notes, session: Session, apply: changes.Apply<T>, subject: T): void {
  const place = places.get(session.identity.clientId);
  if (place !== undefined) note(batch, apply, place.id, subject);
}

/** What is on its way to the session has changed, or what it has taken. */
function noteOutgoing({ batch, places }: Notes, session: Session): void {
  const place = places.get(session.identity.clientId);
  if (place !== undefined) batch.outgoing.set(place, session);
}

function putQueued(notes: Notes, session: Session, queued: QueuedMessage): void {
  const { batch, places } = notes;
  const place = places.get(session.identity.clientId);
  if (place === undefined) return;
  const { message } = queued;
  holdMessage(batch, message);
  if (queued.packetId !== 0) {
    batch.outgoing.set(place, session);
    return;
  }
  if (isByReference(batch, place, queued)) {
    batch.latest!.receivers.push(receiverOf(place.id, queued.qos, queued.retain));
    place.lastReferred = message.storedId;
    return;
  }
  queued.row = "noted";
  batch.queued.push(queued);
  note(batch, changes.insertQueued, place.id, queued);
}

/** Whether it can stand in the row of its message, which is not written yet and comes behind all before it. */
function isByReference({ latest }: Batch, { lastReferred }: Place, queued: QueuedMessage): boolean {
  const { message, sequence, subscriptionIds } = queued;
  if (latest === null || latest.message !== message || message.storedId <= lastReferred) return false;
  return sequence === message.sequence && subscriptionIds.length === 0;
}

/** It waits no more, but is on its way. */
function markSent(notes: Notes, session: Session, queued: QueuedMessage): void {
  const place = notes.places.get(session.identity.clientId);
  if (place === undefined) return;
  if (queued.row === "none") place.takenTo = Math.max(place.takenTo, queued.message.storedId);
  else dropRow(notes, place, queued);
  queued.row = "none";
  notes.batch.outgoing.set(place, session);
}

function dropRow({ batch }: Notes, { id }: Place, queued: QueuedMessage): void {
  if (queued.row === "written") note(batch, changes.deleteQueued, id, queued.sequence);
}

function dropQueued(notes: Notes, session: Session, queued: QueuedMessage): void {
  const place = notes.places.get(session.identity.clientId);
  if (place === undefined || queued.row === "gone") return;
  if (queued.packetId !== 0) notes.batch.outgoing.set(place, session);
  else if (queued.row !== "none") {
    dropRow(notes, place, queued);
    queued.row = "gone";
  }
  releaseMessage(notes.batch, queued.message);
}

function putSession(notes: Notes, session: Session): void {
  const { clientId } = session.identity;
  const place = notes.places.get(clientId) ?? { id: ++notes.lastSessionId, takenTo: 0, lastReferred: 0 };
  notes.places.set(clientId, place);
  note(notes.batch, changes.putSession, place.id, session);
}

function dropSession(notes: Notes, session: Session): void {
  const place = notes.places.get(session.identity.clientId);
  if (place === undefined) return;
  if (session.pending !== null) eachQueued(session.pending, (queued) => dropQueued(notes, session, queued));
  for (const queued of session.inflight?.messages ?? []) {
    if (queued !== null) dropQueued(notes, session, queued);
  }
  note(notes.batch, changes.dropSession, place.id, null);
  notes.batch.outgoing.delete(place);
  notes.places.delete(session.identity.clientId);
}
