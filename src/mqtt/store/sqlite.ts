import { eachQueued, type QueuedMessage } from "../state/queue";
import type { Session } from "../state/session";
import type { Store, StoredState } from "../state/store";
import { type Batch, commit, createBatch, holdMessage, note, releaseMessage } from "./sqliteBatch";
import { type Durability, openDatabase } from "./sqliteFile";
import { loadState } from "./sqliteLoad";
import * as changes from "./sqliteStatements";

/** What goes with the next commit, and the numbers of sessions in the file by client identifier. */
interface Notes {
  batch: Batch;
  sessionIds: Map<string, number>;
  lastSessionId: number;
}

/**
 * A store in a database file of its own, which only one process may use. What is noted is carried out in one
 * transaction per commit; where that fails nothing of it is on disk, and all of it is tried again with the next. A
 * message that comes and goes between two commits is never written. Throws where the file is no database or too new.
 */
export function sqliteStore(path: string, options: { durability?: Durability } = {}): Store {
  const database = openDatabase(path, options.durability ?? "normal");
  const statements = changes.prepareStatements(database);
  const notes: Notes = { batch: createBatch(), sessionIds: new Map(), lastSessionId: 0 };
  const { batch } = notes;

  function load(): StoredState {
    const { sessionIds, state } = loadState(database);
    notes.sessionIds = sessionIds;
    for (const id of sessionIds.values()) notes.lastSessionId = Math.max(notes.lastSessionId, id);
    for (const id of state.messages.keys()) batch.lastMessageId = Math.max(batch.lastMessageId, id);
    return state;
  }

  return {
    load,
    putSession: (session) => putSession(notes, session),
    dropSession: (session) => dropSession(notes, session),
    putWill: (session, will) => noteFor(notes, session, changes.putWill, { session, will }),
    dropWill: (session) => noteFor(notes, session, changes.deleteWill, null),
    putSubscription: (subscription) => noteFor(notes, subscription.session, changes.putSubscription, subscription),
    dropSubscription: ({ session, filter }) => noteFor(notes, session, changes.deleteSubscription, filter),
    putQueued: (session, queued) => putQueued(notes, session, queued),
    markSent: (session, queued) => updateQueued(notes, session, queued),
    markReleased: (session, queued) => updateQueued(notes, session, queued),
    dropQueued: (session, queued) => dropQueued(notes, session, queued),
    putInbound: (session, packetId, gate) => noteFor(notes, session, changes.putInbound, { packetId, gate }),
    dropInbound: (session, packetId) => noteFor(notes, session, changes.deleteInbound, packetId),
    putRetained: (message) => note(batch, changes.putRetained, 0, message),
    dropRetained: (topic) => note(batch, changes.deleteRetained, 0, topic),
    hasWork: () => batch.changes.length > 0,
    commit: () => commit(database, statements, batch),
    close: () => database.close(),
  };
}

/** Notes a change of a session's rows; nothing where the session has none. */
function noteFor<T>({ batch, sessionIds }: Notes, session: Session, apply: changes.Apply<T>, subject: T): void {
  const id = sessionIds.get(session.identity.clientId);
  if (id !== undefined) note(batch, apply, id, subject);
}

function putQueued(notes: Notes, session: Session, queued: QueuedMessage): void {
  const { batch, sessionIds } = notes;
  if (!sessionIds.has(session.identity.clientId)) return;
  holdMessage(batch, queued.message);
  queued.row = "noted";
  batch.queued.push(queued);
  noteFor(notes, session, changes.insertQueued, queued);
}

function updateQueued(notes: Notes, session: Session, queued: QueuedMessage): void {
  if (queued.row === "written") noteFor(notes, session, changes.updateQueued, queued);
}

function dropQueued(notes: Notes, session: Session, queued: QueuedMessage): void {
  if (queued.row === "none" || queued.row === "gone") return;
  if (queued.row === "written") noteFor(notes, session, changes.deleteQueued, queued.sequence);
  queued.row = "gone";
  releaseMessage(notes.batch, queued.message);
}

function putSession(notes: Notes, session: Session): void {
  const { clientId } = session.identity;
  const id = notes.sessionIds.get(clientId) ?? ++notes.lastSessionId;
  notes.sessionIds.set(clientId, id);
  note(notes.batch, changes.putSession, id, session);
}

function dropSession(notes: Notes, session: Session): void {
  if (session.pending !== null) eachQueued(session.pending, (queued) => dropQueued(notes, session, queued));
  for (const queued of session.inflight?.messages ?? []) {
    if (queued !== null) dropQueued(notes, session, queued);
  }
  noteFor(notes, session, changes.dropSession, null);
  notes.sessionIds.delete(session.identity.clientId);
}
