import type { Clock } from "../../platform/clock";
import type { SqliteDatabase } from "../../platform/database";
import type { Log } from "../../platform/log";
import { type Accounts, createAccounts } from "./accounts";
import { type Book, openBook } from "./book";
import type { ChainVerifier } from "./chainVerifier";
import { type Control, createControl } from "./control";
import { endsWithin } from "./endsWithin";
import { createFeed, type Feed } from "./feed";
import { type Credentials, createCredentials } from "./identity/credentials";
import { createWalletSignIn, type WalletSignIn } from "./identity/walletSignIn";
import { createWalletTokens } from "./identity/walletTokens";
import { createLeases, type LeaseIds, type Leases } from "./leases";
import type { MessageBus } from "./messageBus";
import { createOutbox, type Outbox } from "./outbox";
import type { Mode } from "./rights";
import { isWorkerOnline } from "./rules/worker";
import { createSimulator, type Simulator, type SimulatorPlace } from "./simulator";
import { addSnapshot, removeSnapshotsBefore } from "./store/figures";
import { findLease } from "./store/leases";
import { type Chore, runChores } from "./timers";
import { REPORT_FILTER } from "./topics";
import { type AnswerCache, createAnswerCache } from "./views/answerCache";
import { createMonitoring, type Monitoring } from "./views/monitoring";
import { createProviders, type Providers } from "./views/providers";
import { createWallets, type Wallets } from "./views/wallets";
import { createWorkers, type Workers } from "./workers";

export interface MarketServiceOptions {
  database: SqliteDatabase;
  clock: Clock;
  log: Log;
  bus: MessageBus;
  /** Undefined where no chain is served. */
  chain: ChainVerifier | undefined;
  mode: Mode;
  ids: LeaseIds;
  /** What API keys are derived from. */
  secret: string;
  /** Signs wallet tokens. */
  tokenSecret: string;
  adminKey: string;
  requireFunds: boolean;
  /** Whether commands for workers ask for the admin or the owner, as they always do in closed mode. */
  guardControl: boolean;
  workersLimit: number;
  /** Where simulated workers live; undefined where there are none. */
  simulator?: SimulatorPlace | undefined;
}

/** The market without HTTP: everything a route may ask for, and its life. */
export interface MarketService {
  options: MarketServiceOptions;
  book: Book;
  accounts: Accounts;
  credentials: Credentials;
  walletSignIn: WalletSignIn;
  leases: Leases;
  workers: Workers;
  control: Control;
  simulator: Simulator;
  feed: Feed;
  outbox: Outbox;
  monitoring: Monitoring;
  providers: Providers;
  wallets: Wallets;
  answers: AnswerCache;
  /** Settles what an earlier process left, listens to the workers and starts the timers. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const SECOND_MS = 1000;
const DRAINED_WITHIN_MS = 3 * SECOND_MS;
const HOUR_MS = 3600 * SECOND_MS;
const WATCHDOG_MS = 5 * SECOND_MS;
const SNAPSHOT_MS = 30 * SECOND_MS;
const HEALTH_MS = 60 * SECOND_MS;
const SNAPSHOTS_KEPT_MS = 24 * HOUR_MS;

/** Reads the book and puts the parts together. Nothing runs before `start`. */
export function createMarketService(options: MarketServiceOptions): MarketService {
  const { database, clock, log, bus, tokenSecret, adminKey, mode } = options;
  const book = openBook(database);
  const feed = createFeed(clock);
  const outbox = createOutbox({ database, bus, log, isStillDue: ({ payload }) => isStillDue(database, payload) });
  const tokens = createWalletTokens(tokenSecret, clock.now);
  const shared = { ...options, book, feed, outbox };
  const workers = createWorkers(shared);
  const leases = createLeases(shared);
  const wallets = createWallets(database, book, clock);
  const accounts = createAccounts({ ...options, withTestAccounts: mode === "open" });
  const simulator = createSimulator({ place: options.simulator, bus, clock, log });
  let stopChores: (() => Promise<void>) | undefined;

  return {
    options,
    book,
    accounts,
    credentials: createCredentials({ database, tokens, adminKey }),
    walletSignIn: createWalletSignIn({ database, clock, tokens }),
    leases,
    workers,
    control: createControl({ book, bus, clock, workers, mustBeKnown: mode === "closed" || options.guardControl }),
    simulator,
    feed,
    outbox,
    monitoring: createMonitoring(shared),
    providers: createProviders(database, book, clock),
    wallets,
    answers: createAnswerCache(book, clock),
    async start() {
      await accounts.start();
      await leases.settleLeftovers();
      outbox.start();
      await bus.subscribe(REPORT_FILTER, workers.receive);
      stopChores = runChores(clock, log, chores(options, book, feed, leases, wallets));
    },
    async stop() {
      await simulator.stop();
      await stopChores?.();
      feed.close();
      // What the broker does not take stays on the disk for the next start.
      await endsWithin(clock, DRAINED_WITHIN_MS, outbox.drain());
      await bus.close();
    },
  };
}

/** What the market does by itself (docs/market.md, Timers). */
function chores(
  { database, clock }: MarketServiceOptions,
  book: Book,
  feed: Feed,
  leases: Leases,
  wallets: Wallets,
): Chore[] {
  return [
    {
      what: "ending expired leases",
      everyMs: WATCHDOG_MS,
      firstAfterMs: 0,
      async run() {
        await leases.endDue();
      },
    },
    {
      what: "sampling hash rates",
      everyMs: SNAPSHOT_MS,
      firstAfterMs: 0,
      run: () => sampleHashrates(database, book, clock.now()),
    },
    {
      what: "the health event",
      everyMs: HEALTH_MS,
      firstAfterMs: HEALTH_MS,
      run: () => tellAbsent(book, feed, clock.now()),
    },
    {
      what: "removing old samples",
      everyMs: HOUR_MS,
      firstAfterMs: HOUR_MS,
      run: () =>
        database.figures.record((db) => removeSnapshotsBefore(db, clock.now() - SNAPSHOTS_KEPT_MS), "market old"),
    },
    { what: "the hourly rows of wallets", everyMs: HOUR_MS, firstAfterMs: HOUR_MS, run: wallets.takeSnapshots },
  ];
}

function sampleHashrates({ figures }: SqliteDatabase, book: Book, nowMs: number): void {
  for (const worker of book.workers.values()) {
    if (!isWorkerOnline(worker, nowMs)) continue;
    const { workerId, hashrate, activeGpus } = worker;
    figures.record((db) => addSnapshot(db, { workerId, hashrate, activeGpus, createdAt: nowMs }));
  }
}

function tellAbsent(book: Book, feed: Feed, nowMs: number): void {
  const absent = [...book.workers.values()].filter((worker) => !isWorkerOnline(worker, nowMs));
  if (absent.length === 0) return;
  feed.publish(
    "health",
    absent.map(({ workerId, lastHeartbeatMs }) => ({
      worker_id: workerId,
      last_heartbeat: lastHeartbeatMs / 1000,
      offline_sec: (nowMs - lastHeartbeatMs) / 1000,
    })),
  );
}

/** A task is due as long as its lease is active; a release always is, since miners ignore those of other leases. */
function isStillDue(database: SqliteDatabase, payload: string): boolean {
  const message = JSON.parse(payload) as { command: string; lease_id: string };
  if (message.command !== "assign_task") return true;
  return database.read((db) => findLease(db, message.lease_id))?.state === "active";
}
