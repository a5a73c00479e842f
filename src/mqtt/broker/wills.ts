import { mayWrite, publish } from "../delivery/publish";
import type { Core } from "../state/core";
import type { Session, Will } from "../state/session";
import { scheduleTurnEnd } from "../state/turn";

/** Gives a session its will, or takes the will away; of a session that outlives its connection the store keeps it. */
export function setWill(core: Core, session: Session, will: Will | null): void {
  const hadWill = session.will !== null;
  session.will = will;
  session.willAtMs = 0;
  if (!session.persistent) return;
  if (will !== null) core.store.putWill(session, will);
  else if (hadWill) core.store.dropWill(session);
  scheduleTurnEnd(core);
}

/** Publishes a session's will and forgets it [MQTT-3.1.2-10]; the client's rights count as they are now. */
export function publishWill(core: Core, session: Session): void {
  const { will, identity } = session;
  setWill(core, session, null);
  if (will === null) return;
  const { message, expirySeconds } = will;
  const { topic } = message;
  if (!mayWrite(core, identity, topic)) {
    core.counters.dropped.not_authorized++;
    core.emit("denied", { identity, action: "write", topic: topic.name });
    return;
  }
  if (expirySeconds !== -1) message.expiresAtMs = core.clock.now() + expirySeconds * 1000;
  publish(core, message);
  scheduleTurnEnd(core);
}

/**
 * What becomes of the will when a connection has ended otherwise than by DISCONNECT: published at once, or when its
 * delay is over, or with the end of the session, whichever is first [MQTT-3.1.3-9].
 */
export function armWill(core: Core, session: Session): void {
  const { will } = session;
  if (will === null) return;
  if (will.delaySeconds === 0 || !session.persistent) {
    publishWill(core, session);
    return;
  }
  session.willAtMs = core.clock.now() + will.delaySeconds * 1000;
  core.store.putWill(session, will);
}
