/**
 * What a broker owes to applications, held against what clients have seen. Knows neither broker, transport nor
 * workload: clients tell it what they do and get, in the order in which it happens.
 */

export type Qos = 0 | 1 | 2;

/** One message of an application; its number is its payload and rises with each. */
export interface Publication {
  number: number;
  publisher: string;
  topic: string;
  qos: Qos;
  retain: boolean;
  /** It may be lost on the way by its own wish; null: it may not. */
  expirySeconds: number | null;
}

/** A PUBLISH as a client got it, once for each that is not the same QoS 2 message again. */
export interface Arrival {
  number: number;
  topic: string;
  qos: Qos;
  duplicate: boolean;
  /** Sent because of a subscription, not of a publication. */
  retained: boolean;
}

export interface DeliveryChecker {
  /** A PUBLISH goes out, for the first time or again. */
  publishing(publication: Publication): void;
  /** PUBACK or PUBREC has come: from now on the broker is liable. */
  acknowledged(publication: Publication): void;
  subscribing(clientId: string, filter: string, qos: Qos): void;
  subscribed(clientId: string, filter: string): void;
  unsubscribing(clientId: string, filter: string): void;
  unsubscribed(clientId: string, filter: string): void;
  /** The session is new: the broker owes nothing of what was before. */
  sessionBegan(clientId: string): void;
  arrived(clientId: string, arrival: Arrival): void;
  /** The broker has shown this as the retained message of a topic, when all was quiet; null: none. */
  retainedIs(topic: string, number: number | null): void;
  acknowledgedCount(): number;
  arrivalCount(): number;
  /**
   * The broker's process was killed while its disk refused: what it had sent on below QoS 2 and not acknowledged, it
   * cannot know to have sent.
   */
  killedWithoutDisk(): void;
  /** Messages that are owed and have not come, as sentences. */
  missing(): string[];
  /** Everything that was wrong so far, what is missing included. */
  violations(): string[];
}

/** What one client asked for under one filter; times are places in the order of all events. */
interface Subscription {
  filter: string;
  qos: Qos;
  grantedAt: number;
  leavingAt: number;
  leftAt: number;
}

interface Fate {
  publication: Publication;
  /** Below QoS 2 it may come once more for each attempt of its publisher. */
  mayRepeat: boolean;
  attempts: number;
  publishedAt: number;
  acknowledgedAt: number;
}

interface Client {
  subscriptions: Subscription[];
  /** When its present session began. */
  beganAt: number;
  /** By publication: how often it came, and how often of these as a first attempt. */
  arrivals: Map<number, { count: number; firsts: number }>;
  /** By publisher, topic and QoS: the latest publication of those that came for the first time. */
  latest: Map<string, number>;
}

const NEVER = Number.POSITIVE_INFINITY;

/** A checker that has seen nothing. */
export function createDeliveryChecker(): DeliveryChecker {
  const fates = new Map<number, Fate>();
  const clients = new Map<string, Client>();
  const wrong: string[] = [];
  let time = 0;
  let acknowledgedCount = 0;
  let arrivalCount = 0;

  function clientOf(clientId: string): Client {
    const known = clients.get(clientId);
    if (known !== undefined) return known;
    const made: Client = { subscriptions: [], beganAt: 0, arrivals: new Map(), latest: new Map() };
    clients.set(clientId, made);
    return made;
  }

  /** The open subscriptions of a client under a filter: one, or two while the second has not been granted. */
  function openUnder(clientId: string, filter: string): Subscription[] {
    return clientOf(clientId).subscriptions.filter((one) => one.filter === filter && one.leftAt === NEVER);
  }

  function checkCount(clientId: string, { qos, duplicate, number }: Arrival, fate: Fate): boolean {
    const { publication, attempts, mayRepeat } = fate;
    const { arrivals } = clientOf(clientId);
    const seen = arrivals.get(number) ?? { count: 0, firsts: 0 };
    arrivals.set(number, seen);
    seen.count++;
    if (!duplicate) seen.firsts++;
    // A QoS 1 message that its publisher sends again is another one to the broker.
    const most = publication.qos === 1 || (mayRepeat && qos < 2) ? attempts : 1;
    if (seen.firsts > most) wrong.push(`${clientId} was sent ${told(publication)} ${seen.firsts} times as new`);
    if (qos !== 1 && seen.count > most)
      wrong.push(`${clientId} got ${told(publication)} ${seen.count} times at QoS ${qos}`);
    return seen.count === 1;
  }

  function checkOrder(clientId: string, arrival: Arrival, publication: Publication): void {
    // A first copy may have expired where the second, which was sent later, has not.
    if (publication.expirySeconds !== null) return;
    const { latest } = clientOf(clientId);
    const key = `${publication.publisher} ${arrival.topic} ${arrival.qos}`;
    const last = latest.get(key) ?? 0;
    if (arrival.number < last) wrong.push(`${clientId} got ${told(publication)} after number ${last}`);
    latest.set(key, Math.max(last, arrival.number));
  }

  function arrived(clientId: string, arrival: Arrival): void {
    time++;
    const fate = fates.get(arrival.number);
    if (fate === undefined) {
      wrong.push(`${clientId} got number ${arrival.number}, which nobody published`);
      return;
    }
    const { publication, publishedAt } = fate;
    if (arrival.topic !== publication.topic) wrong.push(`${clientId} got ${told(publication)} as ${arrival.topic}`);
    if (arrival.qos > publication.qos) wrong.push(`${clientId} got ${told(publication)} at QoS ${arrival.qos}`);
    const { subscriptions } = clientOf(clientId);
    if (!subscriptions.some((one) => matches(one.filter, publication.topic) && publishedAt < one.leftAt))
      wrong.push(`${clientId} got ${told(publication)}, for which it has no subscription`);
    if (arrival.retained) return;
    arrivalCount++;
    if (checkCount(clientId, arrival, fate)) checkOrder(clientId, arrival, publication);
  }

  function isOwed({ publication, publishedAt, acknowledgedAt }: Fate, client: Client): boolean {
    if (acknowledgedAt === NEVER || publication.expirySeconds !== null || publishedAt < client.beganAt) return false;
    return client.subscriptions.some(
      ({ filter, qos, grantedAt, leavingAt }) =>
        qos > 0 && grantedAt < publishedAt && leavingAt > acknowledgedAt && matches(filter, publication.topic),
    );
  }

  function missing(): string[] {
    const list: string[] = [];
    for (const fate of fates.values()) {
      for (const [clientId, client] of clients) {
        if (!client.arrivals.has(fate.publication.number) && isOwed(fate, client))
          list.push(`${clientId} never got ${told(fate.publication)}, which was acknowledged`);
      }
    }
    return list;
  }

  function retainedIs(topic: string, number: number | null): void {
    const published = [...fates.values()].filter(
      ({ publication }) => publication.retain && publication.topic === topic,
    );
    const lastOwed = published.findLast(({ acknowledgedAt }) => acknowledgedAt !== NEVER)?.publication.number ?? 0;
    const isOne = published.some(({ publication }) => publication.number === number);
    if ((number ?? 0) < lastOwed || (number !== null && !isOne))
      wrong.push(`${topic} keeps number ${number}; the last acknowledged one is ${lastOwed}`);
  }

  return {
    publishing(publication) {
      time++;
      const fate = fates.get(publication.number);
      if (fate !== undefined) fate.attempts++;
      else {
        const fresh = { publication, mayRepeat: false, attempts: 1, publishedAt: time, acknowledgedAt: NEVER };
        fates.set(publication.number, fresh);
      }
    },
    acknowledged(publication) {
      const fate = fates.get(publication.number)!;
      if (fate.acknowledgedAt === NEVER) acknowledgedCount++;
      fate.acknowledgedAt = Math.min(fate.acknowledgedAt, ++time);
    },
    subscribing(clientId, filter, qos) {
      time++;
      // [MQTT-3.8.4-3]: the new one will replace what there is.
      for (const one of openUnder(clientId, filter)) one.leavingAt = Math.min(one.leavingAt, time);
      const asked = { filter, qos, grantedAt: NEVER, leavingAt: NEVER, leftAt: NEVER };
      clientOf(clientId).subscriptions.push(asked);
    },
    subscribed(clientId, filter) {
      time++;
      const open = openUnder(clientId, filter);
      const granted = open.pop()!;
      granted.grantedAt = time;
      for (const replaced of open) replaced.leftAt = time;
    },
    unsubscribing(clientId, filter) {
      time++;
      for (const one of openUnder(clientId, filter)) one.leavingAt = Math.min(one.leavingAt, time);
    },
    unsubscribed(clientId, filter) {
      time++;
      for (const one of openUnder(clientId, filter)) one.leftAt = time;
    },
    sessionBegan(clientId) {
      const client = clientOf(clientId);
      client.beganAt = ++time;
      for (const one of client.subscriptions) one.leftAt = Math.min(one.leftAt, time);
      client.subscriptions = client.subscriptions.filter(({ leftAt }) => leftAt === time);
    },
    arrived,
    retainedIs,
    killedWithoutDisk() {
      for (const fate of fates.values()) fate.mayRepeat ||= fate.acknowledgedAt === NEVER;
    },
    acknowledgedCount: () => acknowledgedCount,
    arrivalCount: () => arrivalCount,
    missing,
    violations: () => [...wrong, ...missing()],
  };
}

function told({ number, publisher, topic, qos }: Publication): string {
  return `number ${number} (${publisher} to ${topic} at QoS ${qos})`;
}

const patterns = new Map<string, RegExp>();

/** The standard's rule of topic filters, said once more in the simplest words (MQTT 5.0, 4.7). */
export function matches(filter: string, topic: string): boolean {
  let pattern = patterns.get(filter);
  if (pattern === undefined) {
    const levels = filter.split("/").map((level) => (level === "+" ? "[^/]*" : level.replace(/[^\w]/g, "\\$&")));
    pattern = new RegExp(`^${levels.join("/").replace(/(^|\/)\\#$/, "($1.*)?")}$`);
    patterns.set(filter, pattern);
  }
  return pattern.test(topic);
}
