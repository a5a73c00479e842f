/**
 * How a part of the program talks with clients of a broker, whichever broker that is: the embedded one or an outside
 * one behave alike, so that one can take the place of the other.
 */
export interface Bus {
  /** Sends with QoS 1, not retained. Kept when the broker has taken the message. */
  publish(topic: string, payload: string): Promise<void>;
  /**
   * Hands over every message from now on whose topic matches, and none that was retained before: a last will outlives
   * the return of its client. The sender is acknowledged when the promise that `onMessage` gives
   * is kept or broken. Kept when the subscription stands.
   */
  subscribe(filter: string, onMessage: OnMessage): Promise<void>;
  /** Who is connected; absent where nobody tells, as no standard has a broker do. */
  presence?: Presence;
  /** Identifiers of the clients that are connected now, but for those in this process; empty where nobody tells. */
  clientIds(): string[];
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

/** Who published a message. */
export interface Publisher {
  clientId: string;
  /**
   * Whether the connection that published it is there and was not taken over: false for the last will of one that is
   * gone.
   */
  isConnected: boolean;
}

/** What a broker knows of its clients' connections. */
export interface Presence {
  /** Whether a client of this identifier is connected now. */
  isConnected(clientId: string): boolean;
  /** Tells of every client that comes, and of every one that is gone and not there again; gives what ends that. */
  watch(listener: { came(clientId: string): void; gone(clientId: string): void }): () => void;
}

/** What is done with a message. The payload is only lent: copy what is to be kept. `from` where the broker tells it. */
export type OnMessage = (topic: string, payload: Uint8Array, from?: Publisher) => void | Promise<void>;
