import { PacketType } from "../packet/decoder";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { Overload } from "../state/overload";

const SECOND_MS = 1000;
/** How long a publisher is left unread in an overload before it may say the next thing. */
const OVERLOAD_PAUSE_MS = 250;

/**
 * Stops reading a client for a time: what it sends waits in its own socket. Acknowledgements wait there too, which is
 * why every pause ends by itself: a client that is paused and full of messages could never say that it has read them.
 */
export function pauseReading(core: Core, connection: Connection, untilMs: number): void {
  if (connection.pausedUntilMs === 0) connection.transport.pause();
  connection.pausedUntilMs = Math.max(connection.pausedUntilMs, untilMs);
  connection.reading = false;
  core.counters.readingPaused++;
}

/** Reads it again, and first what had come already. */
export function resumeReading(core: Core, connection: Connection): void {
  connection.pausedUntilMs = 0;
  connection.lastReadMs = core.clock.now();
  if (connection.packetSinceMs !== 0) connection.packetSinceMs = connection.lastReadMs;
  connection.reading = true;
  connection.transport.resume();
  core.readOn(connection);
}

/** Counts what is kept of a packet that has not come whole; in an overload the rest of a PUBLISH has to wait. */
export function countInput(core: Core, connection: Connection): void {
  const { partial, inputBytes } = connection;
  const bytes = partial === null ? 0 : partial.length;
  core.inputBytes += bytes - inputBytes;
  connection.inputBytes = bytes;
  if (bytes > 0 && core.overload >= Overload.pausePublishers && connection.reading && isPublish(partial!)) {
    pauseReading(core, connection, core.clock.now() + OVERLOAD_PAUSE_MS);
  }
}

function isPublish(packet: Uint8Array): boolean {
  return packet[0]! >> 4 === PacketType.publish;
}

/** Called with each publication: slows down a client that is faster than its rate, and all of them in an overload. */
export function slowDown(core: Core, connection: Connection): void {
  if (core.overload >= Overload.pausePublishers) {
    pauseReading(core, connection, core.clock.now() + OVERLOAD_PAUSE_MS);
  }
  const { publishesPerSecond } = core.limits;
  if (publishesPerSecond === 0) return;
  const second = Math.floor(core.clock.now() / SECOND_MS);
  if (second !== connection.publishSecond) {
    connection.publishSecond = second;
    connection.publishCount = 0;
  }
  connection.publishCount++;
  if (connection.publishCount >= publishesPerSecond) pauseReading(core, connection, (second + 1) * SECOND_MS);
}
