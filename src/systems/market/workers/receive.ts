import type { SqliteDatabase } from "../../../platform/database";
import { isWorkerState, stateAfterHeartbeat, stateAfterReport, type WorkerState } from "../rules/workerState";
import { activeLeaseOf } from "../store/leases";
import { findWorker, saveState } from "../store/workers";
import { type BlockReports, type BlockReportsOptions, createBlockReports } from "./blockReports";
import { type HeartbeatOptions, takeHeartbeat } from "./heartbeats";
import type { Outbox } from "./outbox";
import { type Payload, readPayload, readState } from "./payloads";
import { createRegistration, type RegistrationOptions } from "./registration";
import { readTopic } from "./topics";

export interface WorkersOptions extends RegistrationOptions, HeartbeatOptions, BlockReportsOptions {
  database: SqliteDatabase;
  outbox: Pick<Outbox, "workerShown">;
}

/** What workers tell the market (docs/market.md, Messages). */
export interface Workers extends Pick<BlockReports, "chainHas" | "confirmWaiting"> {
  /** Takes a message in; ends when what it changes is on the disk. */
  receive(topic: string, payload: Uint8Array): Promise<void>;
  /** Gives a worker a state on its owner's word. */
  setState(workerId: string, state: WorkerState): Promise<void>;
}

type StateRule = (current: WorkerState, leased: boolean) => WorkerState;

export function createWorkers(options: WorkersOptions): Workers {
  const { database, live, outbox } = options;
  const registration = createRegistration(options);
  const blocks = createBlockReports(options);

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

    block: blocks.reported,
  };

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
    chainHas: blocks.chainHas,
    confirmWaiting: blocks.confirmWaiting,
    setState: (workerId, state) => changeState(workerId, (current, leased) => stateAfterReport(current, state, leased)),
  };
}

/** A payload must name the worker of its topic; only a block may leave that to the topic. */
function isOwn(payload: Payload, workerId: string, kind: string): boolean {
  const named = payload["worker_id"];
  return named === workerId || (named === undefined && kind === "block");
}
