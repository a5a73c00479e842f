import type { Qos } from "../packet/publish";
import type { Identity } from "../rights/rights";
import type { Message } from "./message";

/** A message as a client in this process gets it. */
export interface LocalMessage {
  topic: string;
  /** Shared with all other receivers, and only lent: copy what is to be kept or changed. */
  payload: Uint8Array;
  qos: Qos;
  retain: boolean;
  /** Who published it: the identity with which the publisher's connection was made, as `connected` tells it. */
  publisher: Identity;
}

/**
 * What is done with a message. Where it gives a promise, a QoS 1 or 2 message is acknowledged to its sender when the
 * promise is kept or broken. What it throws is told as a fault of the broker's, and costs nobody a connection.
 */
export type Receive = (message: LocalMessage) => void | Promise<void>;

/** Where messages for one subscription of a client in this process go. */
export interface LocalClient {
  receive: Receive;
}

/** One message on its way to a client in this process. */
export interface LocalDelivery {
  client: LocalClient;
  message: Message;
  qos: Qos;
  retain: boolean;
}
