import type { Core } from "./core";

/** What is done about too much memory, each with all before it. */
export const Overload = { none: 0, shedQos0: 1, pausePublishers: 2, refuseConnections: 3 } as const;

export type OverloadLevel = (typeof Overload)[keyof typeof Overload];

/** Parts of the one watermark at which each measure begins, in the order of their cost to others. */
const BEGINS_AT = [0.8, 0.9, 1];

/** Bytes that the broker keeps for others: in outboxes, in queues of sessions, and retained. */
export function heldBytes(core: Core): number {
  return core.outboxBytes + core.queuedBytes + core.retained.bytes;
}

/** Looks at the watermark. Called at the end of each turn, so that no message has to. */
export function updateOverload(core: Core): void {
  const part = heldBytes(core) / core.limits.memoryBytes;
  const level = BEGINS_AT.filter((begin) => part >= begin).length as OverloadLevel;
  if (level === core.overload) return;
  core.overload = level;
  core.emit("overload", { level, heldBytes: heldBytes(core) });
}
