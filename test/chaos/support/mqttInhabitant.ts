import type { Clock } from "../../../src/platform/clock";
import type { Random } from "../../../src/platform/random";
import type { PeerOptions } from "./mqttConnect";
import type { DeliveryChecker, Qos } from "./mqttDelivery";
import { createPeer, type Peer } from "./mqttPeer";
import type { Link, Network } from "./simulatedNetwork";

/** What all clients of a simulated world share. */
export interface Town {
  clock: Clock;
  random: Random;
  network: Network;
  delivery: DeliveryChecker;
  published: number;
  /** Nobody begins anything new. */
  isCalm: boolean;
}

/** A client with a will of its own: it publishes, leaves, hangs, comes back, as chance has it. */
export interface Inhabitant {
  peer: Peer;
  link: Link | null;
  /** Connected, and says nothing at all: not even that it is there. */
  isHung: boolean;
  connections: number;
}

type Kind = Partial<PeerOptions> & { clientId: string; filters: [filter: string, qos: Qos][] };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DEED_EVERY_MS = 40 * SECOND_MS;

/** Who lives here; what is not said is by chance. */
export const KINDS: Kind[] = [
  { clientId: "old", version: 4, filters: [["t/#", 2]] },
  { clientId: "old-clean", version: 4, clean: true, filters: [["t/#", 1]] },
  { clientId: "narrow", receiveMaximum: 1, sessionExpirySeconds: 1200, filters: [["t/#", 2]] },
  { clientId: "slow", receiveMaximum: 3, sessionExpirySeconds: 600, filters: [["t/+/1", 1]] },
  {
    clientId: "brief",
    sessionExpirySeconds: 20,
    filters: [
      ["t/old/#", 2],
      ["t/+/0", 1],
    ],
  },
  { clientId: "fleeting", filters: [["t/+/2", 2]] },
  { clientId: "anew", clean: true, sessionExpirySeconds: 300, filters: [["t/narrow/#", 0]] },
  {
    clientId: "lasting",
    sessionExpirySeconds: 100_000,
    filters: [
      ["t/#", 0],
      ["t/slow/+", 2],
    ],
  },
];

/** A client of that kind, which comes within seconds and then does as it likes. */
export function settleIn(town: Town, kind: Kind): Inhabitant {
  const { random, network, delivery, clock } = town;
  let freeAtMs = 0;
  const options: PeerOptions = {
    version: 5,
    clean: false,
    keepAliveSeconds: [10, 30, 60, 120][random.below(4)]!,
    sessionExpirySeconds: 0,
    receiveMaximum: 1 + random.below(50),
    topicAliasMaximum: random.below(3),
    ...kind,
    defer(action) {
      // In its order, and sometimes slowly.
      freeAtMs = Math.max(freeAtMs, clock.now() + (random.below(10) === 0 ? random.below(500) : random.below(3)));
      network.later(freeAtMs - clock.now(), action);
    },
  };
  const peer = createPeer(options, delivery, {
    online(sessionPresent) {
      if (!sessionPresent) for (const [filter, qos] of kind.filters) peer.subscribe(filter, qos);
    },
    offline: () => comeBack(town, one),
    acknowledged: () => undefined,
    packet: () => undefined,
  });
  const one: Inhabitant = { peer, link: null, isHung: false, connections: 0 };
  network.later(random.below(5 * SECOND_MS), () => connect(town, one));
  planNext(town, one);
  return one;
}

function comeBack(town: Town, one: Inhabitant): void {
  town.network.later(delayBeforeReturn(town), () => {
    if (!one.peer.hasWire()) connect(town, one);
  });
}

function delayBeforeReturn({ random, isCalm }: Town): number {
  if (isCalm) return SECOND_MS;
  const kind = random.below(10);
  if (kind < 6) return random.below(2 * SECOND_MS);
  return kind < 9 ? random.below(MINUTE_MS) : random.below(20 * MINUTE_MS);
}

function connect({ network, random }: Town, one: Inhabitant): void {
  const { clientId } = one.peer.options;
  const delaySeconds = [0, 0, 2, 15, 90][random.below(5)]!;
  const payload = `${clientId}:${++one.connections}`;
  const will = { topic: `will/${clientId}`, payload, qos: random.below(3) as Qos, delaySeconds };
  one.isHung = false;
  one.peer.connect(
    (inlet) => {
      one.link = network.dial(inlet);
      return one.link;
    },
    random.below(3) === 0 ? undefined : will,
  );
}

/** Called every second: pings as its keep-alive asks, and gives up a connection on which nothing comes back. */
export function keepAlive(town: Town, one: Inhabitant, second: number): void {
  const { peer } = one;
  if (!peer.hasWire() || one.isHung || second % Math.floor(peer.options.keepAliveSeconds * 0.7) !== 0) return;
  if (peer.pingsDue() <= 1) {
    peer.ping();
    return;
  }
  // To the broker it may look alive: the next connection takes over.
  peer.abandon();
  comeBack(town, one);
}

type Deed = (town: Town, one: Inhabitant) => void;

/** What a client that is online may do next, and how likely that is. */
const DEEDS: [weight: number, deed: Deed][] = [
  [60, publishSome],
  [8, wishSomething],
  [4, (_town, one) => one.link!.cut()],
  [4, (_town, one) => one.link!.silence()],
  [3, hang],
  [6, (town, one) => one.link!.stall(town.random.below(20 * SECOND_MS))],
  [4, leave(undefined)],
  [2, leave(4)],
  // A second connection while the first one is well.
  [5, connect],
];

const ALL_WEIGHTS = DEEDS.reduce((sum, [weight]) => sum + weight, 0);

function planNext(town: Town, one: Inhabitant): void {
  const { random, network } = town;
  network.later(Math.floor(-Math.log(1 - random.next()) * DEED_EVERY_MS), () => {
    if (town.isCalm) return;
    planNext(town, one);
    if (one.peer.isOnline() && !one.isHung) deedAt(random.below(ALL_WEIGHTS))(town, one);
  });
}

function deedAt(place: number): Deed {
  let before = 0;
  for (const [weight, deed] of DEEDS) {
    before += weight;
    if (place < before) return deed;
  }
  throw new Error(`no deed at ${place}`);
}

function hang({ network }: Town, one: Inhabitant): void {
  one.isHung = true;
  network.later(10 * MINUTE_MS, () => {
    one.isHung = false;
  });
}

function leave(reasonCode: number | undefined): Deed {
  return (town, one) => {
    one.peer.disconnect(reasonCode);
    comeBack(town, one);
  };
}

function publishSome(town: Town, { peer }: Inhabitant): void {
  const { random } = town;
  const { clientId, version } = peer.options;
  for (let count = 1 + random.below(random.below(5) === 0 ? 40 : 4); count > 0; count--) {
    const number = ++town.published;
    const room = random.below(10) === 0 ? "work" : "t";
    const publication = {
      number,
      publisher: clientId,
      topic: `${room}/${clientId}/${random.below(3)}`,
      qos: random.below(3) as Qos,
      retain: false,
      expirySeconds: version === 5 && room === "t" && random.below(6) === 0 ? 1 + random.below(120) : null,
    };
    peer.publish(publication, `${number} ${"x".repeat(random.below(200))}`);
  }
}

/** A filter more or less. */
function wishSomething({ random }: Town, { peer }: Inhabitant): void {
  if (peer.unsettled() > 0) return;
  const filter = `t/${KINDS[random.below(KINDS.length)]!.clientId}/1`;
  if (random.below(2) === 0) peer.subscribe(filter, random.below(3) as Qos);
  else peer.unsubscribe(filter);
}
