import type { Broker } from "../../../mqtt";
import type { Clock } from "../../../platform/clock";
import type { Log } from "../../../platform/log";
import type { Incident } from "../schema";

export interface Incidents {
  /** The newest first. */
  recent(): readonly Incident[];
  /** Rises with each of them. */
  count(): number;
}

const MAX_INCIDENTS = 100;
const SUCCESS = 0;
const RIGHTS = { write: "to publish to", read: "to be sent", subscribe: "to subscribe to" } as const;

/** Remembers what was refused of late, and tells the log of the broker's own faults. */
export function rememberIncidents(broker: Broker, clock: Clock, log: Log): Incidents {
  const kept: Incident[] = [];
  let count = 0;

  function remember(kind: Incident["kind"], who: string, what: string): void {
    count++;
    const last = kept.at(-1);
    if (last?.kind === kind && last.who === who && last.what === what) {
      last.count++;
      last.timeMs = clock.now();
      return;
    }
    kept.push({ timeMs: clock.now(), kind, who, what, count: 1 });
    if (kept.length > MAX_INCIDENTS) kept.shift();
  }

  broker.on("refused", ({ address, clientId, message }) =>
    remember("refused", clientId === "" ? address : clientId, message),
  );
  broker.on("disconnected", ({ identity, reason, message }) => {
    if (reason !== SUCCESS) remember("disconnected", identity.clientId, message);
  });
  broker.on("denied", ({ identity, action, topic }) => {
    remember("denied", identity.clientId, `no right ${RIGHTS[action]} ${topic}`);
  });
  broker.on("overload", ({ level, heldBytes }) => {
    const what = `measures of level ${level} against too much memory, ${heldBytes} bytes held`;
    remember("overload", "", what);
    log.write("warning", "the broker's load", { measures: level, heldBytes });
  });
  broker.on("storeFailed", ({ error }) => log.write("error", "the broker's store cannot write", { error }));
  broker.on("fault", ({ error }) => log.write("error", "a fault of the broker", { error }));
  return { recent: () => kept.toReversed(), count: () => count };
}
