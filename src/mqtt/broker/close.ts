import { clearOutbox, flush, sendWhole } from "../delivery/outbox";
import type { Frame } from "../packet/frame";
import { Reason, type ReasonCode } from "../packet/reason";
import { disconnectFrame, refusalFrame } from "../packet/replies";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { forgetWaiting } from "../state/gate";
import { scheduleTurnEnd } from "../state/turn";
import { countAddress, endAwaiting } from "./admission";
import { countInput } from "./backpressure";
import { goOffline } from "./endSession";
import { armWill } from "./wills";

/** A peer that has not said who it is. */
const NOBODY = { clientId: "", username: null };

/** Ends a connection from our side, and tells the client why where its version has a way to [MQTT-4.13.1-1]. */
export function closeConnection(core: Core, connection: Connection, reason: ReasonCode, message: string): void {
  if (connection.isClosed) return;
  const farewell = farewellOf(connection, reason, message);
  // What has not been committed must not be acknowledged, and does not hold up the farewell; the client will send it again.
  flush(core, connection);
  if (connection.blockedSinceMs === 0) clearOutbox(core, connection);
  forgetWaiting(connection);
  if (farewell !== null) sendWhole(core, connection, farewell);
  flush(core, connection);
  finish(core, connection, reason, message);
  if (connection.blockedSinceMs === 0) connection.transport.end();
  else connection.transport.terminate();
}

/** Leaves out first the reason string, and then all, where it is more than the client takes [MQTT-3.14.2-3] [MQTT-3.2.2-19]. */
function farewellOf(connection: Connection, reason: ReasonCode, message: string): Frame | null {
  const encode = connection.awaitsConnect ? refusalOf : disconnectOf;
  for (const said of [message, undefined]) {
    const frame = encode(connection.version, reason, said);
    if (frame === null || frame.bytes.length <= connection.maxOutBytes) return frame;
  }
  return null;
}

function disconnectOf(version: number, reason: ReasonCode, message: string | undefined): Frame | null {
  return version === 5 ? disconnectFrame(reason, message) : null;
}

function refusalOf(version: number, reason: ReasonCode, message: string | undefined): Frame | null {
  // Before a CONNECT has been understood there is nobody to answer.
  if (version === 0 && reason !== Reason.unsupportedProtocolVersion) return null;
  return refusalFrame(version, reason, message);
}

/** The connection is gone, from the other side or by a fault of the network. */
export function loseConnection(core: Core, connection: Connection): void {
  if (!connection.isClosed) finish(core, connection, Reason.unspecified, "connection lost");
  core.lingering.delete(connection);
}

/** The client has said DISCONNECT; nothing is sent to it any more. */
export function closeCleanly(core: Core, connection: Connection): void {
  finish(core, connection, Reason.success, "client disconnected");
  connection.transport.end();
}

function finish(core: Core, connection: Connection, reason: ReasonCode, message: string): void {
  connection.isClosed = true;
  connection.closedAtMs = core.clock.now();
  connection.reading = false;
  connection.partial = null;
  countInput(core, connection);
  core.connections.delete(connection);
  core.lingering.add(connection);
  countAddress(core, connection.address, -1);
  endAwaiting(core, connection);
  clearOutbox(core, connection);
  const { session } = connection;
  if (session === null) {
    core.counters.connectionsRefused++;
    const { clientId, username, address } = connection.claimed ?? { ...NOBODY, address: connection.address };
    core.emit("refused", { address, clientId, username, reason, message });
    return;
  }
  core.emit("disconnected", { identity: session.identity, reason, message });
  armWill(core, session);
  goOffline(core, session);
  scheduleTurnEnd(core);
}
