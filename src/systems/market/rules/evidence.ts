import type { WorkerState } from "./workerState";

/** What a message of a worker shows of the lease that it works for (docs/market.md, Leases). */
export interface Evidence {
  /** The lease that the worker is on; null for none, undefined where the message does not tell. */
  leaseId: string | null | undefined;
  /** Whether the worker works for its lease; undefined where the message does not tell. */
  work: Work | undefined;
  /** Whether no GPU is busy: enough to see that a release has been heard. */
  isIdle: boolean;
}

/** `active`: it computes, for whom is not told. */
export type Work = "works" | "active" | "idle" | "error" | "offline";

/** The lease that runs on the worker, if any. */
export interface Assigned {
  leaseId: string;
  /** In lower case. */
  prefix: string;
}

const NOTHING: Evidence = { leaseId: undefined, work: undefined, isIdle: false };
const IDLE: Evidence = { leaseId: null, work: "idle", isIdle: true };
const PREFIX = /^[0-9a-f]{16}$/;

/** A status; miners name the lease when there is one. */
export function evidenceOfState(state: WorkerState, leaseId: string, assigned: Assigned | undefined): Evidence {
  if (state === "offline") return { ...NOTHING, work: "offline" };
  if (state === "ERROR") return { ...NOTHING, work: "error" };
  if (state !== "LEASED" && state !== "MINING") return IDLE;
  const named = leaseId === "" ? assigned?.leaseId : leaseId;
  const works = state === "MINING" && named === assigned?.leaseId ? "works" : undefined;
  return { leaseId: named, work: works, isIdle: false };
}

/** A block; one without a lease is mined for oneself. */
export function evidenceOfBlock(leaseId: string, assigned: Assigned | undefined): Evidence {
  if (leaseId === "") return { ...IDLE, isIdle: false };
  return { leaseId, work: leaseId === assigned?.leaseId ? "works" : undefined, isIdle: false };
}

/** A heartbeat, as far as it tells; `leaseOfPrefix` knows the worker's own leases. */
export function evidenceOfHeartbeat(
  told: { hashrate: number | undefined; activeGpus: number | undefined; prefix: string },
  assigned: Assigned | undefined,
  leaseOfPrefix: (prefix: string) => string | undefined,
): Evidence {
  const { hashrate, activeGpus } = told;
  const isIdle = activeGpus === 0;
  if (isIdle && hashrate === 0) return IDLE;
  const computes = (hashrate ?? 0) > 0 && (activeGpus ?? 0) > 0;
  const work = computes ? "active" : undefined;
  const prefix = told.prefix.toLowerCase();
  if (!PREFIX.test(prefix)) return { leaseId: undefined, work, isIdle };
  if (prefix === assigned?.prefix) return { leaseId: assigned.leaseId, work: computes ? "works" : undefined, isIdle };
  const other = leaseOfPrefix(prefix);
  return other === undefined ? { leaseId: undefined, work, isIdle } : { leaseId: other, work: "idle", isIdle };
}

/** A registration: a miner that has just started, or returns from a fault. What it goes on with its next status says. */
export const evidenceOfRegistration: Evidence = { ...NOTHING, work: "idle" };
