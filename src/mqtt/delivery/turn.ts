import { closeConnection } from "../broker/close";
import type { Core } from "../broker/core";
import { deliverLocally, type LocalDelivery } from "../broker/localClient";
import { updateOverload } from "../broker/overload";
import { pauseReading } from "../broker/reading";
import { Reason } from "../packet/reason";
import type { Session } from "../session/session";
import { type Connection, Waits } from "./connection";
import { sendWaiting } from "./deliver";
import { createGate, type Gate, openGate, placeGate } from "./gate";
import { flush, ownWaitingFrames } from "./outbox";

/** How long a store that refused to write is left alone. */
const STORE_RETRY_MS = 250;

/** One turn of the event loop: what it has put into outboxes, and what must happen before that goes out. */
export interface Turn {
  isScheduled: boolean;
  dirty: Connection[];
  /** Messages for clients in this process. */
  local: LocalDelivery[];
  /** What the message now being published has reached, as bits of {@link Waits}. */
  reached: number;
  /** There while the store refuses to write: what depends on it waits here. */
  storeGate: Gate | null;
  /** There when a QoS 2 message of this turn has reached clients in this process: where its confirmation waits. */
  localGate: Gate | null;
  /** Confirmations of messages that have come again while work on the first of them is under way, at its gate. */
  repeated: { connection: Connection; gate: Gate }[];
  /** How many gates wait for clients in this process. */
  localGates: number;
  /** There when somebody waits for the commit of this turn. */
  committed: PromiseWithResolvers<void> | null;
}

/** A turn in which nothing has happened yet. */
export function createTurn(): Turn {
  return {
    isScheduled: false,
    dirty: [],
    local: [],
    reached: 0,
    storeGate: null,
    localGate: null,
    repeated: [],
    localGates: 0,
    committed: null,
  };
}

/** Kept when all that has been done in this turn is in the store. One promise for all who ask in one turn. */
export function committed(core: Core): Promise<void> {
  core.turn.committed ??= Promise.withResolvers();
  scheduleTurnEnd(core);
  return core.turn.committed.promise;
}

/** Sees to it that {@link endTurn} is called when all sockets that are readable now have been read. */
export function scheduleTurnEnd(core: Core): void {
  if (core.turn.isScheduled) return;
  core.turn.isScheduled = true;
  setImmediate(endTurn, core);
}

/**
 * Ends a turn: clients in this process get their messages, the store commits all that the turn has changed, and only
 * then are outboxes written. So no acknowledgement leaves before that which it acknowledges is on disk, and a thousand
 * messages cost one commit.
 */
export function endTurn(core: Core): void {
  const { turn } = core;
  turn.isScheduled = false;
  const localGate = waitForWork(core, deliverLocally(core));
  if (turn.storeGate === null) commit(core);
  updateOverload(core);
  const { dirty, repeated } = turn;
  turn.dirty = [];
  turn.repeated = [];
  for (const { connection, gate } of repeated) placeGate(connection, gate);
  for (const connection of dirty) {
    if (turn.storeGate !== null && (connection.waits & Waits.store) !== 0)
      waitForStore(core, connection, turn.storeGate);
    if (localGate !== null && (connection.waits & Waits.local) !== 0) placeGate(connection, localGate);
    connection.waits = Waits.nothing;
    connection.isDirty = false;
    if (connection.isClosed) continue;
    flush(core, connection);
    if (connection.session !== null) sendWaiting(core, connection.session);
    if (connection.outboxBytes > 0) ownWaitingFrames(connection);
    if (connection.outboxBytes > core.limits.outboxBytes) {
      closeConnection(core, connection, Reason.quotaExceeded, "too much waits for a client that does not read");
    }
  }
}

function commit(core: Core): void {
  const { turn } = core;
  try {
    if (core.store.hasWork()) core.store.commit();
  } catch (error) {
    turn.storeGate = createGate();
    core.emit("storeFailed", { error });
    retryLater(core, turn.storeGate);
    return;
  }
  turn.committed?.resolve();
  turn.committed = null;
}

function retryLater(core: Core, gate: Gate): void {
  core.clock.after(STORE_RETRY_MS, () => {
    if (core.isStopping) return;
    try {
      core.store.commit();
    } catch {
      // Told once, when it began.
      retryLater(core, gate);
      return;
    }
    core.turn.storeGate = null;
    openGate(core, gate);
    scheduleTurnEnd(core);
  });
}

/** What a client has sent is not acknowledged yet, so it may send no more than a little until it is. */
function waitForStore(core: Core, connection: Connection, gate: Gate): void {
  placeGate(connection, gate);
  if (!connection.isClosed) pauseReading(core, connection, core.clock.now() + STORE_RETRY_MS);
}

/** The gate of this turn's work, for a message whose repetition must find it. */
export function localGateOf(core: Core): Gate {
  core.turn.localGate ??= createGate();
  return core.turn.localGate;
}

/**
 * Gives the gate that keeps acknowledgements until clients in this process have done their work, or null where they
 * have already. That work failed is told and no more.
 */
function waitForWork(core: Core, work: readonly Promise<void>[]): Gate | null {
  const { turn } = core;
  if (work.length === 0) {
    if (turn.localGate !== null) openGate(core, turn.localGate);
    turn.localGate = null;
    return null;
  }
  const gate = localGateOf(core);
  turn.localGate = null;
  turn.localGates++;
  Promise.allSettled(work).then((outcomes) => {
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") core.emit("fault", { error: outcome.reason });
    }
    turn.localGates--;
    openGate(core, gate);
    for (const { session, packetId } of gate.inbound) noteFinished(core, session, packetId, gate);
  });
  return gate;
}

function noteFinished(core: Core, session: Session, packetId: number, gate: Gate): void {
  if (session.inbound?.get(packetId) !== gate) return;
  core.store.putInbound(session, packetId, gate);
  scheduleTurnEnd(core);
}
