import type { ReasonCode } from "../packet/reason";
import type { Identity } from "../rights/rights";
import type { DropReason } from "./counters";

/** What the broker tells whoever listens. */
export interface BrokerEvents {
  connected: { identity: Identity; version: number; transport: string };
  disconnected: { identity: Identity; reason: ReasonCode; message: string };
  /** A connection that never became a client's, or a client that was turned away. */
  refused: { address: string; clientId: string; username: string | null; reason: ReasonCode; message: string };
  subscribed: { identity: Identity; filter: string; qos: number };
  unsubscribed: { identity: Identity; filter: string };
  /** A right was asked for and refused. */
  denied: { identity: Identity; action: "write" | "read" | "subscribe"; topic: string };
  dropped: { clientId: string; reason: DropReason };
  /** The memory watermark has been passed, up or down; docs/broker.md, "Overload". */
  overload: { level: number; heldBytes: number };
  /** The store cannot write: acknowledgements that depend on it wait until it can. */
  storeFailed: { error: unknown };
  /** A fault of the broker itself, or of a call-back it was given. */
  fault: { error: unknown };
}

/** Tells everybody who listens to one kind of event. */
export type Emit = <Name extends keyof BrokerEvents>(name: Name, event: BrokerEvents[Name]) => void;

/** Listens to one kind of event; the returned function ends that. */
export type On = <Name extends keyof BrokerEvents>(
  name: Name,
  listener: (event: BrokerEvents[Name]) => void,
) => () => void;

/** A pair of functions: one tells, the other listens. */
export function createEvents(): { emit: Emit; on: On } {
  const listeners = new Map<keyof BrokerEvents, Set<(event: never) => void>>();
  const emit: Emit = (name, event) => {
    const list = listeners.get(name);
    if (list === undefined) return;
    for (const listener of list) {
      try {
        (listener as (event: unknown) => void)(event);
      } catch (error) {
        // Nobody is left to be told what went wrong in telling that.
        if (name === "fault") throw error;
        emit("fault", { error });
      }
    }
  };
  return {
    emit,
    on(name, listener) {
      const list = listeners.get(name) ?? new Set();
      listeners.set(name, list);
      list.add(listener);
      return () => list.delete(listener);
    },
  };
}
