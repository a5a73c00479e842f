import type { IConnectPacket } from "mqtt-packet";
import type { Clock } from "../../../src/platform/clock";

/**
 * How long sessions last [MQTT-3.1.2-23] and when wills must come out [MQTT-3.1.3-9], by the clock and across the death
 * of the broker's process.
 */
export interface LifeChecker {
  /** A CONNECT has come: says whether the session must be there; null: it may be or not. */
  connects(packet: IConnectPacket): boolean | null;
  /** The connection has ended otherwise than by a DISCONNECT that takes the will back. */
  breaks(clientId: string): void;
  /** The client has said DISCONNECT and takes its will back. */
  leaves(clientId: string): void;
  /** A will has come out; its payload is a text of its own. */
  willSeen(text: string): void;
  /** The store refuses to write, so that nothing since is certain; false: it has written everything. */
  storeFails(fails: boolean): void;
  crashed(): void;
  restarted(): void;
  audit(): void;
}

export interface LifeFigures {
  wills: number;
  willsCancelled: number;
  takeovers: number;
}

/** The broker looks at what waits for a time this often. */
export const TOLERANCE_MS = 250;
const NEVER_MS = Number.POSITIVE_INFINITY;
/** What a client before 5.0 gets that does not want a clean session. */
const V3_EXPIRY_MS = 30 * 86_400_000;

interface Client {
  isOnline: boolean;
  /** Null: it may have one or not. */
  hasSession: boolean | null;
  expiryMs: number;
  /** When its session ends; never while it is connected. */
  endsAtMs: number;
  will: Will | null;
}

interface Will {
  text: string;
  delayMs: number;
  /** "may": a crash has made it uncertain. */
  state: "armed" | "must" | "may" | "never" | "seen";
  fromMs: number;
  toMs: number;
}

export function createLifeChecker(clock: Clock, figures: LifeFigures, fault: (what: string) => void): LifeChecker {
  const clients = new Map<string, Client>();
  const wills = new Map<string, Will>();
  /** What has changed since the last commit. */
  const uncertain = new Set<Client>();
  const uncertainWills = new Set<Will>();
  let storeFails = false;
  let isDown = false;
  let isTurnPlanned = false;

  function clientOf(clientId: string): Client {
    const known = clients.get(clientId);
    if (known !== undefined) return known;
    const made: Client = { isOnline: false, hasSession: false, expiryMs: 0, endsAtMs: NEVER_MS, will: null };
    clients.set(clientId, made);
    return made;
  }

  function changed(client: Client): void {
    uncertain.add(client);
    if (isTurnPlanned) return;
    isTurnPlanned = true;
    setImmediate(() => {
      isTurnPlanned = false;
      if (!storeFails) committed();
    });
  }

  function committed(): void {
    uncertain.clear();
    uncertainWills.clear();
  }

  function ends(client: Client): void {
    client.isOnline = false;
    client.endsAtMs = clock.now() + client.expiryMs;
    changed(client);
  }

  function breaks(client: Client): void {
    ends(client);
    if (client.will !== null) fallsDue(client.will, clock.now() + Math.min(client.will.delayMs, client.expiryMs));
  }

  function becomes(will: Will, state: Will["state"]): void {
    will.state = state;
    uncertainWills.add(will);
  }

  function fallsDue(will: Will, atMs: number): void {
    becomes(will, "must");
    will.fromMs = atMs;
    will.toMs = atMs + (atMs === clock.now() ? 0 : TOLERANCE_MS);
  }

  function isPresent(client: Client): boolean | null {
    return client.hasSession === true && clock.now() >= client.endsAtMs ? false : client.hasSession;
  }

  /** What becomes of a will that waits for its time when its client comes back. */
  function meetWill(client: Client, present: boolean | null, isClean: boolean): void {
    const { will } = client;
    if (will === null || will.state !== "must" || will.fromMs <= clock.now()) return;
    if (isClean) {
      fallsDue(will, clock.now());
      return;
    }
    becomes(will, present === null ? "may" : "never");
    figures.willsCancelled++;
  }

  function willOf({ will }: IConnectPacket): Will | null {
    if (will === undefined) return null;
    const delayMs = (will.properties?.willDelayInterval ?? 0) * 1000;
    const armed: Will = { text: will.payload.toString(), delayMs, state: "armed", fromMs: 0, toMs: 0 };
    wills.set(armed.text, armed);
    return armed;
  }

  function connects(packet: IConnectPacket): boolean | null {
    const client = clientOf(packet.clientId);
    if (client.isOnline) {
      figures.takeovers++;
      breaks(client);
    }
    const present = isPresent(client);
    const isClean = packet.clean === true;
    meetWill(client, present, isClean);
    const isV5 = packet.protocolVersion === 5;
    client.expiryMs = isV5 ? (packet.properties?.sessionExpiryInterval ?? 0) * 1000 : isClean ? 0 : V3_EXPIRY_MS;
    client.hasSession = true;
    client.isOnline = true;
    client.endsAtMs = NEVER_MS;
    client.will = willOf(packet);
    changed(client);
    return isClean ? false : present;
  }

  function crash(client: Client): void {
    const { will } = client;
    if (client.isOnline) client.endsAtMs = NEVER_MS;
    client.isOnline = false;
    if (uncertain.has(client)) client.hasSession = null;
    else if (client.expiryMs === 0) client.hasSession = false;
    const isLost = client.hasSession !== true && will?.state !== "seen" && will?.state !== "never";
    if (will !== null && isLost) will.state = "may";
  }

  function restart({ will, expiryMs, endsAtMs }: Client): number {
    const nowMs = clock.now();
    if (will?.state === "must") will.toMs = Math.max(will.toMs, nowMs + TOLERANCE_MS);
    if (endsAtMs !== NEVER_MS) return endsAtMs;
    // The connection has ended now: the days of its session are counted from here, and so is the delay of its will.
    if (will?.state === "armed") {
      fallsDue(will, nowMs + Math.min(will.delayMs, expiryMs));
      will.toMs = will.fromMs + TOLERANCE_MS;
    }
    return nowMs + expiryMs;
  }

  return {
    connects,
    breaks: (clientId) => breaks(clientOf(clientId)),
    leaves(clientId) {
      const client = clientOf(clientId);
      ends(client);
      if (client.will !== null) becomes(client.will, "never");
      client.will = null;
    },
    willSeen(text) {
      const will = wills.get(text);
      const nowMs = clock.now();
      if (will?.state === "may" || (will?.state === "must" && nowMs >= will.fromMs && nowMs <= will.toMs)) {
        becomes(will, "seen");
        figures.wills++;
      } else fault(`will ${text} came, which is ${JSON.stringify(will)}`);
    },
    storeFails(fails) {
      storeFails = fails;
      if (!fails) committed();
    },
    crashed() {
      isDown = true;
      storeFails = false;
      for (const client of clients.values()) crash(client);
      for (const will of uncertainWills) will.state = "may";
      committed();
    },
    restarted() {
      isDown = false;
      for (const client of clients.values()) client.endsAtMs = restart(client);
    },
    audit() {
      if (isDown) return;
      for (const will of wills.values()) {
        if (will.state !== "must" || clock.now() <= will.toMs) continue;
        fault(`will ${will.text} has not come`);
        will.state = "never";
      }
    },
  };
}
