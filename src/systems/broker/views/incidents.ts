import type { Broker } from "../../../mqtt";
import type { Clock } from "../../../platform/clock";
import type { Log } from "../../../platform/log";
import type { Happening } from "../schema";

export interface Happenings {
  /** The newest first. */
  recent(): readonly Happening[];
  /** Rises with each of them. */
  count(): number;
}

const KEPT = 100;
const SUCCESS = 0;
const RIGHTS = { write: "to publish to", read: "to be sent", subscribe: "to subscribe to" } as const;

/** Remembers what was refused of late, and tells the log of the broker's own faults. */
export function rememberHappenings(broker: Broker, clock: Clock, log: Log): Happenings {
  const kept: Happening[] = [];
  let count = 0;

  function remember(kind: Happening["kind"], who: string, what: string): void {
    count++;
    const last = kept.at(-1);
    if (last?.kind === kind && last.who === who && last.what === what) {
      last.count++;
      last.timeMs = clock.now();
      return;
    }
    kept.push({ timeMs: clock.now(), kind, who, what, count: 1 });
    if (kept.length > KEPT) kept.shift();
  }

  broker.on("refused", ({ address, clientId, message }) => remember("refused", clientId || address, message));
  broker.on("disconnected", ({ identity, reason, message }) => {
    if (reason !== SUCCESS) remember("disconnected", identity.clientId, message);
  });
  broker.on("denied", ({ identity, action, topic }) => {
    remember("denied", identity.clientId, `no right ${RIGHTS[action]} ${topic}`);
  });
  broker.on("overload", ({ level, heldBytes }) => {
    const what = `measures of level ${level} against too much memory, ${heldBytes} bytes held`;
    remember("overload", "", what);
    log.write("warning", "the broker's load", { level, heldBytes });
  });
  broker.on("storeFailed", ({ error }) => log.write("error", "the broker's store cannot write", { error }));
  broker.on("fault", ({ error }) => log.write("error", "a fault of the broker", { error }));
  return { recent: () => kept.toReversed(), count: () => count };
}
