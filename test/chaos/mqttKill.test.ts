import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { type Random, seededRandom } from "../../src/platform/random";
import { type Served, scratchFolder, serve } from "../support/program";
import { seeds } from "../support/seeds";
import type { PeerOptions } from "./support/mqttConnect";
import { createDeliveryChecker, type DeliveryChecker, type Qos } from "./support/mqttDelivery";
import { createPeer, type Peer } from "./support/mqttPeer";
import { tcpWire } from "./support/mqttSocket";

setDefaultTimeout(30_000);

/**
 * The program, killed with SIGKILL in the middle of traffic to and from persistent sessions, and started again. The
 * workload comes from the seed; where exactly the kill falls is up to the machine.
 */

const KILLS = 3;
const PUBLISHERS = ["p0", "p1", "p2"];
const TOPICS = 3;
const DEADLINE_MS = 15_000;

const SUBSCRIBERS: { [clientId: string]: [filter: string, qos: Qos][] } = {
  everything: [["t/#", 2]],
  overlapping: [
    ["t/+/1", 1],
    ["t/p0/#", 2],
  ],
  states: [
    ["state/#", 2],
    ["+/p1/+", 1],
  ],
  sleeper: [["t/#", 1]],
};

interface World {
  random: Random;
  checker: DeliveryChecker;
  served: Served;
  publishers: Peer[];
  subscribers: Peer[];
  nextNumber: number;
  /** Called at each acknowledgement that a publisher gets. */
  onAcknowledged: (publisher: Peer) => void;
}

let running: Served | null = null;
const folders: string[] = [];

afterEach(async () => {
  await running?.stop("SIGKILL");
  running = null;
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function start(dataDir: string): Promise<Served> {
  running = await serve(["--only", "mqtt"], { dataDir });
  return running;
}

function optionsOf(clientId: string, random: Random): PeerOptions {
  return {
    clientId,
    version: random.below(2) === 0 ? 4 : 5,
    clean: false,
    keepAliveSeconds: 60,
    sessionExpirySeconds: 3600,
    receiveMaximum: 1 + random.below(40),
    topicAliasMaximum: random.below(3),
  };
}

function makeWorld(seed: number, served: Served): World {
  const random = seededRandom(seed);
  const checker = createDeliveryChecker();
  const quiet = { online: () => undefined, offline: () => undefined, packet: () => undefined };
  const world: World = {
    random,
    checker,
    served,
    publishers: PUBLISHERS.map((clientId) => {
      const publisher: Peer = createPeer(optionsOf(clientId, random), checker, {
        ...quiet,
        acknowledged: () => world.onAcknowledged(publisher),
      });
      return publisher;
    }),
    subscribers: Object.keys(SUBSCRIBERS).map((clientId) =>
      createPeer(optionsOf(clientId, random), checker, { ...quiet, acknowledged: () => undefined }),
    ),
    nextNumber: 1,
    onAcknowledged: () => undefined,
  };
  return world;
}

async function until(holds: () => boolean, what: () => string): Promise<void> {
  const giveUpAt = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what()}`);
    await Bun.sleep(1);
  }
}

/** Connects whoever is not; each must find the session that it left. */
async function connectAll(world: World, peers: Peer[]): Promise<void> {
  for (const peer of peers) if (!peer.hasWire()) peer.connect(tcpWire(world.served.mqttPort!));
  await until(
    () => peers.every((peer) => peer.isOnline()),
    () => "everybody to be let in",
  );
}

function publishOne(world: World, publisher: Peer, topic: string): void {
  const { random } = world;
  const number = world.nextNumber++;
  const retain = topic.startsWith("state/");
  // What is retained is the last that came: a topic must have one QoS, since a QoS 1 message that is sent again comes
  // again, and so behind a QoS 2 message that does not.
  const qos = (1 + ((retain ? topic.length + Number(topic.at(-1)) : random.below(2)) % 2)) as Qos;
  // Now and then one that no socket takes whole.
  const padding = random.below(40) === 0 ? 40_000 : random.below(300);
  const { clientId } = publisher.options;
  publisher.publish(
    { number, publisher: clientId, topic, qos, retain, expirySeconds: null },
    `${number} ${"x".repeat(padding)}`,
  );
}

function someTopic({ random }: World, publisher: Peer): string {
  const room = random.below(6) === 0 ? "state" : "t";
  return `${room}/${publisher.options.clientId}/${random.below(TOPICS)}`;
}

/** Something beside the traffic: a subscriber leaves, comes back, or wants something more or less. */
function stir(world: World): void {
  const { random, subscribers } = world;
  const peer = subscribers[random.below(subscribers.length)]!;
  if (!peer.hasWire()) peer.connect(tcpWire(world.served.mqttPort!));
  else if (!peer.isOnline()) return;
  else if (random.below(2) === 0) peer.disconnect();
  else if (peer.unsettled() === 0) {
    const filter = `+/p${random.below(3)}/2`;
    if (random.below(2) === 0) peer.subscribe(filter, (1 + random.below(2)) as Qos);
    else peer.unsubscribe(filter);
  }
}

/** Publishes as fast as it is acknowledged, and kills the program in the middle of that. */
async function runUntilKilled(world: World): Promise<void> {
  const { random, checker } = world;
  const killAfter = checker.acknowledgedCount() + 20 + random.below(500);
  const killed = Promise.withResolvers<number>();
  world.onAcknowledged = (publisher) => {
    if (checker.acknowledgedCount() >= killAfter) {
      world.onAcknowledged = () => undefined;
      killed.resolve(world.served.stop("SIGKILL"));
      return;
    }
    if (random.below(40) === 0) stir(world);
    publishOne(world, publisher, someTopic(world, publisher));
  };
  for (const publisher of world.publishers) {
    for (let i = 1 + random.below(20); i > 0; i--) publishOne(world, publisher, someTopic(world, publisher));
  }
  await killed.promise;
  const all = [...world.publishers, ...world.subscribers];
  await until(
    () => all.every((peer) => !peer.hasWire()),
    () => "the end of all connections",
  );
}

/** Nothing is under way and nothing is missing. */
function isSettled({ publishers, subscribers, checker }: World): boolean {
  const all = [...publishers, ...subscribers];
  return all.every((peer) => peer.unacknowledged() + peer.unsettled() === 0) && checker.missing().length === 0;
}

function settle(world: World): Promise<void> {
  return until(
    () => isSettled(world),
    () => `everything to arrive: ${world.checker.violations().slice(0, 5).join("; ")}`,
  );
}

/** What a new client is shown as retained. */
async function readRetained(world: World): Promise<void> {
  const shown = new Map<string, number>();
  const ignore = { ...createDeliveryChecker(), arrived: () => undefined };
  let isAnswered = false;
  const reader = createPeer({ ...optionsOf("reader", world.random), version: 4, clean: true }, ignore, {
    online: () => reader.subscribe("state/#", 0),
    offline: () => undefined,
    acknowledged: () => undefined,
    packet(packet) {
      if (packet.cmd === "publish" && packet.retain) shown.set(packet.topic, Number.parseInt(`${packet.payload}`, 10));
      if (packet.cmd === "suback") reader.ping();
      if (packet.cmd === "pingresp") isAnswered = true;
    },
  });
  reader.connect(tcpWire(world.served.mqttPort!));
  await until(
    () => isAnswered,
    () => "the retained messages",
  );
  reader.disconnect();
  for (const publisher of PUBLISHERS) {
    for (let i = 0; i < TOPICS; i++) {
      const topic = `state/${publisher}/${i}`;
      world.checker.retainedIs(topic, shown.get(topic) ?? null);
    }
  }
}

test.each(seeds(3, 100))(
  "a killed broker has lost nothing that it acknowledged and repeats no QoS 2 message (seed %d)",
  async (seed) => {
    const dataDir = scratchFolder();
    folders.push(dataDir);
    const world = makeWorld(seed, await start(dataDir));
    const all = [...world.publishers, ...world.subscribers];
    await connectAll(world, all);
    for (const peer of world.subscribers) {
      for (const [filter, qos] of SUBSCRIBERS[peer.options.clientId]!) peer.subscribe(filter, qos);
    }
    await settle(world);
    for (let kill = 0; kill < KILLS; kill++) {
      await runUntilKilled(world);
      world.served = await start(dataDir);
      await connectAll(world, all);
    }
    for (const publisher of world.publishers) {
      for (let i = 0; i < TOPICS; i++) publishOne(world, publisher, `t/${publisher.options.clientId}/${i}`);
    }
    await settle(world);
    await readRetained(world);
    expect(world.checker.violations()).toEqual([]);
    expect(world.checker.acknowledgedCount()).toBeGreaterThan(20 * KILLS);
    for (const peer of all) peer.disconnect();
    expect(await world.served.stop()).toBe(0);
  },
  60_000,
);
