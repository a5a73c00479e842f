import { releaseSent, sendPubrel, sendWaiting } from "../delivery/deliver";
import { send } from "../delivery/outbox";
import { ACK_FRAME, ackFrame, FirstByte, patchOf } from "../packet/frame";
import { Reason } from "../packet/reason";
import { type Connection, Waits } from "../state/connection";
import type { Core } from "../state/core";
import { Awaits, slotOf } from "../state/inflight";
import type { Session } from "../state/session";
import { scheduleTurnEnd } from "../state/turn";

// An acknowledgement is `reason << 16 | packetId`, as decodeAck gives it.

const FIRST_ERROR_REASON = 0x80;
const UNKNOWN_ID_FRAME = ackFrame(Reason.packetIdentifierNotFound);

/** PUBACK: a QoS 1 message has arrived, or was refused for good; either way it is done with. */
export function onPuback(core: Core, connection: Connection, ack: number): void {
  finish(core, connection, ack & 0xffff, Awaits.puback);
}

/** PUBREC: a QoS 2 message has arrived; PUBREL follows [MQTT-4.3.3-4], unless the receiver reports an error. */
export function onPubrec(core: Core, connection: Connection, ack: number): void {
  const session = connection.session!;
  const packetId = ack & 0xffff;
  if (ack >> 16 >= FIRST_ERROR_REASON) {
    finish(core, connection, packetId, Awaits.pubrec);
    return;
  }
  const slot = session.inflight === null ? -1 : slotOf(session.inflight, packetId);
  if (slot === -1 || session.inflight!.awaits[slot] === Awaits.puback) {
    const frame = connection.version === 5 ? UNKNOWN_ID_FRAME : ACK_FRAME;
    send(core, connection, frame, patchOf(FirstByte.pubrel, packetId));
    return;
  }
  sendPubrel(core, session, connection, slot);
}

/** PUBREL: the client will not send that QoS 2 message again, so its identifier is free [MQTT-4.3.3-12]. */
export function onPubrel(core: Core, connection: Connection, ack: number): void {
  const session = connection.session!;
  const packetId = ack & 0xffff;
  const isKnown = session.inbound?.delete(packetId) ?? false;
  if (isKnown) core.unreleased--;
  if (isKnown && session.persistent) {
    core.store.dropInbound(session, packetId);
    connection.waits |= Waits.store;
  }
  if (session.inbound?.size === 0) session.inbound = null;
  const frame = isKnown || connection.version !== 5 ? ACK_FRAME : UNKNOWN_ID_FRAME;
  send(core, connection, frame, patchOf(FirstByte.pubcomp, packetId));
}

/** PUBCOMP: a QoS 2 message is done with. */
export function onPubcomp(core: Core, connection: Connection, ack: number): void {
  finish(core, connection, ack & 0xffff, Awaits.pubcomp);
}

/** Frees the identifier if it is in flight and at that step, and sends what waited for it. */
function finish(core: Core, connection: Connection, packetId: number, step: number): void {
  const session: Session = connection.session!;
  const { inflight } = session;
  if (inflight === null) return;
  const slot = slotOf(inflight, packetId);
  if (slot === -1 || inflight.awaits[slot] !== step) return;
  releaseSent(core, session, slot);
  if (connection.outstanding > 0) connection.outstanding--;
  if (session.walks !== null) scheduleTurnEnd(core);
  if (session.pending !== null || session.resend !== null) sendWaiting(core, session);
}
