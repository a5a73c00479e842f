import { Reason } from "../packet/reason";
import { type Connection, createConnection, type Transport } from "../state/connection";
import type { Core } from "../state/core";
import { beginAwaiting, countAddress, hasRoomFor, whoMakesRoom } from "./admission";
import { closeConnection } from "./close";

/** A peer has connected, for which another may have to go. Null: there is no room. */
export function openConnection(
  core: Core,
  transport: Transport,
  transportName: string,
  address: string,
): Connection | null {
  const leaving = core.isStopping ? null : whoMakesRoom(core, transport);
  if (leaving !== null) {
    closeConnection(core, leaving, Reason.serverBusy, "its place is needed, and it has not said who it is");
    leaving.transport.terminate();
  }
  if (!hasRoomFor(core, address)) {
    core.counters.connectionsRefused++;
    return null;
  }
  const nowMs = core.clock.now();
  const connection = createConnection(transport, transportName, address, nowMs, core.limits.connectBytes);
  core.connections.add(connection);
  countAddress(core, address, 1);
  beginAwaiting(core, connection);
  return connection;
}
