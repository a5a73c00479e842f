import { type Chore, runChores } from "../../platform/chores";
import type { Clock } from "../../platform/clock";
import type { SqliteDatabase } from "../../platform/database";
import { endsWithin } from "../../platform/endsWithin";
import { type Log, logFaults } from "../../platform/log";
import { type Accounts, createAccounts } from "./dealings/accounts";
import type { LeaseIds } from "./dealings/leaseOptions";
import { createLeases, type Leases } from "./dealings/leases";
import { ANSWER_KEPT_MS } from "./dealings/once";
import { createQuotes, type Quotes } from "./dealings/quotes";
import { type Credentials, createCredentials } from "./identity/credentials";
import { createWalletSignIn, type WalletSignIn } from "./identity/walletSignIn";
import { createWalletTokens } from "./identity/walletTokens";
import { createFeed, type Feed } from "./live/feed";
import { type LiveState, openLiveState } from "./live/state";
import { createSimulator, type Simulator, type SimulatorPlace } from "./miner/simulator";
import type { ChainVerifier } from "./ports/chainVerifier";
import type { MessageBus } from "./ports/messageBus";
import type { Mode } from "./rights";
import { isWorkerOnline } from "./rules/worker";
import { removeAnswersBefore } from "./store/idempotency";
import { addSnapshot, removeSnapshotsBefore } from "./store/samples";
import { type AccountViews, createAccountViews } from "./views/accountViews";
import { type AnswerCache, createAnswerCache } from "./views/answerCache";
import { type BlockLists, createBlockLists } from "./views/blockLists";
import { createLeaseLists, type LeaseLists } from "./views/leaseLists";
import { createMonitoring, type Monitoring } from "./views/monitoring";
import { createProviders, type Providers } from "./views/providers";
import { createStatements, type Statements } from "./views/statements";
import { createWallets, type Wallets } from "./views/wallets";
import { type Control, createControl } from "./workers/control";
import type { Outbox } from "./workers/outbox";
import { createWorkers, type Workers } from "./workers/receive";
import { createTaskOutbox } from "./workers/taskOutbox";
import { REPORT_FILTER } from "./workers/topics";

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
  /** Time in which a worker does not work is billed all the same. */
  billOffline?: boolean;
  /** How many seconds a worker may take to begin; 120 where nothing is said. */
  leaseStartS?: number;
  /** Requests of one address in a minute; 0 or nothing sets no limit. */
  requestsPerMin?: number;
  /** Accounts that one address may open in an hour without a credential; 0 or nothing sets no limit. */
  accountsPerHour?: number;
  /** Where simulated workers live; undefined where there are none. */
  simulator?: SimulatorPlace | undefined;
}

/** The market without HTTP: everything a route may ask for, and its life. */
export interface MarketService {
  options: MarketServiceOptions;
  live: LiveState;
  accounts: Accounts;
  credentials: Credentials;
  walletSignIn: WalletSignIn;
  leases: Leases;
  quotes: Quotes;
  workers: Workers;
  control: Control;
  simulator: Simulator;
  feed: Feed;
  outbox: Outbox;
  accountViews: AccountViews;
  blockLists: BlockLists;
  leaseLists: LeaseLists;
  statements: Statements;
  monitoring: Monitoring;
  providers: Providers;
  wallets: Wallets;
  answers: AnswerCache;
  /** Settles what an earlier process left, listens to the workers and starts the timers. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** From now on clients that leave say nothing of their workers: the broker itself is about to end. */
  ignorePresence(): void;
}

const SECOND_MS = 1000;
const LEASE_START_S = 120;
const DRAINED_WITHIN_MS = 3 * SECOND_MS;
const HOUR_MS = 3600 * SECOND_MS;
const WATCHDOG_MS = 5 * SECOND_MS;
const SNAPSHOT_MS = 30 * SECOND_MS;
const HEALTH_MS = 60 * SECOND_MS;
const SNAPSHOTS_KEPT_MS = 24 * HOUR_MS;

/** Reads the live state and puts the parts together. Nothing runs before `start`. */
export function createMarketService(options: MarketServiceOptions): MarketService {
  const { database, clock, log, bus, adminKey, mode } = options;
  const [tokens, fault] = [createWalletTokens(options.tokenSecret, clock.now), logFaults(log)];
  const { billOffline = false, leaseStartS = LEASE_START_S } = options;
  const live = openLiveState(database, { billOffline });
  const feed = createFeed(clock);
  const outbox = createTaskOutbox({ database, bus, clock, log });
  const requireFunds = options.requireFunds || mode === "closed";
  const shared = { ...options, live, feed, outbox, requireFunds, startWithinMs: leaseStartS * SECOND_MS };
  const workers = createWorkers(shared);
  const leases = createLeases(shared);
  const wallets = createWallets(database, live, clock);
  const accounts = createAccounts({ ...options, withTestAccounts: mode === "open" });
  const simulator = createSimulator({ place: options.simulator, bus, clock, log });
  let unfollow: () => void = () => undefined;
  let stopChores: (() => Promise<void>) | undefined;

  return {
    options,
    live,
    accounts,
    credentials: createCredentials({ database, tokens, adminKey }),
    walletSignIn: createWalletSignIn({ database, clock, tokens }),
    leases,
    quotes: createQuotes(options.secret, clock.now),
    workers,
    control: createControl({ live, bus, clock, workers, mustBeKnown: mode === "closed" || options.guardControl }),
    simulator,
    feed,
    outbox,
    accountViews: createAccountViews(database),
    blockLists: createBlockLists(database, live),
    statements: createStatements(database),
    leaseLists: createLeaseLists(database, live, clock),
    monitoring: createMonitoring(shared),
    providers: createProviders(database, live, clock),
    wallets,
    answers: createAnswerCache(live, clock),
    async start() {
      await accounts.start();
      await leases.settleLeftovers();
      outbox.start();
      await workers.confirmWaiting();
      unfollow = follow(options, workers, fault);
      await bus.subscribe(REPORT_FILTER, workers.receive);
      stopChores = runChores(clock, chores(options, live, feed, leases, wallets), fault);
    },
    ignorePresence: () => unfollow(),
    async stop() {
      unfollow();
      await simulator.stop();
      await stopChores?.();
      feed.close();
      await endsWithin(clock, DRAINED_WITHIN_MS, outbox.drain());
      await bus.close();
    },
  };
}

/** Follows who is connected and what the chain takes; the function that is given back ends both. */
function follow(
  { chain }: MarketServiceOptions,
  workers: Workers,
  fault: (what: string, error: unknown) => void,
): () => void {
  const tellChain = (key: string) => void workers.chainHas(key).catch((error) => fault("a block of the chain", error));
  const endings = [workers.follow(), chain?.onBlock(tellChain)];
  return () => {
    for (const end of endings) end?.();
  };
}

/** What the market does by itself (docs/market.md, Timers). */
function chores(
  { database, clock }: MarketServiceOptions,
  live: LiveState,
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
      run: () => sampleHashrates(database, live, clock.now()),
    },
    {
      what: "the health event",
      everyMs: HEALTH_MS,
      firstAfterMs: HEALTH_MS,
      run: () => tellAbsent(live, feed, clock.now()),
    },
    {
      what: "removing old samples",
      everyMs: HOUR_MS,
      firstAfterMs: HOUR_MS,
      run: () =>
        database.samples.record((db) => removeSnapshotsBefore(db, clock.now() - SNAPSHOTS_KEPT_MS), "market old"),
    },
    {
      what: "removing old answers",
      everyMs: HOUR_MS,
      firstAfterMs: HOUR_MS,
      run: () => database.transact((db) => removeAnswersBefore(db, clock.now() - ANSWER_KEPT_MS)),
    },
    { what: "the hourly rows of wallets", everyMs: HOUR_MS, firstAfterMs: HOUR_MS, run: wallets.takeSnapshots },
  ];
}

function sampleHashrates({ samples }: SqliteDatabase, live: LiveState, nowMs: number): void {
  for (const worker of live.workers.values()) {
    if (!isWorkerOnline(worker, nowMs)) continue;
    const { workerId, hashrate, activeGpus } = worker;
    samples.record((db) => addSnapshot(db, { workerId, hashrate, activeGpus, createdAt: nowMs }));
  }
}

function tellAbsent(live: LiveState, feed: Feed, nowMs: number): void {
  const absent = [...live.workers.values()].filter((worker) => !isWorkerOnline(worker, nowMs));
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
