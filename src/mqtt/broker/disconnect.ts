import type { DisconnectPacket } from "../packet/parse";
import { protocolError, Reason } from "../packet/reason";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { closeCleanly } from "./close";
import { setWill } from "./wills";

/** DISCONNECT from a client; a 5.0 client may leave its will behind and change how long its session lasts. */
export function onDisconnect(core: Core, connection: Connection, packet: DisconnectPacket): void {
  const session = connection.session!;
  const expirySeconds = packet.properties?.sessionExpiryInterval;
  if (expirySeconds !== undefined) {
    // 3.14.2.2.2: a session that was to end with its connection cannot be prolonged on the way out.
    if (session.expirySeconds === 0 && expirySeconds > 0) {
      throw protocolError("DISCONNECT prolongs a session that was to end with its connection");
    }
    session.expirySeconds = Math.min(expirySeconds, core.limits.sessionExpirySeconds);
    if (session.expirySeconds === 0 && session.persistent) {
      core.store.dropSession(session);
      session.persistent = false;
    }
  }
  // [MQTT-3.14.4-3]: any other reason leaves the will to be published.
  if ((packet.reasonCode ?? Reason.success) === Reason.success) setWill(core, session, null);
  closeCleanly(core, connection);
}
