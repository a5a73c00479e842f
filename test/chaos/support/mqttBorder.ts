import { type IDisconnectPacket, type Packet, parser } from "mqtt-packet";
import type { Clock } from "../../../src/platform/clock";
import { createFlowChecker, type Flow } from "./mqttFlow";
import { createLifeChecker, TOLERANCE_MS } from "./mqttLife";
import type { Tap } from "./simulatedNetwork";

/**
 * What the standard asks of a broker on the wire and by the clock, held against all that crosses its border. It reads
 * the packets itself and knows neither the broker's inside nor the workload.
 */
export interface BorderChecker extends Tap {
  willSeen(text: string): void;
  workDone(number: number): void;
  storeFails(fails: boolean): void;
  /** The broker's process has been killed, and the next one begins. */
  crashed(): void;
  restarted(): void;
  /** To be called every now and then: has anything been due and not been done? */
  audit(): void;
  violations(): string[];
  /** How often each rule has been put to the test. */
  figures: { [what: string]: number };
}

const CONNECT_TIMEOUT_MS = 10_000;
const SLOW_READER_MS = 30_000;
/** A connection that has been taken over or left is ended within the same turn. */
const LINGER_MS = 1000;
const DISCONNECT_WITH_WILL = 4;

/** One connection. */
interface Line {
  toBroker: ReturnType<typeof parser>;
  fromBroker: ReturnType<typeof parser>;
  /** Null before its CONNECT. */
  flow: Flow | null;
  openedAtMs: number;
  lastHeardMs: number;
  silenceLimitMs: number;
  isPaused: boolean;
  expectsPresent: boolean | null;
  /** Since when the broker has had to end it. */
  overSinceMs: number | null;
  isEnded: boolean;
}

export function createBorderChecker(clock: Clock, onSessionBegan: (clientId: string) => void): BorderChecker {
  const wrong: string[] = [];
  const figures = {
    keepAlive: 0,
    wills: 0,
    willsCancelled: 0,
    resumed: 0,
    expiring: 0,
    fullWindow: 0,
    takeovers: 0,
    works: 0,
  };
  const fault = (what: string): void => void wrong.push(`${new Date(clock.now()).toISOString().slice(8, 23)} ${what}`);
  const life = createLifeChecker(clock, figures, fault);
  const flows = createFlowChecker(clock, figures, fault);
  const lines = new Map<number, Line>();
  const current = new Map<string, Line>();

  function readerOf(protocolVersion: number, handle: (packet: Packet) => void): ReturnType<typeof parser> {
    const reader = parser({ protocolVersion });
    reader.on("packet", handle);
    reader.on("error", (error: Error) => {
      throw error;
    });
    return reader;
  }

  function isOver(line: Line): void {
    line.overSinceMs ??= clock.now();
    if (line.flow !== null && current.get(line.flow.clientId) === line) current.delete(line.flow.clientId);
  }

  function onHeard(line: Line, packet: Packet): void {
    // [MQTT-3.1.2-22]: what counts are packets, which are there when their last byte has come.
    line.lastHeardMs = clock.now();
    if (line.overSinceMs !== null) return;
    if (packet.cmd === "connect") {
      const { clientId, protocolVersion = 4, keepalive = 0, properties } = packet;
      const taken = current.get(clientId);
      if (taken !== undefined) isOver(taken);
      current.set(clientId, line);
      line.expectsPresent = life.connects(packet);
      line.silenceLimitMs = keepalive * 1500;
      line.fromBroker = readerOf(protocolVersion, (said) => onSaid(line, said));
      line.flow = {
        clientId,
        receiveMaximum: properties?.receiveMaximum ?? 65_535,
        blockedAtMs: Number.NEGATIVE_INFINITY,
        unacknowledged: new Set(),
        publications: new Map(),
      };
    } else if (packet.cmd === "disconnect") {
      const { clientId } = line.flow!;
      if ((packet as IDisconnectPacket).reasonCode === DISCONNECT_WITH_WILL) life.breaks(clientId);
      else life.leaves(clientId);
      isOver(line);
    } else flows.heard(line.flow!, packet);
  }

  function onSaid(line: Line, packet: Packet): void {
    const { clientId } = line.flow!;
    flows.said(line.flow!, packet);
    if (packet.cmd !== "connack") return;
    if (line.expectsPresent !== null && packet.sessionPresent !== line.expectsPresent)
      fault(`${clientId}: session present is ${packet.sessionPresent}`);
    if (packet.sessionPresent) figures.resumed++;
    else onSessionBegan(clientId);
  }

  /** The broker has ended a connection that its client wanted to keep: had it a reason? */
  function checkEnd({ flow, openedAtMs, lastHeardMs, silenceLimitMs }: Line, blockedForMs: number): void {
    const nowMs = clock.now();
    if (flow === null) {
      if (nowMs - openedAtMs < CONNECT_TIMEOUT_MS) fault("was closed before its time to say CONNECT was over");
      return;
    }
    const silentMs = nowMs - lastHeardMs;
    if (silenceLimitMs > 0 && silentMs > silenceLimitMs) figures.keepAlive++;
    else if (blockedForMs <= SLOW_READER_MS)
      fault(`${flow.clientId} was closed after ${silentMs} ms of silence, of ${silenceLimitMs} that it may`);
  }

  function breaks(line: Line): void {
    if (line.overSinceMs !== null) return;
    if (line.flow !== null) life.breaks(line.flow.clientId);
    isOver(line);
  }

  function auditLine(line: Line): void {
    const silentMs = clock.now() - line.lastHeardMs;
    const name = line.flow?.clientId ?? "a stranger";
    if (line.overSinceMs !== null) {
      if (!line.isEnded && clock.now() - line.overSinceMs > LINGER_MS) fault(`${name} was left and not closed`);
    } else if (!line.isPaused && line.silenceLimitMs > 0 && silentMs > line.silenceLimitMs + 2 * TOLERANCE_MS)
      fault(`${name} is still there after ${silentMs} ms of silence`);
  }

  return {
    figures,
    opened(number) {
      const line: Line = {
        toBroker: readerOf(4, (packet) => onHeard(line, packet)),
        fromBroker: readerOf(4, () => undefined),
        flow: null,
        openedAtMs: clock.now(),
        lastHeardMs: clock.now(),
        silenceLimitMs: 0,
        isPaused: false,
        expectsPresent: null,
        overSinceMs: null,
        isEnded: false,
      };
      lines.set(number, line);
    },
    heard(number, bytes) {
      // Bytes of a packet that has begun are a sign of life here: docs/broker.md, "Limits".
      lines.get(number)!.lastHeardMs = clock.now();
      lines.get(number)!.toBroker.parse(Buffer.from(bytes));
    },
    said: (number, bytes) => void lines.get(number)!.fromBroker.parse(Buffer.from(bytes)),
    ended(number, blockedForMs) {
      const line = lines.get(number)!;
      line.isEnded = true;
      if (line.overSinceMs === null) checkEnd(line, blockedForMs);
      breaks(line);
    },
    lost(number) {
      breaks(lines.get(number)!);
      lines.delete(number);
    },
    blocked(number) {
      const { flow } = lines.get(number)!;
      if (flow !== null) flow.blockedAtMs = clock.now();
    },
    paused(number) {
      lines.get(number)!.isPaused = true;
    },
    resumed(number) {
      const line = lines.get(number)!;
      line.isPaused = false;
      line.lastHeardMs = clock.now();
    },
    willSeen: life.willSeen,
    workDone: flows.workDone,
    storeFails(fails) {
      life.storeFails(fails);
      flows.diskStalled();
    },
    crashed() {
      lines.clear();
      current.clear();
      life.crashed();
      flows.crashed();
    },
    restarted: life.restarted,
    audit() {
      for (const line of lines.values()) auditLine(line);
      life.audit();
    },
    violations: () => wrong,
  };
}
