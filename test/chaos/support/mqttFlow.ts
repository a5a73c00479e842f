import type { IPublishPacket, Packet } from "mqtt-packet";
import type { Clock } from "../../../src/platform/clock";

/**
 * What the standard asks of the packets of an exchange: no more on the way than a client takes [MQTT-3.3.4-9], nothing
 * again that was released [MQTT-4.3.3-6], nothing after its time [MQTT-3.3.2-5]; and our own word that nothing is
 * acknowledged before the work on it is done.
 */
export interface FlowChecker {
  heard(flow: Flow, packet: Packet): void;
  said(flow: Flow, packet: Packet): void;
  /** A client in the broker's process has done its work on a message. */
  workDone(number: number): void;
  /** The broker's disk refuses, or does no more: what waits for it may be late. */
  diskStalled(): void;
  crashed(): void;
}

export interface FlowFigures {
  expiring: number;
  fullWindow: number;
  works: number;
}

/** One connection's part of it. */
export interface Flow {
  clientId: string;
  receiveMaximum: number;
  /** When its socket last refused bytes. */
  blockedAtMs: number;
  /** Packet identifiers of messages that the client has and has not acknowledged. */
  unacknowledged: Set<number>;
  /** Publications by the packet identifier under which they came. */
  publications: Map<number, number>;
}

/** A message may stand behind an acknowledgement that waits for work of this length. */
export const MAX_WORK_MS = 3000;
/** What has waited in a socket or for the disk may be late by this: its delivery had begun. */
const MAX_STALL_MS = 30_000;
const FIRST_ERROR_REASON = 0x80;

export function createFlowChecker(clock: Clock, figures: FlowFigures, fault: (what: string) => void): FlowChecker {
  /** When each message expires; it has several ends where it was sent again and was another one to the broker. */
  const ends = new Map<number, number[]>();
  const works = new Map<number, "asked" | "done">();
  /** By client: QoS 2 messages that have been released. */
  const released = new Map<string, Set<number>>();
  let diskStalledAtMs = Number.NEGATIVE_INFINITY;

  function releasedTo({ clientId }: Flow): Set<number> {
    const known = released.get(clientId) ?? new Set();
    released.set(clientId, known);
    return known;
  }

  function onPublication(flow: Flow, { payload, topic, qos, messageId, properties }: IPublishPacket): void {
    const number = numberIn(payload);
    const expirySeconds = properties?.messageExpiryInterval;
    if (expirySeconds !== undefined)
      ends.set(number, [...(ends.get(number) ?? []), clock.now() + expirySeconds * 1000]);
    if (qos === 0) return;
    flow.publications.set(messageId!, number);
    if (topic.startsWith("work/") && works.get(number) === undefined) works.set(number, "asked");
  }

  function onDelivery(flow: Flow, packet: IPublishPacket): void {
    const { qos, dup, messageId, retain } = packet;
    const { clientId, unacknowledged, receiveMaximum } = flow;
    if (qos === 2 && releasedTo(flow).has(messageId!)) fault(`${clientId}: ${messageId} came again after its PUBREL`);
    if (qos > 0) {
      unacknowledged.add(messageId!);
      if (unacknowledged.size === receiveMaximum) figures.fullWindow++;
      if (unacknowledged.size > receiveMaximum)
        fault(`${clientId} has ${unacknowledged.size} messages on their way and takes ${receiveMaximum}`);
    }
    if (!dup && !retain) checkExpiry(flow, packet);
  }

  function checkExpiry({ clientId, blockedAtMs }: Flow, { payload, properties }: IPublishPacket): void {
    const number = numberIn(payload);
    const known = ends.get(number);
    const nowMs = clock.now();
    if (known === undefined || nowMs - Math.max(blockedAtMs, diskStalledAtMs) < MAX_STALL_MS) return;
    figures.expiring++;
    if (Math.max(...known) + MAX_WORK_MS <= nowMs) fault(`${clientId}: number ${number} came after its time`);
    const told = properties?.messageExpiryInterval;
    if (told === undefined) return;
    const left = known.map((endMs) => Math.ceil((endMs - nowMs) / 1000));
    if (!left.some((seconds) => told >= seconds && told <= seconds + MAX_WORK_MS / 1000))
      fault(`${clientId}: number ${number} has ${left.join(" or ")} s left and says ${told}`);
  }

  function onAcknowledgement({ clientId, publications }: Flow, messageId: number): void {
    const number = publications.get(messageId);
    if (number === undefined) {
      fault(`${clientId}: packet ${messageId} was acknowledged and never came`);
      return;
    }
    const work = works.get(number);
    if (work === "asked") fault(`${clientId}: number ${number} was acknowledged before its work was done`);
    if (work === "done") figures.works++;
  }

  return {
    heard(flow, packet) {
      const { cmd, messageId } = packet;
      if (cmd === "publish") onPublication(flow, packet);
      else if (cmd === "puback" || cmd === "pubcomp") flow.unacknowledged.delete(messageId!);
      else if (cmd === "pubrec" && (packet.reasonCode ?? 0) >= FIRST_ERROR_REASON)
        flow.unacknowledged.delete(messageId!);
      if (cmd === "pubcomp") releasedTo(flow).delete(messageId!);
    },
    said(flow, packet) {
      if (packet.cmd === "publish") onDelivery(flow, packet);
      else if (packet.cmd === "pubrel") releasedTo(flow).add(packet.messageId!);
      else if (packet.cmd === "puback" || packet.cmd === "pubrec") onAcknowledgement(flow, packet.messageId!);
      else if (packet.cmd === "connack" && !packet.sessionPresent) releasedTo(flow).clear();
    },
    workDone: (number) => void works.set(number, "done"),
    diskStalled() {
      diskStalledAtMs = clock.now();
    },
    crashed() {
      for (const [number, work] of works) if (work === "asked") works.delete(number);
    },
  };
}

function numberIn(payload: string | Buffer): number {
  return Number.parseInt(payload.toString(), 10);
}
