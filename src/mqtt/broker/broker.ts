import { runChores } from "../../platform/chores";
import type { Clock } from "../../platform/clock";
import type { Random } from "../../platform/random";
import { sendWaiting } from "../delivery/deliver";
import { unblock } from "../delivery/outbox";
import { createRetained } from "../delivery/retained";
import { Reason } from "../packet/reason";
import type { Authenticate, Authorize, Identity } from "../rights/rights";
import { type BrokerClock, createBrokerClock } from "../state/brokerClock";
import type { Connection, Transport } from "../state/connection";
import type { Core } from "../state/core";
import { type Counters, createCounters } from "../state/counters";
import { createEvents, type On } from "../state/events";
import { type Limits, limitsOf } from "../state/limits";
import { heldBytes } from "../state/overload";
import type { Route } from "../state/route";
import type { Subscription } from "../state/session";
import type { Store } from "../state/store";
import { createTurn, scheduleTurnEnd } from "../state/turn";
import { memoryStore } from "../store/memory";
import { createTopicCache } from "../topic/names";
import { createFilterTree } from "../topic/tree";
import { createAdmission } from "./admission";
import { closeConnection, loseConnection } from "./close";
import { endSession } from "./endSession";
import { endTurn } from "./endTurn";
import {
  type ClientInfo,
  eachClient,
  eachRetained,
  findClient,
  listClients,
  listRetained,
  type QueueDepths,
  queueDepths,
  type RetainedInfo,
} from "./inspect";
import { createInProcessClient, type InProcessClient } from "./localClient";
import { openConnection } from "./openConnection";
import { createReceiver, type Receive } from "./receive";
import { restore } from "./restore";
import { TURN_COST } from "./retainedWalk";
import { noteTime, SWEEP_MS, sweep } from "./sweep";

/** How long a stop waits for work on messages that have come; what is not done then is not acknowledged. */
const STOP_PATIENCE_MS = 5000;

/** What a broker is made of; all but time and chance has a default. */
export interface BrokerOptions {
  clock: Clock;
  random: Random;
  /** Where sessions and retained messages are kept; without one they end with the process. */
  store?: Store;
  /** Limits that differ from `DEFAULT_LIMITS`. */
  limits?: Partial<Limits>;
  /** Without it everybody is let in: for a broker that only loopback can reach. */
  authenticate?: Authenticate;
  /** Without it everything is allowed but to publish to topics that begin with `$`. */
  authorize?: Authorize;
}

/** The broker as of now. */
export interface BrokerStats extends Counters {
  /** Open connections, with those whose clients have not said CONNECT. */
  connections: number;
  /** With and without a connection. */
  sessions: number;
  retainedMessages: number;
  retainedBytes: number;
  /** What sockets have not taken yet. */
  outboxBytes: number;
  /** Of messages that wait for sessions, and of those on their way that may have to be sent again. */
  queuedBytes: number;
  /** All that is kept for others, as it is held against the memory watermark. */
  heldBytes: number;
  /** 0 to 3: which measures against too much memory are in force; docs/broker.md, "Overload". */
  overload: number;
}

/** What a transport of its own tells the broker; the ones in this folder are made of it. */
export interface Attachment {
  /** A peer has connected. Null: there is no room for it, and the transport must close. */
  open(transport: Transport, transportName: string, address: string): Connection | null;
  /** The largest packet that any client may send. */
  readonly maxPacketBytes: number;
  /** Bytes have come. They are read before the call returns and may be kept, so the array must not be used again. */
  receive: Receive;
  /** The transport takes bytes again. */
  drained(connection: Connection): void;
  /** The transport could not be set up, for a reason worth telling, and is closed. */
  failed(connection: Connection, message: string): void;
  /** The transport is closed. */
  closed(connection: Connection): void;
}

/** A broker: what goes in and out of it, and what can be asked of it and done to it. No call waits for a client. */
export interface Broker {
  /** For transports; {@link listenTcp} and its like use it. */
  readonly attachment: Attachment;
  /** Listens to one kind of {@link BrokerEvents}. What a listener throws is told as a fault, and costs nobody anything. */
  readonly on: On;
  /** A client without a socket, for parts of the same program; `clientId` only names it, and takes nobody's session. */
  client(clientId: string): InProcessClient;
  /** Counts since the start, and how much there is now; a copy. */
  stats(): BrokerStats;
  /** Sessions with and without a connection, for whoever looks after the broker. */
  clients(page: { offset: number; limit: number }): ClientInfo[];
  /** The same one at a time, for whoever looks at all of them without holding anything up. */
  eachClient(): Iterable<ClientInfo>;
  /** Identifiers of all sessions. */
  clientIds(): Iterable<string>;
  /** Messages that wait for clients. Walks all sessions: for now and then. */
  queueDepths(): QueueDepths;
  /** One session, or null where the identifier has none. */
  findClient(clientId: string): ClientInfo | null;
  /** Retained messages that match a filter. Throws PacketError for a bad one. */
  retained(filter: string, limit: number): RetainedInfo[];
  /** The same one at a time, with whole payloads, which are only lent. Throws PacketError as well. */
  eachRetained(filter: string): Iterable<RetainedInfo>;
  /**
   * Rights have changed: what was remembered of them is forgotten, on live connections and for what is queued from now
   * on. Clients for whom `isWelcome` is false are disconnected.
   */
  rightsChanged(isWelcome?: (identity: Identity) => boolean): void;
  /** Ends the connection of a client, with the reason "administrative action". False: it has none. */
  kick(clientId: string): boolean;
  /** Ends a session for good, with its connection, its subscriptions and all that waits for it. False: there is none. */
  forget(clientId: string): boolean;
  /** Ends the connections of one transport, by its name, with the reason "server shutting down". */
  sendAway(transport: string): void;
  /** Something to be called when the broker stops, such as the end of a listener. */
  onStop(action: () => void): void;
  /**
   * Refuses new connections, waits up to five seconds for work on messages that have come, commits, tells every client,
   * and closes the store. Loses no acknowledged message, and never fails; a store that cannot write is told by
   * `storeFailed`, and what it has not taken has been acknowledged to nobody.
   */
  stop(): Promise<void>;
}

/**
 * A broker that nobody can reach yet: listeners are attached to it. Sessions and retained messages are restored. Throws
 * where the store cannot be read, or holds a topic that the limits do not allow any more; RangeError for a bad limit.
 */
export function createBroker(options: BrokerOptions): Broker {
  const { emit, on } = createEvents();
  const store = options.store ?? memoryStore();
  const kept = store.load();
  const core = createCore(options, store, createBrokerClock(options.clock, kept.moment), emit);
  core.endTurn = () => endTurn(core);
  restore(core, kept);
  noteTime(core, core.clock.now());
  const { receive, readOn } = createReceiver(core);
  core.readOn = readOn;
  const stopActions: (() => void)[] = [];
  const stopSweeping = sweepForEver(core, options.clock);

  const attachment: Attachment = {
    open: (transport, transportName, address) => openConnection(core, transport, transportName, address),
    maxPacketBytes: core.limits.packetBytes,
    receive,
    drained(connection) {
      if (connection.isClosed) return;
      unblock(core, connection);
      if (connection.session !== null) sendWaiting(core, connection.session);
      if (core.walking.size > 0) scheduleTurnEnd(core);
    },
    failed: (connection, message) => closeConnection(core, connection, Reason.notAuthorized, message),
    closed: (connection) => loseConnection(core, connection),
  };

  return {
    attachment,
    on,
    client: (clientId) => createInProcessClient(core, clientId),
    stats: () => statsOf(core),
    clients: ({ offset, limit }) => listClients(core, offset, limit),
    eachClient: () => eachClient(core),
    clientIds: () => core.sessions.keys(),
    queueDepths: () => queueDepths(core),
    findClient: (clientId) => findClient(core, clientId),
    retained: (filter, limit) => listRetained(core, filter, limit),
    eachRetained: (filter) => eachRetained(core, filter),
    rightsChanged: (isWelcome) => applyRights(core, isWelcome),
    kick: (clientId) => kick(core, clientId),
    forget(clientId) {
      const wasOnline = kick(core, clientId);
      const session = core.sessions.get(clientId);
      if (session !== undefined) endSession(core, session);
      return wasOnline || session !== undefined;
    },
    sendAway: (transport) => sendAway(core, ({ transportName }) => transportName === transport),
    onStop: (action) => stopActions.push(action),
    async stop() {
      core.isStopping = true;
      for (const action of stopActions) action();
      endTurn(core);
      await quiet(core);
      sendAway(core, () => true);
      stopSweeping();
      core.store.close();
    },
  };
}

function sendAway(core: Core, isMeant: (connection: Connection) => boolean): void {
  for (const connection of core.connections) {
    if (isMeant(connection)) closeConnection(core, connection, Reason.serverShuttingDown, "the broker is stopping");
  }
  endTurn(core);
}

function createCore(options: BrokerOptions, store: Store, clock: BrokerClock, emit: Core["emit"]): Core {
  const limits = limitsOf(options.limits ?? {});
  return {
    clock,
    random: options.random,
    limits,
    store,
    authenticate: options.authenticate ?? null,
    authorize: options.authorize ?? null,
    counters: createCounters(),
    emit,
    topics: createTopicCache<Route>(limits),
    filters: createFilterTree<Subscription>(),
    groups: new Map(),
    retained: createRetained(),
    sessions: new Map(),
    walking: new Set(),
    connections: new Set(),
    awaiting: new Set(),
    lingering: new Set(),
    admission: createAdmission(),
    startedAtMs: clock.now(),
    sweptAtMs: clock.now(),
    notedOffsetMs: Number.NaN,
    turn: createTurn(TURN_COST),
    routeVersion: 0,
    routedTargets: 0,
    unreleased: 0,
    sequence: 0,
    publishing: null,
    waiting: 0,
    inputBytes: 0,
    outboxBytes: 0,
    unseenBytes: 0,
    queuedBytes: 0,
    overload: 0,
    isStopping: false,
    endTurn: () => undefined,
    readOn: () => undefined,
  };
}

/** Sweeps until the returned function is called. */
function sweepForEver(core: Core, clock: Clock): () => void {
  let count = 0;
  const run = () => sweep(core, ++count);
  const chore = { what: "a sweep", everyMs: SWEEP_MS, firstAfterMs: SWEEP_MS, run };
  const stop = runChores(clock, [chore], (_, error) => core.emit("fault", { error }));
  return () => void stop();
}

/** Waits until nobody in this process works on a message any more: then all that came has been acknowledged. */
async function quiet(core: Core): Promise<void> {
  const deadline = performance.now() + STOP_PATIENCE_MS;
  while (core.turn.localGates > 0 && performance.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
}

function kick(core: Core, clientId: string): boolean {
  const connection = core.sessions.get(clientId)?.connection ?? null;
  if (connection === null) return false;
  closeConnection(core, connection, Reason.administrativeAction, "disconnected by an operator");
  return true;
}

function applyRights(core: Core, isWelcome: (identity: Identity) => boolean = () => true): void {
  core.routeVersion++;
  for (const connection of core.connections) {
    if (connection.session === null || isWelcome(connection.session.identity)) continue;
    closeConnection(core, connection, Reason.notAuthorized, "this client's rights have been withdrawn");
  }
}

function statsOf(core: Core): BrokerStats {
  return {
    ...structuredClone(core.counters),
    connections: core.connections.size,
    sessions: core.sessions.size,
    retainedMessages: core.retained.count,
    retainedBytes: core.retained.bytes,
    outboxBytes: core.outboxBytes,
    queuedBytes: core.queuedBytes,
    heldBytes: heldBytes(core),
    overload: core.overload,
  };
}
