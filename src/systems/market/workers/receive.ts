import type { SqliteDatabase } from "../../../platform/database";
import { isWorkerState, stateAfterHeartbeat, stateAfterReport, type WorkerState } from "../rules/workerState";
import { activeLeaseOf } from "../store/leases";
import { findWorker, saveState } from "../store/workers";
import { type BlockOptions, confirmKey, type JudgedBlock, keepBlock, waitingKeys } from "./blocks";
import { type HeartbeatOptions, takeHeartbeat } from "./heartbeats";
import type { Outbox } from "./outbox";
import { type Payload, readBlock, readPayload, readState } from "./payloads";
import { createRegistration, type RegistrationOptions } from "./registration";
import { readTopic } from "./topics";

export interface WorkersOptions extends RegistrationOptions, HeartbeatOptions, BlockOptions {
  database: SqliteDatabase;
  outbox: Pick<Outbox, "workerShown">;
}

/** What workers tell the market (docs/market.md, Messages). */
export interface Workers {
  /** Takes a message in; ends when what it changes is on the disk. */
  receive(topic: string, payload: Uint8Array): Promise<void>;
  /** Counts what was reported of a key before the chain had it. */
  chainHas(key: string): Promise<void>;
  /** The same for all that waits since an earlier process. */
  confirmWaiting(): Promise<void>;
  /** Gives a worker a state on its owner's word. */
  setState(workerId: string, state: WorkerState): Promise<void>;
}

/** How far back reports are looked for that the chain may have taken while the market was down. */
const WAITING_LOOKED_BACK_MS = 7 * 86_400_000;

type StateRule = (current: WorkerState, leased: boolean) => WorkerState;

export function createWorkers(options: WorkersOptions): Workers {
  const { database, clock, live, outbox, feed } = options;
  const registration = createRegistration(options);

  const handlers: Record<string, (workerId: string, payload: Payload) => Promise<void>> = {
    register: registration.register,

    async heartbeat(workerId, payload) {
      // Miners go on without waiting for their acknowledgement.
      await registration.underWay(workerId);
      const worker = live.workers.get(workerId);
      if (worker === undefined) return;
      takeHeartbeat(options, worker, payload);
      if (worker.state === "offline") await changeState(workerId, stateAfterHeartbeat);
    },

    async status(workerId, payload) {
      const reported = readState(payload);
      if (!isWorkerState(reported)) return;
      await changeState(workerId, (current, leased) => stateAfterReport(current, reported, leased));
    },

    async block(workerId, payload) {
      const report = readBlock(payload);
      if (report === undefined) return;
      const kept = await keepBlock(options, workerId, report, clock.now());
      if (kept === undefined) return;
      tell(kept);
      // The chain may have taken it while the report was on its way to the disk.
      if (!kept.block.chainVerified && options.chain?.blockOfKey(report.key)) await chainHas(report.key);
    },
  };

  function tell(judged: JudgedBlock): void {
    const { workerId, blockHash, leaseId } = judged.block;
    live.blockJudged(workerId, { ...judged, selfMined: leaseId === "" });
    feed.publish(judged.isNew ? "block" : "block_verified", {
      worker_id: workerId,
      hash: blockHash,
      lease_id: leaseId,
    });
  }

  async function chainHas(key: string): Promise<void> {
    for (const judged of await confirmKey(options, key, clock.now())) tell(judged);
  }

  async function changeState(workerId: string, next: StateRule): Promise<void> {
    const state = await database.transact((db): WorkerState | undefined => {
      const worker = findWorker(db, workerId);
      if (worker === undefined) return undefined;
      const current = isWorkerState(worker.state) ? worker.state : "AVAILABLE";
      const changed = next(current, activeLeaseOf(db, workerId) !== undefined);
      if (changed !== worker.state) saveState(db, workerId, changed);
      return changed;
    });
    if (state !== undefined && live.workers.get(workerId)?.state !== state) live.stateChanged(workerId, state);
  }

  return {
    async receive(topic, bytes) {
      const { workerId, kind } = readTopic(topic) ?? { workerId: "", kind: "" };
      const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
      if (handler === undefined) return;
      // Before anything is parsed: a stranger costs nothing.
      const isKnown = live.workers.has(workerId) || registration.underWay(workerId) !== undefined;
      if (!isKnown && kind !== "register") return;
      const payload = readPayload(bytes);
      if (payload === undefined || !isOwn(payload, workerId, kind)) return;
      await handler(workerId, payload);
      // A message to a worker that has just said goodbye would be lost.
      if (live.workers.get(workerId)?.state !== "offline") outbox.workerShown(workerId);
    },
    chainHas,
    async confirmWaiting() {
      for (const key of waitingKeys(options, clock.now() - WAITING_LOOKED_BACK_MS)) await chainHas(key);
    },
    setState: (workerId, state) => changeState(workerId, (current, leased) => stateAfterReport(current, state, leased)),
  };
}

/** A payload must name the worker of its topic; only a block may leave that to the topic. */
function isOwn(payload: Payload, workerId: string, kind: string): boolean {
  const named = payload["worker_id"];
  return named === workerId || (named === undefined && kind === "block");
}
