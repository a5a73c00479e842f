import { closeConnection } from "../broker/close";
import type { Core } from "../broker/core";
import { deliverLocally, type LocalDelivery } from "../broker/localClient";
import { updateOverload } from "../broker/overload";
import { Reason } from "../packet/reason";
import { type Connection, Waits } from "./connection";
import { createGate, type Gate, openGate, placeGate } from "./gate";
import { flush, ownWaitingFrames } from "./outbox";

/** How long a store that refused to write is left alone. */
const STORE_RETRY_MS = 250;

/** What a client in this process has to finish before the messages it got may be acknowledged. */
export type Settle = () => Promise<void> | null;

/** One turn of the event loop: what it has put into outboxes, and what must happen before that goes out. */
export interface Turn {
  isScheduled: boolean;
  dirty: Connection[];
  /** Messages for clients in this process. */
  local: LocalDelivery[];
  /** What the message now being published has reached, as bits of {@link Waits}. */
  reached: number;
  /** Asked at the end of a turn in which a client in this process got a QoS 1 or 2 message. */
  settle: Settle | null;
  /** Kept when no acknowledgement waits for a client in this process any more. */
  settling: Promise<void>;
  /** There while the store refuses to write: what depends on it waits here. */
  storeGate: Gate | null;
}

/** A turn in which nothing has happened yet. */
export function createTurn(settle: Settle | null): Turn {
  return { isScheduled: false, dirty: [], local: [], reached: 0, settle, settling: Promise.resolve(), storeGate: null };
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
  deliverLocally(core);
  if (core.store.hasWork() && turn.storeGate === null) commit(core);
  updateOverload(core);
  const { dirty } = turn;
  turn.dirty = [];
  const localGate = gateForLocal(core, dirty);
  for (const connection of dirty) {
    if (turn.storeGate !== null && (connection.waits & Waits.store) !== 0) placeGate(connection, turn.storeGate);
    if (localGate !== null && (connection.waits & Waits.local) !== 0) placeGate(connection, localGate);
    connection.waits = Waits.nothing;
    connection.isDirty = false;
    if (connection.isClosed) continue;
    flush(core, connection);
    if (connection.outboxBytes > 0) ownWaitingFrames(connection);
    if (connection.outboxBytes > core.limits.outboxBytes) {
      closeConnection(core, connection, Reason.quotaExceeded, "too much waits for a client that does not read");
    }
  }
}

function commit(core: Core): void {
  const { turn } = core;
  try {
    core.store.commit();
  } catch (error) {
    turn.storeGate = createGate();
    core.emit("storeFailed", { error });
    retryLater(core, turn.storeGate);
  }
}

function retryLater(core: Core, gate: Gate): void {
  core.clock.after(STORE_RETRY_MS, () => {
    try {
      core.store.commit();
    } catch {
      // Told once, when it began.
      retryLater(core, gate);
      return;
    }
    core.turn.storeGate = null;
    openGate(core, gate);
  });
}

function gateForLocal(core: Core, dirty: readonly Connection[]): Gate | null {
  const { turn } = core;
  const { settle } = turn;
  if (settle === null || !dirty.some((connection) => (connection.waits & Waits.local) !== 0)) return null;
  const settled = settle();
  if (settled === null) return null;
  const gate = createGate();
  turn.settling = settled.then(
    () => openGate(core, gate),
    (error: unknown) => {
      core.emit("fault", { error });
      // Not acknowledged: the publishers come back and send again.
      for (const connection of gate.connections) connection.transport.terminate();
    },
  );
  return gate;
}
