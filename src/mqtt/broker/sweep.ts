import { dropExpired } from "../delivery/deliver";
import { Reason } from "../packet/reason";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { updateOverload } from "../state/overload";
import type { Session } from "../state/session";
import { forgetVisits } from "./admission";
import { resumeReading } from "./backpressure";
import { closeConnection } from "./close";
import { endSession } from "./endSession";
import { publishStatistics } from "./sysTopics";
import { publishWill } from "./wills";

/** How exactly keep-alive, expiry and delays are kept. */
export const SWEEP_MS = 250;
const SWEEPS_PER_MINUTE = 60_000 / SWEEP_MS;
/** How long a peer may leave a connection open that we have closed. */
const LINGER_MS = 2000;

/**
 * Looks at everything that waits for a time: one walk for all, since a timer for each of ten thousand idle connections
 * would cost more than the connections. `count` is how many walks there have been.
 */
export function sweep(core: Core, count: number): void {
  const nowMs = core.clock.now();
  for (const connection of core.connections) sweepConnection(core, connection, nowMs);
  for (const connection of core.lingering) {
    if (connection.closedAtMs + LINGER_MS <= nowMs) connection.transport.terminate();
  }
  for (const session of core.sessions.values()) sweepSession(core, session, nowMs);
  updateOverload(core);
  const { sysIntervalMs } = core.limits;
  if (sysIntervalMs > 0 && count % Math.ceil(sysIntervalMs / SWEEP_MS) === 0) publishStatistics(core);
  if (count % SWEEPS_PER_MINUTE !== 0) return;
  core.retained.expire(core);
  for (const session of core.sessions.values()) dropExpired(core, session);
  forgetVisits(core);
}

/** Publishes a will and ends a session whose time has come; between two walks for a client that comes back just then. */
export function sweepSession(core: Core, session: Session, nowMs: number): void {
  if (session.willAtMs !== 0 && session.willAtMs <= nowMs) publishWill(core, session);
  if (session.endsAtMs !== 0 && session.endsAtMs <= nowMs) endSession(core, session);
}

function sweepConnection(core: Core, connection: Connection, nowMs: number): void {
  const { connectTimeoutMs, slowReaderMs } = core.limits;
  if (connection.awaitsConnect && nowMs - connection.openedAtMs > connectTimeoutMs) {
    closeConnection(core, connection, Reason.notAuthorized, `no accepted CONNECT within ${connectTimeoutMs} ms`);
    return;
  }
  // [MQTT-3.1.2-22]; a client that we do not read cannot be blamed for its silence.
  const { silenceLimitMs, pausedUntilMs } = connection;
  if (pausedUntilMs !== 0 && pausedUntilMs <= nowMs) resumeReading(core, connection);
  else if (silenceLimitMs > 0 && pausedUntilMs === 0 && nowMs - connection.lastReadMs > silenceLimitMs) {
    closeConnection(core, connection, Reason.keepAliveTimeout, "nothing was heard for 1.5 times the keep-alive");
  }
  if (!connection.isClosed && connection.blockedSinceMs !== 0 && nowMs - connection.blockedSinceMs > slowReaderMs) {
    closeConnection(core, connection, Reason.quotaExceeded, `took no bytes for ${slowReaderMs} ms`);
  }
}
