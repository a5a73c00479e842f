import { publish, retainedFor } from "../delivery/publish";
import type { Qos } from "../packet/publish";
import { type Identity, INSIDE } from "../rights/rights";
import type { Core } from "../state/core";
import type { Receive } from "../state/localClient";
import { createMessage } from "../state/message";
import { createSession } from "../state/session";
import { committed, scheduleTurnEnd } from "../state/turn";
import { parseFilter } from "../topic/rules";
import { addSubscription, removeSubscription } from "./subscriptions";

/** QoS 0 and not retained, unless they say otherwise. Retained with an empty payload forgets what was retained. */
export interface PublishOptions {
  qos?: Qos;
  retain?: boolean;
}

/** How a client in this process subscribes. */
export interface SubscribeOptions {
  /** The highest at which messages come: 2, unless it is said. */
  qos?: Qos;
  /** As on the wire: 2 leaves out what was retained before [MQTT-3.3.1-11]. */
  retainHandling?: 0 | 2;
}

/** A client without a socket. Rights are not asked for: whoever holds one is part of the program. */
export interface InProcessClient {
  /**
   * Publishes. `payload` is kept by reference, so it must not be changed afterwards. Throws PacketError where the topic
   * breaks a rule.
   */
  publish(topic: string, payload: Uint8Array | string, options?: PublishOptions): void;
  /**
   * Kept when all that was published so far is where its receivers' sessions are kept: at the end of the turn, or when a
   * disk that refuses has taken it. Never broken.
   */
  committed(): Promise<void>;
  /**
   * Has every message that matches the filter handed to `receive`, in order, at the end of the turn in which it came.
   * Retained messages come first, unless `retainHandling` is 2. The returned function ends the subscription. Throws
   * PacketError for a bad filter.
   */
  subscribe(filter: string, receive: Receive, options?: SubscribeOptions): () => void;
  /** Ends all subscriptions. */
  close(): void;
}

const NO_WORK: Promise<void>[] = [];
const NO_PROPERTIES = new Uint8Array(0);

/** A client of this name in the broker's own process. */
export function createInProcessClient(core: Core, clientId: string): InProcessClient {
  const identity: Identity = { clientId, username: null, address: "" };
  const endings = new Set<() => void>();

  function subscribe(filter: string, receive: Receive, options: SubscribeOptions = {}): () => void {
    const { levels, group } = parseFilter(filter, core.limits);
    const session = createSession(identity);
    session.local = { receive };
    const qos = options.qos ?? 2;
    addSubscription(core, { session, filter, levels, group: null, ...LOCAL_OPTIONS, qos }, group);
    if (group === null && options.retainHandling !== 2) {
      retainedFor(core, levels, (message) => {
        core.turn.local.push({ client: session.local!, message, qos: 0, retain: true });
        scheduleTurnEnd(core);
      });
    }
    const end = (): void => {
      removeSubscription(core, session, filter);
      endings.delete(end);
    };
    endings.add(end);
    return end;
  }

  return {
    publish(topic, payload, options = {}) {
      const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
      const { qos = 0, retain = false } = options;
      publish(core, createMessage(core.topics.named(topic), qos, retain, bytes, NO_PROPERTIES, 0, INSIDE));
      scheduleTurnEnd(core);
    },
    committed: () => committed(core),
    subscribe,
    close() {
      for (const end of endings) end();
    },
  };
}

const LOCAL_OPTIONS = { noLocal: false, retainAsPublished: true, retainHandling: 0, ids: [] };

/** Hands over what this turn has brought; what that leads to comes in the next. Gives what is still being worked on. */
export function deliverLocally(core: Core): Promise<void>[] {
  const { local } = core.turn;
  if (local.length === 0) return NO_WORK;
  core.turn.local = [];
  const work: Promise<void>[] = [];
  for (const { client, message, qos, retain } of local) {
    try {
      const { topic, payload, publisher } = message;
      const done = client.receive({ topic: topic.name, payload, qos, retain, publisher });
      if (done !== undefined) work.push(done);
    } catch (error) {
      core.emit("fault", { error });
    }
  }
  return work;
}
