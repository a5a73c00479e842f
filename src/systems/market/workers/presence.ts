import type { MessageBus, Publisher } from "../ports/messageBus";

/** Which client speaks for which worker: the one that last published under the worker's id. */
export interface PresenceBook {
  spoke(workerId: string, from: Publisher | undefined): void;
  /**
   * The workers for which this client alone speaks. A client that speaks for several is a bridge, whose end says
   * nothing of the workers behind it: these go by their heartbeats.
   */
  workersOf(clientId: string): string[];
}

export function createPresenceBook(presence: MessageBus["presence"]): PresenceBook {
  const clientOf = new Map<string, string>();
  const workersOf = new Map<string, Set<string>>();

  return {
    spoke(workerId, from) {
      // A last will is of a connection that is gone; who speaks for the worker now is another.
      if (presence === undefined || from === undefined || !from.isConnected) return;
      const before = clientOf.get(workerId);
      if (before === from.clientId) return;
      if (before !== undefined) workersOf.get(before)?.delete(workerId);
      clientOf.set(workerId, from.clientId);
      const owned = workersOf.get(from.clientId) ?? new Set();
      owned.add(workerId);
      workersOf.set(from.clientId, owned);
    },
    workersOf(clientId) {
      const owned = workersOf.get(clientId);
      return owned?.size === 1 ? [...owned] : [];
    },
  };
}
