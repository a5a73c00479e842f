import type { NewLease } from "../store/leases";
import type { Message } from "../store/outbox";
import { taskTopic } from "./topics";

/** What a worker is told of its leases (docs/market.md, Messages). */

/** The task of a lease; `durationSec` is what is left of the lease's time. */
export function taskOf(lease: NewLease, durationSec = lease.durationSec): Message {
  const task = {
    command: "assign_task",
    lease_id: lease.leaseId,
    consumer_id: lease.consumerId,
    consumer_address: lease.consumerAddress,
    prefix: lease.prefix,
    duration_sec: durationSec,
  };
  return { topic: taskTopic(lease.workerId), payload: JSON.stringify(task) };
}

export function releaseOf(lease: { leaseId: string; workerId: string }): Message {
  return {
    topic: taskTopic(lease.workerId),
    payload: JSON.stringify({ command: "release", lease_id: lease.leaseId }),
  };
}

/** Whole seconds of a lease that are left, at least 1: a miner takes 0 for no end. */
export function secondsLeft({ createdAt, durationSec }: NewLease, nowMs: number): number {
  const leftMs = createdAt + durationSec * 1000 - nowMs;
  return Math.max(1, Math.min(durationSec, Math.ceil(leftMs / 1000)));
}
