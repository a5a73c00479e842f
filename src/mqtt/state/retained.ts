import type { Core } from "./core";
import type { Message } from "./message";

/** The next step of a walk: a message, null where there is none at that place, undefined at the end. */
export type RetainedSteps = () => Message | null | undefined;

/** The last message of each topic that was published with the retain flag. */
export interface RetainedMessages {
  readonly count: number;
  /** With what their topics take in the tree. */
  readonly bytes: number;
  /** Keeps a message, or forgets its topic's where the payload is empty [MQTT-3.3.1-6]. */
  set(core: Core, message: Message): void;
  /** Puts a message back as it was kept. */
  restore(core: Core, message: Message): void;
  /**
   * Walks through the messages whose topics match the levels of a filter, in steps of which each takes as little as the
   * next: for whoever must not hold anything up. A walk may go on when the tree has changed.
   */
  walk(levels: readonly string[]): RetainedSteps;
  /** The messages of such a walk. */
  each(levels: readonly string[]): Iterable<Message>;
  /** Forgets messages that have expired. */
  expire(core: Core): void;
}
