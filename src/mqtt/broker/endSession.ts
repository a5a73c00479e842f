import { passOn } from "../delivery/publish";
import type { Core } from "../state/core";
import { forgetKept } from "../state/holding";
import { slotsInOrder } from "../state/inflight";
import { eachQueued, type QueuedMessage } from "../state/queue";
import { NEVER_EXPIRES_SECONDS, type Session } from "../state/session";
import { scheduleTurnEnd } from "../state/turn";
import { endWalks } from "./retainedWalk";
import { removeSubscriptions } from "./subscriptions";
import { publishWill } from "./wills";

/** Ends a session: its will goes out if it was waiting, and all that was kept for it is forgotten. */
export function endSession(core: Core, session: Session): void {
  core.sessions.delete(session.identity.clientId);
  if (session.willAtMs !== 0) publishWill(core, session);
  removeSubscriptions(core, session);
  endWalks(core, session);
  if (session.persistent) {
    core.store.dropSession(session);
    scheduleTurnEnd(core);
  }
  const shared = sharedMessages(session);
  forgetKept(core, session);
  core.unreleased -= session.inbound?.size ?? 0;
  session.resend = null;
  session.inbound = null;
  for (const { group, message } of shared) passOn(core, group!, message);
  if (shared.length > 0) scheduleTurnEnd(core);
}

/** What another member of a shared subscription may have now, in its order. */
function sharedMessages({ inflight, pending }: Session): QueuedMessage[] {
  const shared: QueuedMessage[] = [];
  const note = (queued: QueuedMessage | null): void => {
    if (queued !== null && queued.group !== null) shared.push(queued);
  };
  if (inflight !== null) for (const slot of slotsInOrder(inflight)) note(inflight.messages[slot]!);
  if (pending !== null) eachQueued(pending, note);
  return shared;
}

/** A session whose connection is gone: it ends, or its expiry begins. */
export function goOffline(core: Core, session: Session): void {
  session.connection = null;
  session.resend = null;
  if (!session.persistent) {
    endSession(core, session);
    return;
  }
  const lastsForever = session.expirySeconds === NEVER_EXPIRES_SECONDS;
  session.endsAtMs = lastsForever ? 0 : core.clock.now() + session.expirySeconds * 1000;
  core.store.putSession(session);
}
