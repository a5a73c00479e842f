import { type Connection, Waits } from "./connection";
import type { Session } from "./session";

/** Something that a turn's acknowledgements wait for: a disk that takes the commit, or a client in this process. */
export interface Gate {
  isOpen: boolean;
  connections: Connection[];
  /** QoS 2 messages that are worked on behind it, where the store knows their sessions. */
  inbound: { session: Session; packetId: number }[];
}

/** A gate in one connection's outbox: frames with a number below `mark` wait until it opens. */
export interface PlacedGate {
  gate: Gate;
  mark: number;
}

/** A closed gate that nobody waits at. */
export function createGate(): Gate {
  return { isOpen: false, connections: [], inbound: [] };
}

/** Stands for work on a message that ended with the process: it can only be done again. */
export const CUT_OFF: Gate = createGate();

/**
 * Lets what this turn has put into the outbox wait at the gate, and all that comes later wait behind it. To be called
 * when the turn ends.
 */
export function placeGate(connection: Connection, gate: Gate): void {
  gate.connections.push(connection);
  if (connection.gates === null) {
    connection.gates = [];
    connection.writableTo = connection.turnFrom;
  }
  connection.gates.push({ gate, mark: connection.base + connection.frames.length });
}

/** Lets nothing wait any more that comes from now on: the connection ends. */
export function forgetWaiting(connection: Connection): void {
  connection.waits = Waits.nothing;
  connection.gates = null;
  connection.writableTo = Number.POSITIVE_INFINITY;
}
