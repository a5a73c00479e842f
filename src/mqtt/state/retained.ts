import type { Core } from "./core";
import type { Message } from "./message";

/** The last message of each topic that was published with the retain flag. */
export interface RetainedMessages {
  readonly count: number;
  /** With what their topics take in the tree. */
  readonly bytes: number;
  /** Keeps a message, or forgets its topic's where the payload is empty [MQTT-3.3.1-6]. */
  set(core: Core, message: Message): void;
  /** Puts a message back as it was kept. */
  restore(core: Core, message: Message): void;
  /** Calls `found` with each message whose topic matches the levels of a filter. */
  match(levels: readonly string[], found: (message: Message) => void): void;
  /** The same one at a time, for whoever need not have them all in one turn. */
  each(levels: readonly string[]): Iterable<Message>;
  /** Forgets messages that have expired. */
  expire(core: Core): void;
}
