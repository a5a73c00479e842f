import type { Broker } from "../broker/broker";
import type { Identity } from "../rights/rights";
import type { Presence, Publisher } from "./bus";

/** Who is connected to the broker in this process, from the events of connections. */
export interface BrokerPresence extends Presence {
  publisher(identity: Identity): Publisher;
  close(): void;
}

export function presenceOf(broker: Broker): BrokerPresence {
  /** The identity of each client's connection, by identifier: a take-over makes a new one. */
  const connected = new Map<string, Identity>();
  const listeners = new Set<Parameters<Presence["watch"]>[0]>();
  const endings = [
    broker.on("connected", ({ identity }) => {
      connected.set(identity.clientId, identity);
      for (const { came } of listeners) came(identity.clientId);
    }),
    broker.on("disconnected", ({ identity }) => {
      // Where the identifier was taken over, the one who has it is still there.
      if (connected.get(identity.clientId) !== identity) return;
      connected.delete(identity.clientId);
      for (const { gone } of listeners) gone(identity.clientId);
    }),
  ];
  return {
    isConnected: (clientId) => connected.has(clientId),
    publisher: (identity) => ({
      clientId: identity.clientId,
      isConnected: connected.get(identity.clientId) === identity,
    }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const end of endings) end();
    },
  };
}
