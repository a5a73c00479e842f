import { LEVEL_BYTES } from "../topic/tree";
import type { Core } from "./core";

/** What is done about too much memory, each with all before it; docs/broker.md, "Overload". */
export const Overload = { none: 0, shedQos0: 1, pausePublishers: 2, refuseGrowth: 3 } as const;

export type OverloadLevel = (typeof Overload)[keyof typeof Overload];

/** Parts of the one watermark at which each measure begins, in the order of their cost to others. */
const BEGINS_AT = [0.8, 0.9, 1];

/** What a subscription takes beside its levels, as measured. */
const SUBSCRIPTION_BYTES = 500;
/** What the identifier of a QoS 2 message takes that has not been released, as measured. */
const UNRELEASED_BYTES = 75;

/** Bytes that the broker keeps for others: packets that have begun, outboxes, queues, retained messages, subscriptions. */
export function heldBytes(core: Core): number {
  const { inputBytes, outboxBytes, queuedBytes, unreleased, retained, filters } = core;
  const subscriptionBytes = filters.values * SUBSCRIPTION_BYTES + filters.levels * LEVEL_BYTES;
  return (
    core.unseenBytes +
    inputBytes +
    outboxBytes +
    queuedBytes +
    unreleased * UNRELEASED_BYTES +
    retained.bytes +
    subscriptionBytes
  );
}

/** Looks at the watermark. Called at the end of each turn, so that no message has to. */
export function updateOverload(core: Core): void {
  const part = heldBytes(core) / core.limits.memoryBytes;
  const level = BEGINS_AT.filter((begin) => part >= begin).length as OverloadLevel;
  if (level === core.overload) return;
  core.overload = level;
  core.emit("overload", { level, heldBytes: heldBytes(core) });
}
