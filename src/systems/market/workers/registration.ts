import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import type { Log } from "../../../platform/log";
import type { LiveState } from "../live/state";
import type { MessageBus } from "../ports/messageBus";
import type { Mode } from "../rights";
import { RESERVED_FOR_WORKERS } from "../rules/accountIds";
import { nanoOf } from "../rules/money";
import { DEFAULT_MAX_DURATION_SEC, DEFAULT_MIN_DURATION_SEC, DEFAULT_PRICE_PER_MIN_XNM } from "../rules/pricing";
import { addAccountIfAbsent, findAccount, saveAddress } from "../store/accounts";
import { activeLeaseOf } from "../store/leases";
import { findWorker, saveRegistration } from "../store/workers";
import type { WorkerRow } from "../tables";
import { keepWorkerSample } from "./heartbeats";
import { type Payload, readRegistration, type SelfDescription } from "./payloads";
import { taskTopic } from "./topics";

export interface RegistrationOptions {
  database: SqliteDatabase;
  clock: Clock;
  log: Log;
  live: LiveState;
  bus: Pick<MessageBus, "publish">;
  mode: Mode;
  /** The most workers that may ever register. */
  workersLimit: number;
}

/** Takes workers in that introduce themselves. */
export interface Registration {
  register(workerId: string, payload: Payload): Promise<void>;
  /** Ends when a registration that is on its way to the disk is there, or has failed; undefined where none is. */
  underWay(workerId: string): Promise<void> | undefined;
}

export function createRegistration(options: RegistrationOptions): Registration {
  const { database, clock, log, live, bus, mode, workersLimit } = options;
  const underWay = new Map<string, Promise<void>>();

  function refusal(workerId: string): string | undefined {
    if (live.workers.has(workerId) || underWay.has(workerId)) return undefined;
    if (RESERVED_FOR_WORKERS.includes(workerId)) return "this name is reserved";
    return live.workers.size + underWay.size >= workersLimit ? `this market takes ${workersLimit} workers` : undefined;
  }

  /** In closed mode a consumer's account must not receive what a worker of its name earns. */
  function isTaken(db: SqliteHandle, workerId: string): boolean {
    return mode === "closed" && !live.workers.has(workerId) && findAccount(db, workerId)?.role === "consumer";
  }

  /** Nobody waits for the acknowledgement: on an outside broker the next message comes only when this one has been handled. */
  function acknowledge(workerId: string, answer: { accepted: boolean; reason?: string }): void {
    bus
      .publish(taskTopic(workerId), JSON.stringify({ command: "register_ack", ...answer }))
      .catch((error) => log.write("warning", "a registration could not be acknowledged", { workerId, error }));
  }

  return {
    async register(workerId, payload) {
      const said = readRegistration(payload);
      const reason = "refused" in said ? said.refused : refusal(workerId);
      if (reason !== undefined || "refused" in said) {
        acknowledge(workerId, { accepted: false, reason: reason ?? "" });
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      underWay.set(workerId, promise);
      try {
        const row = await database.transact((db) =>
          isTaken(db, workerId) ? undefined : save(db, workerId, said, clock.now()),
        );
        if (row === undefined) {
          acknowledge(workerId, { accepted: false, reason: "a consumer's account has this name" });
          return;
        }
        keepWorkerSample(database, live.registered(row, clock.now()));
      } finally {
        underWay.delete(workerId);
        resolve();
      }
      acknowledge(workerId, { accepted: true });
    },
    underWay: (workerId) => underWay.get(workerId),
  };
}

/** The worker's row and its provider's account; what was agreed before with a known worker stays. */
function save(db: SqliteHandle, workerId: string, said: SelfDescription, nowMs: number): WorkerRow {
  saveRegistration(db, {
    ...said,
    workerId,
    state: activeLeaseOf(db, workerId) === undefined ? "AVAILABLE" : "LEASED",
    pricePerMin: nanoOf(DEFAULT_PRICE_PER_MIN_XNM),
    minDurationSec: DEFAULT_MIN_DURATION_SEC,
    maxDurationSec: DEFAULT_MAX_DURATION_SEC,
    registeredAt: nowMs,
  });
  const address = { accountId: workerId, ethAddress: said.ethAddress, addressProof: "worker" as const };
  addAccountIfAbsent(db, { ...address, role: "provider", createdAt: nowMs });
  // The account follows its miner; what a consumer of this name said of itself is not the miner's to change.
  if (findAccount(db, workerId)?.role === "provider") saveAddress(db, address);
  return findWorker(db, workerId)!;
}
