import type { Connection } from "../delivery/connection";
import type { Core } from "./core";

/** Counts a publication; a client that has sent more than its rate is not read until the second is over. */
export function throttle(core: Core, connection: Connection): void {
  connection.publishCount++;
  if (connection.publishCount < core.limits.publishesPerSecond || connection.isPaused) return;
  connection.isPaused = true;
  connection.transport.pause();
}

/** A new second begins: paused clients are read again. */
export function endThrottle(core: Core): void {
  for (const connection of core.connections) {
    connection.publishCount = 0;
    if (!connection.isPaused) continue;
    connection.isPaused = false;
    connection.transport.resume();
  }
}
