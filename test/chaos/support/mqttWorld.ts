import { type Broker, createBroker, type Store } from "../../../src/mqtt/index";
import type { Clock } from "../../../src/platform/clock";
import { seededRandom } from "../../../src/platform/random";
import { type VirtualClock, virtualClock } from "../../support/virtualClock";
import { type BorderChecker, createBorderChecker } from "./mqttBorder";
import { createDeliveryChecker } from "./mqttDelivery";
import { MAX_WORK_MS } from "./mqttFlow";
import { type Inhabitant, KINDS, keepAlive, settleIn, type Town } from "./mqttInhabitant";
import { createNetwork } from "./simulatedNetwork";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const SETTLING_MINUTES = 30;
const CLOCK_JUMP_MS = 120 * MINUTE_MS;
/** So long after a jump the broker may not have written down that there was one: what it has kept counts by the wall. */
const JUMP_NOTED_MS = SECOND_MS;

export interface WorldOptions {
  seed: number;
  /** Opens the store, again after each crash; without it the broker keeps everything in memory and is never killed. */
  openStore?: () => Store;
}

/** A broker, a network and clients of every kind, from one seed and in virtual time. */
export interface World {
  /** How often each thing has happened. */
  figures(): { [what: string]: number };
  /** Lets it live. */
  run(minutes: number): Promise<void>;
  /** Ends all mischief, waits until everything has arrived, and gives what was wrong. */
  settle(): Promise<string[]>;
}

interface State extends Town {
  clock: VirtualClock;
  border: BorderChecker;
  /** Null while its process is down. */
  broker: Broker | null;
  store: FaultyStore | null;
  people: Inhabitant[];
  crashes: number;
  storeFailures: number;
  /** By how much the machine's clock is wrong, how often it was set, and when last. */
  setByMs: number;
  clockJumps: number;
  jumpedAtMs: number;
}

/** A world that stands still until it is run. */
export function createWorld({ seed, openStore }: WorldOptions): World {
  const clock = virtualClock();
  const random = seededRandom(seed);
  const people: Inhabitant[] = [];
  const border = createBorderChecker(clock, (clientId) =>
    people.find(({ peer }) => peer.options.clientId === clientId)!.peer.forget(),
  );
  const state: State = {
    clock,
    random,
    network: createNetwork(clock, random, border),
    delivery: createDeliveryChecker(),
    border,
    broker: null,
    store: null,
    people,
    published: 0,
    isCalm: false,
    crashes: 0,
    storeFailures: 0,
    setByMs: 0,
    clockJumps: 0,
    jumpedAtMs: 0,
  };
  startBroker(state, openStore);
  for (const kind of KINDS) people.push(settleIn(state, kind));
  everySecond(state);
  planClockJump(state);
  if (openStore !== undefined) planDisaster(state, openStore);

  return {
    figures: () => ({
      crashes: state.crashes,
      storeFailures: state.storeFailures,
      clockJumps: state.clockJumps,
      published: state.published,
      arrivals: state.delivery.arrivalCount(),
      ...border.figures,
    }),
    run: (minutes) => clock.advance(minutes * MINUTE_MS),
    async settle() {
      state.isCalm = true;
      state.network.heal();
      // Long enough for every keep-alive, delay and absence.
      await clock.advance(SETTLING_MINUTES * MINUTE_MS);
      const wrong = [...border.violations(), ...state.delivery.violations(), ...unsettled(state), ...drops(state)];
      await state.broker!.stop();
      return wrong;
    },
  };
}

function unsettled({ people }: State): string[] {
  return people
    .filter(({ peer }) => peer.unacknowledged() + peer.unsettled() > 0)
    .map(({ peer }) => `${peer.options.clientId} still waits for ${peer.unacknowledged()} acknowledgements`);
}

/** Messages that the broker has thrown away although there was no need to. */
function drops({ broker }: State): string[] {
  const { offline: _offline, expired: _expired, ...dropped } = broker!.stats().dropped;
  return Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} messages were dropped: ${reason}`);
}

function everySecond(state: State, second = 1): void {
  state.clock.after(SECOND_MS, () => {
    for (const one of state.people) keepAlive(state, one, second);
    state.border.audit();
    everySecond(state, second + 1);
  });
}

/** A store that can be told to refuse, and to be dead. */
interface FaultyStore extends Store {
  fails: boolean;
  isDead: boolean;
}

function faulty(store: Store): FaultyStore {
  const made: FaultyStore = {
    ...store,
    fails: false,
    isDead: false,
    hasWork: () => !made.isDead && store.hasWork(),
    commit() {
      if (made.fails) throw new Error("the disk is full");
      if (!made.isDead) store.commit();
    },
  };
  return made;
}

/** The clock of one process: its timers end with it, and it shows the time to which somebody has set the machine. */
function mortal(state: State, isAlive: () => boolean): Clock {
  const { clock } = state;
  return {
    now: () => clock.now() + state.setByMs,
    monotonic: clock.monotonic,
    after: (delayMs, action) => clock.after(delayMs, () => isAlive() && action()),
  };
}

/**
 * Every few minutes somebody sets the machine's clock, forwards or back; no promise depends on it while the broker runs
 * and can write it down.
 */
function planClockJump(state: State): void {
  const { random, network } = state;
  network.later(MINUTE_MS + random.below(4 * MINUTE_MS), () => {
    if (state.isCalm) return;
    planClockJump(state);
    if (state.broker === null || state.store?.fails === true) return;
    state.setByMs += (random.below(2) === 0 ? 1 : -1) * random.below(CLOCK_JUMP_MS);
    state.clockJumps++;
    state.jumpedAtMs = state.clock.now();
  });
}

function startBroker(state: State, openStore: (() => Store) | undefined): void {
  const store = openStore === undefined ? null : faulty(openStore());
  const isAlive = (): boolean => state.broker === broker;
  const broker = createBroker({
    clock: mortal(state, isAlive),
    random: seededRandom(state.random.below(1_000_000)),
    limits: { flappingConnects: 0 },
    ...(store === null ? {} : { store }),
  });
  broker.on("fault", ({ error }) => {
    throw error;
  });
  state.store = store;
  state.broker = broker;
  const inside = broker.client("inside");
  inside.subscribe("will/#", ({ payload }) => {
    if (isAlive()) state.border.willSeen(Buffer.from(payload).toString());
  });
  inside.subscribe("work/#", ({ payload }) => {
    const number = Number.parseInt(Buffer.from(payload).toString(), 10);
    return work(state, () => isAlive() && state.border.workDone(number));
  });
  state.network.attach(broker.attachment);
}

/** Work that takes a moment, and sometimes long. */
function work({ random, network }: State, done: () => void): Promise<void> {
  return new Promise((resolve) => {
    network.later(random.below(random.below(10) === 0 ? MAX_WORK_MS : 5), () => {
      done();
      resolve();
    });
  });
}

/** Every few minutes the broker's process is killed, its disk refuses for a while, or both. */
function planDisaster(state: State, openStore: () => Store): void {
  const { random, network } = state;
  network.later(MINUTE_MS + random.below(4 * MINUTE_MS), () => {
    if (state.isCalm) return;
    const kind = random.below(4);
    if (kind < 2) whenJumpIsNoted(state, () => failStore(state));
    if (kind > 0) {
      network.afterDeliveries(1 + random.below(30), () => whenJumpIsNoted(state, () => crash(state, openStore)));
    }
    planDisaster(state, openStore);
  });
}

function failStore(state: State): void {
  const { network, random, border } = state;
  const store = state.store!;
  if (store.isDead) return;
  store.fails = true;
  border.storeFails(true);
  state.storeFailures++;
  network.later(random.below(20 * SECOND_MS), () => {
    store.fails = false;
    // The broker tries again within this time.
    network.later(SECOND_MS, () => {
      if (state.store === store && !store.isDead) border.storeFails(false);
    });
  });
}

function whenJumpIsNoted(state: State, action: () => void): void {
  if (state.clock.now() - state.jumpedAtMs > JUMP_NOTED_MS) action();
  else state.network.later(2 * JUMP_NOTED_MS, () => whenJumpIsNoted(state, action));
}

function crash(state: State, openStore: () => Store): void {
  if (state.broker === null) return;
  const { network, border, random } = state;
  if (state.store!.fails) state.delivery.killedWithoutDisk();
  state.store!.isDead = true;
  state.store!.close();
  state.broker = null;
  state.crashes++;
  network.detach();
  border.crashed();
  network.later(random.below(10 * SECOND_MS), () => {
    border.restarted();
    startBroker(state, openStore);
  });
}
