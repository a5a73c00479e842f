import type { Broker } from "../../../src/mqtt/index";
import type { Clock } from "../../../src/platform/clock";
import type { Random } from "../../../src/platform/random";
import type { Inlet, Wire } from "./mqttPeer";
import { createTimetable } from "./timetable";

type Attachment = Broker["attachment"];
type Connection = NonNullable<ReturnType<Attachment["open"]>>;

/** One connection over the network, as its users hold it. */
export interface Link extends Wire {
  readonly number: number;
  /** Breaks it: what is under way is lost, and both ends hear of it. */
  cut(): void;
  /** From now on nothing arrives, either way, and nobody hears of it. */
  silence(): void;
  /** The client reads nothing for a time, while it may go on sending. */
  stall(ms: number): void;
}

/** Sees what crosses the broker's border, in its order. */
export interface Tap {
  opened(link: number): void;
  /** Bytes have been handed to the broker. */
  heard(link: number, bytes: Uint8Array): void;
  /** The broker has written bytes. */
  said(link: number, bytes: Uint8Array): void;
  /** The broker has ended the connection; its socket has taken no bytes for this long. */
  ended(link: number, blockedForMs: number): void;
  /** The broker has been told that the connection is gone. */
  lost(link: number): void;
  /** Its socket has not taken all that the broker wanted to write. */
  blocked(link: number): void;
  /** The broker stops reading it, and reads it again. */
  paused(link: number): void;
  resumed(link: number): void;
}

export interface Network {
  /** Opens a connection to the broker that is attached. */
  dial(inlet: Inlet): Link;
  /** Does something after a while, in one turn of the event loop with what else falls on that millisecond. */
  later(delayMs: number, action: () => void): void;
  /** Does something in the middle of the turn in which the broker is handed bytes for the nth time from now. */
  afterDeliveries(count: number, action: () => void): void;
  attach(attachment: Attachment): void;
  /** The broker's process is gone: what it had written arrives, and then everybody hears of it. */
  detach(): void;
  /** From now on all is well: no long delay, and no piece of a packet by itself. */
  heal(): void;
}

const LONG_DELAY_MS = 800;
const SEND_BUFFER_BYTES = [200, 2000, 65_536];

/** One direction of a link: what is put into it comes out in its order, in pieces, after a while. */
interface Pipe {
  lastAtMs: number;
  slowMs: number;
}

/** A network in which chance delays, splits and joins what is sent, in virtual time. */
export function createNetwork(clock: Clock, random: Random, tap: Tap): Network {
  const at = createTimetable(clock, random);
  const links = new Set<{ processGone(): void }>();
  let attachment: Attachment | null = null;
  let isWell = false;
  let lastNumber = 0;
  let awaited: { count: number; action: () => void } | null = null;

  function delayMs(pipe: Pipe): number {
    if (isWell) return 1;
    return 1 + random.below(2 + pipe.slowMs) + (random.below(60) === 0 ? random.below(LONG_DELAY_MS) : 0);
  }

  function through(pipe: Pipe, arrive: () => void): void {
    pipe.lastAtMs = Math.max(pipe.lastAtMs, clock.now() + delayMs(pipe));
    at(pipe.lastAtMs, arrive);
  }

  function piecesOf(bytes: Uint8Array): Uint8Array[] {
    if (isWell || bytes.length < 2 || random.below(3) !== 0) return [bytes];
    const middle = 1 + random.below(bytes.length - 1);
    return [bytes.slice(0, middle), ...piecesOf(bytes.slice(middle))];
  }

  function countDelivery(): void {
    if (awaited === null || --awaited.count > 0) return;
    const { action } = awaited;
    awaited = null;
    action();
  }

  const newPipe = (): Pipe => ({ lastAtMs: 0, slowMs: random.below(30) === 0 ? 300 : random.below(20) });

  function dial(inlet: Inlet): Link {
    const number = ++lastNumber;
    const toBroker = newPipe();
    const toClient = newPipe();
    const capacityBytes = SEND_BUFFER_BYTES[random.below(SEND_BUFFER_BYTES.length)]!;
    /** What a broker that does not read has not taken. */
    const held: Uint8Array[] = [];
    let broker: Attachment | null = null;
    let connection: Connection | null = null;
    let isPaused = false;
    let isSilent = false;
    let isClientGone = false;
    let isBrokerGone = false;
    let bufferedBytes = 0;
    let blockedSinceMs = 0;
    /** What the client has not read. */
    const unread: Uint8Array[] = [];
    let stalledUntilMs = 0;

    function tellClient(): void {
      if (isClientGone || isSilent) return;
      isClientGone = true;
      inlet.closed();
      through(toBroker, tellBroker);
    }

    const tellClientLater = (): void => through(toClient, tellClient);

    function tellBroker(): void {
      if (isBrokerGone) return;
      isBrokerGone = true;
      links.delete(own);
      if (connection === null) return;
      tap.lost(number);
      broker!.closed(connection);
    }

    function deliverToBroker(bytes: Uint8Array): void {
      if (isSilent) return;
      held.push(bytes);
      readAtBroker();
    }

    function readAtBroker(): void {
      while (held.length > 0 && !isPaused && !isBrokerGone && connection !== null) {
        const bytes = held.shift()!;
        tap.heard(number, bytes);
        broker!.receive(connection, bytes);
        countDelivery();
      }
    }

    function arriveAtClient(bytes: Uint8Array): void {
      if (isSilent) return;
      unread.push(bytes);
      if (stalledUntilMs === 0) readAtClient();
    }

    function readAtClient(): void {
      for (const bytes of unread.splice(0)) {
        if (!isClientGone) inlet.receive(bytes);
        bufferedBytes -= bytes.length;
      }
      if (blockedSinceMs === 0 || isBrokerGone || connection === null) return;
      blockedSinceMs = 0;
      at(clock.now() + random.below(2), () => {
        if (!isBrokerGone && connection !== null) broker!.drained(connection);
      });
    }

    function write(bytes: Uint8Array): number {
      if (isBrokerGone) return bytes.length;
      const taken = Math.min(bytes.length, capacityBytes - bufferedBytes);
      if (taken < bytes.length && blockedSinceMs === 0) {
        blockedSinceMs = clock.now();
        tap.blocked(number);
      }
      if (taken === 0) return 0;
      bufferedBytes += taken;
      const written = bytes.slice(0, taken);
      tap.said(number, written);
      for (const piece of piecesOf(written)) through(toClient, () => arriveAtClient(piece));
      return taken;
    }

    function endedByBroker(): void {
      tap.ended(number, blockedSinceMs === 0 ? 0 : clock.now() - blockedSinceMs);
      tellClientLater();
    }

    const own = {
      processGone(): void {
        isBrokerGone = true;
        tellClientLater();
      },
    };

    function open(): void {
      if (attachment === null) {
        tellClientLater();
        return;
      }
      broker = attachment;
      links.add(own);
      tap.opened(number);
      connection = broker.open(
        {
          write,
          end() {
            if (!isBrokerGone) endedByBroker();
          },
          terminate() {
            if (isBrokerGone) return;
            endedByBroker();
            at(clock.now(), tellBroker);
          },
          pause() {
            if (isBrokerGone) return;
            isPaused = true;
            tap.paused(number);
          },
          resume() {
            if (isBrokerGone) return;
            isPaused = false;
            tap.resumed(number);
            at(clock.now(), readAtBroker);
          },
        },
        "simulated",
        `client-${number}`,
      );
      if (connection === null) tellClientLater();
    }

    through(toBroker, open);
    return {
      number,
      send(bytes) {
        for (const piece of piecesOf(bytes)) through(toBroker, () => deliverToBroker(piece));
      },
      close() {
        isClientGone = true;
        through(toBroker, () => {
          if (!isSilent) tellBroker();
        });
      },
      cut() {
        isSilent = true;
        isClientGone = true;
        at(clock.now() + delayMs(toBroker), tellBroker);
        at(clock.now() + delayMs(toClient), () => inlet.closed());
      },
      silence() {
        isSilent = true;
      },
      stall(ms) {
        stalledUntilMs = clock.now() + ms;
        at(stalledUntilMs, () => {
          if (clock.now() < stalledUntilMs) return;
          stalledUntilMs = 0;
          readAtClient();
        });
      },
    };
  }

  return {
    dial,
    later: (ms, action) => at(clock.now() + ms, action),
    afterDeliveries(count, action) {
      awaited = { count, action };
    },
    attach(to) {
      attachment = to;
    },
    detach() {
      attachment = null;
      for (const link of links) link.processGone();
      links.clear();
    },
    heal() {
      isWell = true;
    },
  };
}
