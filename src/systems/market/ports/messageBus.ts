/** How the market talks with its workers: the embedded broker, or a connection to an outside one. */
export interface MessageBus {
  /** Sends with QoS 1, not retained. Ends when the broker has taken the message. */
  publish(topic: string, payload: string): Promise<void>;
  /** Hands over every message whose topic matches; the sender's acknowledgement waits for the promise. */
  subscribe(filter: string, onMessage: (topic: string, payload: Uint8Array) => void | Promise<void>): Promise<void>;
  /** Ids of the clients that are connected now, without those of the platform itself. */
  clientIds(): string[];
  /** Ends all subscriptions, and the connection where there is one. */
  close(): Promise<void>;
}
