import { sendWaiting } from "../delivery/deliver";
import { flush, ownWaitingFrames } from "../delivery/outbox";
import { Reason } from "../packet/reason";
import type { Connection } from "../state/connection";
import { Waits } from "../state/connection";
import type { Core } from "../state/core";
import { createGate, type Gate, placeGate } from "../state/gate";
import { updateOverload } from "../state/overload";
import type { Session } from "../state/session";
import { localGateOf, scheduleTurnEnd } from "../state/turn";
import { pauseReading } from "./backpressure";
import { closeConnection } from "./close";
import { deliverLocally } from "./localClient";
import { renewWalks, walkOn } from "./retainedWalk";

/** How long a store that refused to write is left alone. */
const STORE_RETRY_MS = 250;

/**
 * Ends a turn: clients in this process get their messages, the store commits all that the turn has changed, and only
 * then are outboxes written. So no acknowledgement leaves before that which it acknowledges is on disk, and a thousand
 * messages cost one commit.
 */
export function endTurn(core: Core): void {
  const { turn } = core;
  turn.isScheduled = false;
  if (core.walking.size > 0) walkOn(core);
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
  renewWalks(core);
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

/** Opens the gate; each outbox goes out up to its next closed gate, so that its order stays. */
function openGate(core: Core, gate: Gate): void {
  gate.isOpen = true;
  for (const connection of gate.connections) {
    passGates(connection);
    if (connection.isClosed) continue;
    flush(core, connection);
    if (connection.session !== null) sendWaiting(core, connection.session);
  }
  gate.connections.length = 0;
}

function passGates(connection: Connection): void {
  const gates = connection.gates;
  if (gates === null) return;
  while (gates.length > 0 && gates[0]!.gate.isOpen) {
    const { mark } = gates.shift()!;
    // What waits at several gates has the same mark at each, and goes when the last of them opens.
    if (gates[0]?.mark !== mark) connection.writableTo = mark;
  }
  if (gates.length > 0) return;
  connection.gates = null;
  connection.heldAcks = 0;
  connection.writableTo = Number.POSITIVE_INFINITY;
}
