/** The states that a worker may be in, as texts that the miners and the pages know. */
export const workerStates = [
  "AVAILABLE",
  "LEASED",
  "MINING",
  "COMPLETED",
  "IDLE",
  "ERROR",
  "SELF_MINING",
  "offline",
] as const;
export type WorkerState = (typeof workerStates)[number];

/** A worker without a heartbeat for this long is not online. */
export const ONLINE_THRESHOLD_MS = 90_000;
/** The most online time that one heartbeat is good for. */
export const HEARTBEAT_CREDIT_MS = 60_000;

export function isWorkerState(text: unknown): text is WorkerState {
  return workerStates.includes(text as WorkerState);
}

/**
 * The state after the worker (or its owner) says `reported`. While a lease is active nothing makes the worker
 * look free: a miner says AVAILABLE when it reconnects or ends early by its own clock. When none is, a lease that it
 * says it has completed does not keep it from the offers.
 */
export function stateAfterReport(current: WorkerState, reported: WorkerState, leased: boolean): WorkerState {
  if (!leased) return reported === "COMPLETED" ? "AVAILABLE" : reported;
  if (reported !== "AVAILABLE") return reported;
  return current === "offline" || current === "AVAILABLE" ? "LEASED" : current;
}

/** The state after a sign of life, which brings a worker back that had said goodbye, since miners register only once. */
export function stateAfterHeartbeat(current: WorkerState, leased: boolean): WorkerState {
  return current === "offline" ? stateAfterReport(current, "AVAILABLE", leased) : current;
}

/** The state after the end of a lease. A worker that has said goodbye stays away. */
export function stateAfterLease(current: WorkerState): WorkerState {
  return current === "offline" ? "offline" : "AVAILABLE";
}

/** A time that lies ahead is of a clock that was set back, and says nothing. */
export function isOnline(lastHeartbeatMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - lastHeartbeatMs) < ONLINE_THRESHOLD_MS;
}

/** Online time that a heartbeat now is good for. */
export function heartbeatCreditMs(lastOnlineAtMs: number | null, nowMs: number): number {
  if (lastOnlineAtMs === null) return 0;
  return Math.max(0, Math.min(nowMs - lastOnlineAtMs, HEARTBEAT_CREDIT_MS));
}
