import { LEVEL_BYTES } from "../topic/tree";
import type { Core } from "./core";

/** What is done about too much memory, each with all before it. */
export const Overload = { none: 0, shedQos0: 1, pausePublishers: 2, refuseConnections: 3 } as const;

export type OverloadLevel = (typeof Overload)[keyof typeof Overload];

/** Parts of the one watermark at which each measure begins, in the order of their cost to others. */
const BEGINS_AT = [0.8, 0.9, 1];

/** What a subscription takes beside its levels, as measured. */
const SUBSCRIPTION_BYTES = 500;

/** Bytes that the broker keeps for others: packets that have begun, outboxes, queues, retained messages, subscriptions. */
export function heldBytes({ inputBytes, outboxBytes, queuedBytes, retained, filters }: Core): number {
  const subscriptionBytes = filters.values * SUBSCRIPTION_BYTES + filters.levels * LEVEL_BYTES;
  return inputBytes + outboxBytes + queuedBytes + retained.bytes + subscriptionBytes;
}

/** Looks at the watermark. Called at the end of each turn, so that no message has to. */
export function updateOverload(core: Core): void {
  const part = heldBytes(core) / core.limits.memoryBytes;
  const level = BEGINS_AT.filter((begin) => part >= begin).length as OverloadLevel;
  if (level === core.overload) return;
  core.overload = level;
  core.emit("overload", { level, heldBytes: heldBytes(core) });
}
