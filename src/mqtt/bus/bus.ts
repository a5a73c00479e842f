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
  /** Identifiers of the clients that are connected now, but for those in this process; empty where nobody tells. */
  clientIds(): string[];
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

/** What is done with a message. The payload is only lent: copy what is to be kept. */
export type OnMessage = (topic: string, payload: Uint8Array) => void | Promise<void>;
