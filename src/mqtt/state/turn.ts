import type { Connection } from "./connection";
import type { Core } from "./core";
import { createGate, type Gate } from "./gate";
import type { LocalDelivery } from "./localClient";

/** One turn of the event loop: what it has put into outboxes, and what must happen before that goes out. */
export interface Turn {
  isScheduled: boolean;
  dirty: Connection[];
  /** Messages for clients in this process. */
  local: LocalDelivery[];
  /** What the message now being published has reached, as bits of {@link Waits}. */
  reached: number;
  /** There while the store refuses to write: what depends on it waits here. */
  storeGate: Gate | null;
  /** There when a QoS 2 message of this turn has reached clients in this process: where its confirmation waits. */
  localGate: Gate | null;
  /** Confirmations of messages that have come again while work on the first of them is under way, at its gate. */
  repeated: { connection: Connection; gate: Gate }[];
  /** How many gates wait for clients in this process. */
  localGates: number;
  /** What may still be done in it for walks through retained messages. */
  walkCost: number;
  /** There when somebody waits for the commit of this turn. */
  committed: PromiseWithResolvers<void> | null;
}

/** A turn in which nothing has happened yet. */
export function createTurn(walkCost: number): Turn {
  return {
    isScheduled: false,
    dirty: [],
    local: [],
    reached: 0,
    storeGate: null,
    localGate: null,
    repeated: [],
    localGates: 0,
    walkCost,
    committed: null,
  };
}

/** Kept when all that has been done in this turn is in the store. One promise for all who ask in one turn. */
export function committed(core: Core): Promise<void> {
  core.turn.committed ??= Promise.withResolvers();
  scheduleTurnEnd(core);
  return core.turn.committed.promise;
}

/** Sees to it that the turn ends when all sockets that are readable now have been read. */
export function scheduleTurnEnd(core: Core): void {
  if (core.turn.isScheduled) return;
  core.turn.isScheduled = true;
  setImmediate(core.endTurn);
}

/** The gate of this turn's work, for a message whose repetition must find it. */
export function localGateOf(core: Core): Gate {
  core.turn.localGate ??= createGate();
  return core.turn.localGate;
}
