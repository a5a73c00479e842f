import { eachQueued, type QueuedMessage } from "../state/queue";
import type { Session } from "../state/session";
import type { Store, StoredState } from "../state/store";
import { commit, createBatch, holdMessage, note, releaseMessage } from "./sqliteBatch";
import { type Durability, openDatabase } from "./sqliteFile";
import { loadState } from "./sqliteLoad";
import * as changes from "./sqliteStatements";

/**
 * A store in a database file of its own, which only one process may use. What is noted is carried out in one
 * transaction per commit; where that fails nothing of it is on disk, and all of it is tried again with the next. A
 * message that comes and goes between two commits is never written. Throws where the file is no database or too new.
 */
export function sqliteStore(path: string, options: { durability?: Durability } = {}): Store {
  const database = openDatabase(path, options.durability ?? "normal");
  const statements = changes.prepareStatements(database);
  const batch = createBatch();
  let sessionIds = new Map<string, number>();
  let lastSessionId = 0;

  /** Notes a change of a session's rows; nothing where the session has none. */
  function noteFor<T>(session: Session, apply: changes.Apply<T>, subject: T): void {
    const id = sessionIds.get(session.identity.clientId);
    if (id !== undefined) note(batch, apply, id, subject);
  }

  function putQueued(session: Session, queued: QueuedMessage): void {
    if (!sessionIds.has(session.identity.clientId)) return;
    holdMessage(batch, queued.message);
    queued.row = "noted";
    batch.queued.push(queued);
    noteFor(session, changes.insertQueued, queued);
  }

  function updateQueued(session: Session, queued: QueuedMessage): void {
    if (queued.row === "written") noteFor(session, changes.updateQueued, queued);
  }

  function dropQueued(session: Session, queued: QueuedMessage): void {
    if (queued.row === "none" || queued.row === "gone") return;
    if (queued.row === "written") noteFor(session, changes.deleteQueued, queued.sequence);
    queued.row = "gone";
    releaseMessage(batch, queued.message);
  }

  function putSession(session: Session): void {
    const { clientId } = session.identity;
    const id = sessionIds.get(clientId) ?? ++lastSessionId;
    sessionIds.set(clientId, id);
    note(batch, changes.putSession, id, session);
  }

  function dropSession(session: Session): void {
    if (session.pending !== null) eachQueued(session.pending, (queued) => dropQueued(session, queued));
    for (const queued of session.inflight?.messages ?? []) {
      if (queued !== null) dropQueued(session, queued);
    }
    noteFor(session, changes.dropSession, null);
    sessionIds.delete(session.identity.clientId);
  }

  function load(): StoredState {
    const loaded = loadState(database);
    sessionIds = loaded.sessionIds;
    for (const id of sessionIds.values()) lastSessionId = Math.max(lastSessionId, id);
    for (const id of loaded.state.messages.keys()) batch.lastMessageId = Math.max(batch.lastMessageId, id);
    return loaded.state;
  }

  return {
    load,
    putSession,
    dropSession,
    putWill: (session, will) => noteFor(session, changes.putWill, { session, will }),
    dropWill: (session) => noteFor(session, changes.deleteWill, null),
    putSubscription: (subscription) => noteFor(subscription.session, changes.putSubscription, subscription),
    dropSubscription: ({ session, filter }) => noteFor(session, changes.deleteSubscription, filter),
    putQueued,
    markSent: updateQueued,
    markReleased: updateQueued,
    dropQueued,
    putInbound: (session, packetId, gate) => noteFor(session, changes.putInbound, { packetId, gate }),
    dropInbound: (session, packetId) => noteFor(session, changes.deleteInbound, packetId),
    putRetained: (message) => note(batch, changes.putRetained, 0, message),
    dropRetained: (topic) => note(batch, changes.deleteRetained, 0, topic),
    hasWork: () => batch.changes.length > 0,
    commit: () => commit(database, statements, batch),
    close: () => database.close(),
  };
}
