/** Who published a message. */
export interface Publisher {
  clientId: string;
  /** False for the last will of a connection that is gone or was taken over. */
  isConnected: boolean;
}

/** What is done with a message; `from` where the broker tells who published it. */
export type OnMessage = (topic: string, payload: Uint8Array, from?: Publisher) => void | Promise<void>;

/** How the market talks with its workers: the embedded broker, or a connection to an outside one. */
export interface MessageBus {
  /** Sends with QoS 1, not retained. Ends when the broker has taken the message. */
  publish(topic: string, payload: string): Promise<void>;
  /** Hands over every message whose topic matches; the sender's acknowledgement waits for the promise. */
  subscribe(filter: string, onMessage: OnMessage): Promise<void>;
  /** Who is connected; absent where the broker does not tell. */
  presence?: {
    isConnected(clientId: string): boolean;
    /** Tells of every client that comes, and of every one that is gone and not there again; gives what ends that. */
    watch(listener: { came(clientId: string): void; gone(clientId: string): void }): () => void;
  };
  /** Ids of the clients that are connected now, without those of the platform itself. */
  clientIds(): string[];
  /** Ends all subscriptions, and the connection where there is one. */
  close(): Promise<void>;
}
