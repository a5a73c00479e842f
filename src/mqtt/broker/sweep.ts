import { dropExpired } from "../delivery/deliver";
import { unblock } from "../delivery/outbox";
import { bytesBegun } from "../packet/decoder";
import { Reason, type ReasonCode } from "../packet/reason";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { Overload, updateOverload } from "../state/overload";
import type { Session } from "../state/session";
import { scheduleTurnEnd } from "../state/turn";
import { forgetVisits } from "./admission";
import { resumeReading } from "./backpressure";
import { closeConnection } from "./close";
import { endSession } from "./endSession";
import { publishStatistics } from "./sysTopics";
import { publishWill } from "./wills";

/** How exactly keep-alive, expiry and delays are kept. */
export const SWEEP_MS = 250;
const SWEEPS_PER_SECOND = 1000 / SWEEP_MS;
const SWEEPS_PER_MINUTE = 60_000 / SWEEP_MS;
/** How long a peer may leave a connection open that we have closed. */
const LINGER_MS = 2000;
/** A packet that has begun may take so long, and a second more for each so many of its bytes. */
const PACKET_PATIENCE_MS = 60_000;
const SLOWEST_BYTES_PER_S = 500;
/** A wall clock that differs by so much more than before has been set. */
const SET_CLOCK_MS = 1000;

/**
 * Looks at everything that waits for a time: one walk for all, since a timer for each of ten thousand idle connections
 * would cost more than the connections. `count` is how many walks there have been.
 */
export function sweep(core: Core, count: number): void {
  const nowMs = core.clock.now();
  for (const connection of core.connections) sweepConnection(core, connection, nowMs);
  core.sweptAtMs = nowMs;
  noteTime(core, nowMs);
  for (const connection of core.lingering) {
    if (connection.closedAtMs + LINGER_MS <= nowMs) connection.transport.terminate();
  }
  for (const session of core.sessions.values()) sweepSession(core, session, nowMs);
  updateOverload(core);
  if (core.overload >= Overload.refuseGrowth) shedLargestOutbox(core);
  if (count % SWEEPS_PER_SECOND === 0) for (const connection of core.connections) writeOn(core, connection);
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

/**
 * Judges by the time of the last walk: what had come by then has been read since, also where something has held up the
 * broker for longer than a client may be silent.
 */
function sweepConnection(core: Core, connection: Connection, nowMs: number): void {
  const fault = faultOf(core, connection, core.sweptAtMs);
  if (fault !== null) closeConnection(core, connection, fault.reason, fault.message);
  else if (connection.pausedUntilMs !== 0 && connection.pausedUntilMs <= nowMs) resumeReading(core, connection);
}

/**
 * Tries a socket that has refused bytes: the kernel says that it takes some again when a third of its buffer is free,
 * which is minutes on a slow link, and takes them sooner.
 */
function writeOn(core: Core, connection: Connection): void {
  const { blockedSinceMs } = connection;
  if (blockedSinceMs === 0) return;
  const { bytesSent } = core.counters;
  unblock(core, connection);
  if (connection.blockedSinceMs !== 0 && core.counters.bytesSent === bytesSent)
    connection.blockedSinceMs = blockedSinceMs;
}

/** In an overload the client goes for which most waits that it does not take; its session stays, if it has one. */
function shedLargestOutbox(core: Core): void {
  let largest: Connection | null = null;
  for (const connection of core.connections) {
    if (connection.blockedSinceMs !== 0 && connection.outboxBytes > (largest?.outboxBytes ?? 0)) largest = connection;
  }
  if (largest === null || largest.outboxBytes < core.limits.outboxShedBytes) return;
  closeConnection(core, largest, Reason.quotaExceeded, "memory is short, and this client takes least of what waits");
}

interface Fault {
  reason: ReasonCode;
  message: string;
}

function faultOf({ limits }: Core, connection: Connection, atMs: number): Fault | null {
  const { silenceLimitMs, pausedUntilMs, lastReadMs, packetSinceMs, blockedSinceMs } = connection;
  if (connection.awaitsConnect && atMs - connection.openedAtMs > limits.connectTimeoutMs) {
    return { reason: Reason.serverBusy, message: `no accepted CONNECT within ${limits.connectTimeoutMs} ms` };
  }
  // [MQTT-3.1.2-22]; a client that we do not read cannot be blamed for its silence.
  if (silenceLimitMs > 0 && pausedUntilMs === 0 && atMs - lastReadMs > silenceLimitMs) {
    return { reason: Reason.keepAliveTimeout, message: "nothing was heard for 1.5 times the keep-alive" };
  }
  if (packetSinceMs !== 0 && pausedUntilMs === 0 && atMs - packetSinceMs > patienceMs(connection)) {
    return { reason: Reason.keepAliveTimeout, message: "a packet took more than a minute and a second per 500 bytes" };
  }
  const silentMs = atMs - Math.max(blockedSinceMs, lastReadMs);
  if (blockedSinceMs !== 0 && silentMs > Math.max(limits.slowReaderMs, silenceLimitMs)) {
    return { reason: Reason.quotaExceeded, message: `took and sent no bytes for ${limits.slowReaderMs} ms` };
  }
  return null;
}

/** How long the packet that has begun may take. */
function patienceMs(connection: Connection): number {
  return PACKET_PATIENCE_MS + (bytesBegun(connection) / SLOWEST_BYTES_PER_S) * 1000;
}

/** Writes down by how much the clocks differ where that has changed: then somebody has set the machine's. */
export function noteTime(core: Core, nowMs: number): void {
  const offsetMs = core.clock.wallOffsetMs();
  if (Math.abs(offsetMs - core.notedOffsetMs) < SET_CLOCK_MS) return;
  core.notedOffsetMs = offsetMs;
  core.store.putMoment({ brokerMs: nowMs, wallMs: nowMs + offsetMs });
  scheduleTurnEnd(core);
}
