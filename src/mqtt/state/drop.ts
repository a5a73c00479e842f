import type { Core } from "./core";
import type { DropReason } from "./counters";
import type { Session } from "./session";

/** Counts and tells a message that a session does not get. */
export function drop(core: Core, session: Session, reason: DropReason): void {
  core.counters.dropped[reason]++;
  core.emit("dropped", { clientId: session.identity.clientId, reason });
}
