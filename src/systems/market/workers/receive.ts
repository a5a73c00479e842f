import type { SqliteDatabase } from "../../../platform/database";
import type { MessageBus, Publisher } from "../ports/messageBus";
import {
  type Assigned,
  type Evidence,
  evidenceOfBlock,
  evidenceOfHeartbeat,
  evidenceOfRegistration,
  evidenceOfState,
} from "../rules/evidence";
import { isWorkerState, stateAfterHeartbeat, stateAfterReport, type WorkerState } from "../rules/workerState";
import { activeLeaseOf, findLeaseByPrefix } from "../store/leases";
import { findWorker, saveState } from "../store/workers";
import { type BlockReports, type BlockReportsOptions, createBlockReports } from "./blockReports";
import { type CorrectionsOptions, createCorrections } from "./corrections";
import { type HeartbeatOptions, takeHeartbeat } from "./heartbeats";
import type { Outbox } from "./outbox";
import { leaseNamed, type Payload, readPayload, readState, readWork } from "./payloads";
import { createPresenceBook } from "./presence";
import { createRegistration, type RegistrationOptions } from "./registration";
import { readTopic } from "./topics";
import { createWorkKeeper, type WorkKeeperOptions } from "./work";

export interface WorkersOptions
  extends RegistrationOptions,
    HeartbeatOptions,
    BlockReportsOptions,
    WorkKeeperOptions,
    CorrectionsOptions {
  database: SqliteDatabase;
  bus: Pick<MessageBus, "publish" | "presence">;
  outbox: Pick<Outbox, "workerShown" | "isWaiting">;
}

/** What workers tell the market (docs/market.md, Messages). */
export interface Workers extends Pick<BlockReports, "chainHas" | "confirmWaiting"> {
  /** Takes a message in; ends when what it changes is on the disk. */
  receive(topic: string, payload: Uint8Array, from?: Publisher): Promise<void>;
  /** Gives a worker a state on its owner's word. */
  setState(workerId: string, state: WorkerState): Promise<void>;
  /** Begins to follow who is connected; the function that is given back ends that. */
  follow(): () => void;
}

type StateRule = (current: WorkerState, leased: boolean) => WorkerState;

/** Takes one kind of message in. What it shows of the worker's lease; undefined for a message that counts for nothing. */
type Handler = (workerId: string, payload: Payload, from: Publisher | undefined) => Promise<Evidence | undefined>;

export function createWorkers(options: WorkersOptions): Workers {
  const { live, outbox, bus } = options;
  const registration = createRegistration(options);
  const blocks = createBlockReports(options);
  const work = createWorkKeeper(options);
  const correct = createCorrections(options);
  const presence = createPresenceBook(bus.presence);
  const changeState = stateChanger(options);
  const handlers = handlersOf({ ...options, changeState, registration, blocks });

  /** The worker's session is gone: it is offline at once, whatever it said last. */
  async function gone(workerId: string): Promise<void> {
    live.workerChanged(workerId, { present: false });
    await Promise.all([changeState(workerId, () => "offline"), work.gone(workerId)]);
  }

  /** Its client is there again: a miner says nothing when it reconnects, and goes on with what it did. */
  async function back(workerId: string): Promise<void> {
    live.workerChanged(workerId, { present: true });
    await Promise.all([changeState(workerId, stateAfterHeartbeat), work.heard(workerId, "active")]);
  }

  /** What a message shows counts for the lease and is answered. Undefined where nothing goes to the disk. */
  function take(workerId: string, shows: Evidence): Promise<void> | undefined {
    const worker = live.workers.get(workerId);
    if (worker === undefined || shows.work === "offline") return work.gone(workerId);
    if (!worker.present) live.workerChanged(workerId, { present: true });
    const kept = work.heard(workerId, shows.work);
    // A message to a worker that has just said goodbye would be lost.
    if (worker.state === "offline") return kept;
    outbox.workerShown(workerId, shows);
    correct(workerId, shows);
    return kept;
  }

  return {
    async receive(topic, bytes, from) {
      const { workerId, kind } = readTopic(topic) ?? { workerId: "", kind: "" };
      const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
      if (handler === undefined) return;
      // Before anything is parsed: a stranger costs nothing.
      const isKnown = live.workers.has(workerId) || registration.underWay(workerId) !== undefined;
      if (!isKnown && kind !== "register") return;
      const payload = readPayload(bytes);
      if (payload === undefined || !isOwn(payload, workerId, kind)) return;
      presence.spoke(workerId, from);
      const shows = await handler(workerId, payload, from);
      await (shows && take(workerId, shows));
    },
    chainHas: blocks.chainHas,
    confirmWaiting: blocks.confirmWaiting,
    setState: (workerId, state) => changeState(workerId, (current, leased) => stateAfterReport(current, state, leased)),
    follow() {
      if (bus.presence === undefined) return () => undefined;
      // Nobody was connected before the broker was there.
      for (const workerId of live.workers.keys()) live.workerChanged(workerId, { present: false });
      const failed = (error: unknown) => options.log.write("error", "a worker's presence could not be kept", { error });
      return bus.presence.watch({
        came: (clientId) => void Promise.all(presence.workersOf(clientId).map(back)).catch(failed),
        gone: (clientId) => void Promise.all(presence.workersOf(clientId).map(gone)).catch(failed),
      });
    },
  };
}

type ChangeState = (workerId: string, next: StateRule) => Promise<void>;

/** Changes a worker's state by what it is on the disk. */
function stateChanger({ database, live }: Pick<WorkersOptions, "database" | "live">): ChangeState {
  return async (workerId, next) => {
    const state = await database.transact((db): WorkerState | undefined => {
      const worker = findWorker(db, workerId);
      if (worker === undefined) return undefined;
      const current = isWorkerState(worker.state) ? worker.state : "AVAILABLE";
      const changed = next(current, activeLeaseOf(db, workerId) !== undefined);
      if (changed !== worker.state) saveState(db, workerId, changed);
      return changed;
    });
    if (state !== undefined && live.workers.get(workerId)?.state !== state) live.stateChanged(workerId, state);
  };
}

interface HandlersOptions extends WorkersOptions {
  changeState: ChangeState;
  registration: ReturnType<typeof createRegistration>;
  blocks: BlockReports;
}

function handlersOf(options: HandlersOptions): Record<string, Handler> {
  const { database, live, bus, changeState, registration, blocks } = options;

  function assigned(workerId: string): Assigned | undefined {
    const leaseId = live.workers.get(workerId)?.activeLeaseId ?? null;
    return leaseId === null ? undefined : live.activeLeases.get(leaseId);
  }

  /** The worker's own lease of this prefix. */
  function leaseOfPrefix(workerId: string, prefix: string): string | undefined {
    const lease = database.read((db) => findLeaseByPrefix(db, prefix));
    return lease?.workerId === workerId ? lease.leaseId : undefined;
  }

  return {
    async register(workerId, payload) {
      await registration.register(workerId, payload);
      return evidenceOfRegistration;
    },

    async heartbeat(workerId, payload) {
      // Miners go on without waiting for their acknowledgement.
      const registering = registration.underWay(workerId);
      if (registering !== undefined) await registering;
      const worker = live.workers.get(workerId);
      if (worker === undefined) return undefined;
      takeHeartbeat(options, worker, payload);
      if (worker.state === "offline") await changeState(workerId, stateAfterHeartbeat);
      return evidenceOfHeartbeat(readWork(payload), assigned(workerId), (prefix) => leaseOfPrefix(workerId, prefix));
    },

    async status(workerId, payload, from) {
      const reported = readState(payload);
      if (!isWorkerState(reported)) return undefined;
      // The last will of a connection that another has taken over: the worker is there.
      if (reported === "offline" && from?.isConnected === false && bus.presence?.isConnected(from.clientId)) {
        return undefined;
      }
      const [leaseId, lease] = [leaseNamed(payload), assigned(workerId)];
      const shows = evidenceOfState(reported, leaseId, lease);
      // Work for a lease that is not this worker's now is nothing to be believed; the answer is what holds.
      const isStale = leaseId !== "" && leaseId !== lease?.leaseId && (reported === "MINING" || reported === "LEASED");
      if (!isStale) await changeState(workerId, (current, leased) => stateAfterReport(current, reported, leased));
      return shows;
    },

    async block(workerId, payload) {
      await blocks.reported(workerId, payload);
      return evidenceOfBlock(leaseNamed(payload), assigned(workerId));
    },
  };
}

/** A payload must name the worker of its topic; only a block may leave that to the topic. */
function isOwn(payload: Payload, workerId: string, kind: string): boolean {
  const named = payload["worker_id"];
  return named === workerId || (named === undefined && kind === "block");
}
