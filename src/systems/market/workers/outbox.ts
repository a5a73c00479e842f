import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { MessageBus } from "../ports/messageBus";
import type { Evidence } from "../rules/evidence";
import { type Message, removeMessages, unsentMessages } from "../store/outbox";

/** A message that a committed transaction decided on. */
export interface DecidedMessage extends Message {
  seq: number;
  workerId: string;
}

/**
 * Tasks and releases on their way. A broker's acknowledgement does not say that the worker has heard a message: it may
 * have been away for a moment. So a message is done when the worker itself shows it, and until then it is sent again at
 * each sign of life (docs/market.md, Outbox).
 */
export interface Outbox {
  /** Reads what an earlier process left. */
  start(): void;
  /** Sends now, in the order of the calls. */
  send(message: DecidedMessage): void;
  /** The worker has been heard, and this is what its message shows. */
  workerShown(workerId: string, shows: Evidence): void;
  /** Whether something is on its way to this worker. */
  isWaiting(workerId: string): boolean;
  /** How many messages wait for their workers. */
  waiting(): number;
  /** Ends when everything sent so far is with the broker, and what is done is forgotten on the disk. */
  drain(): Promise<void>;
}

export interface OutboxOptions {
  database: SqliteDatabase;
  bus: MessageBus;
  clock: Clock;
  log: Log;
  /** False for a message that has lost its sense, such as a task of a lease that has ended. */
  isStillDue: (message: Message) => boolean;
  /** A message as it is to be sent now: of a task only the rest of its time is left. */
  renewed: (message: Message) => string;
}

interface Waiting extends DecidedMessage {
  command: "assign_task" | "release";
  leaseId: string;
  /** Undefined for what an earlier process left. */
  sentAtMs: number | undefined;
  tries: number;
}

/** What is under way is not sent again so soon: the worker's answer may be under way too. */
export const RESEND_AFTER_MS = 5000;
/** A release that its worker never shows to have heard is given up: the worker may never have had the task. */
const MAX_TRIES = 100;
/** The most messages that wait for one worker; older ones are forgotten. */
const MAX_WAITING = 16;

export function createOutbox({ database, bus, clock, log, isStillDue, renewed }: OutboxOptions): Outbox {
  const queues = new Map<string, Waiting[]>();
  const underWay = new Set<Promise<void>>();
  const forget = forgetter(database, underWay);

  function publish(message: Waiting, payload: string): void {
    message.sentAtMs = clock.now();
    message.tries++;
    const delivery = bus
      .publish(message.topic, payload)
      .catch((error) => {
        message.sentAtMs = undefined;
        log.write("warning", "a message waits for its worker", { topic: message.topic, reason: messageOf(error) });
      })
      .finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  }

  function enqueue(message: DecidedMessage): Waiting {
    const waiting = waitingOf(message);
    const queue = queues.get(message.workerId) ?? [];
    queue.push(waiting);
    queues.set(message.workerId, queue);
    // What a worker that says nothing was told of earlier leases has lost its sense.
    if (queue.length > MAX_WAITING) forget(queue.splice(0, queue.length - MAX_WAITING));
    return waiting;
  }

  function isDone(message: Waiting, shows: Evidence): boolean {
    if (isHeard(message, shows) || message.tries >= MAX_TRIES) return true;
    // A task that is about to be sent again is looked up; until then its lease's end is no hurry.
    return message.command === "assign_task" && mayResend(message, clock.now()) && !isStillDue(message);
  }

  return {
    start() {
      for (const { seq, topic, payload } of database.read(unsentMessages)) {
        enqueue({ seq, topic, payload, workerId: topic.split("/")[1] ?? "" });
      }
    },
    send: (message) => publish(enqueue(message), message.payload),
    workerShown(workerId, shows) {
      const queue = queues.get(workerId);
      if (queue === undefined) return;
      const nowMs = clock.now();
      // Most signs of life change nothing, and come often.
      if (!queue.some((message) => isDone(message, shows) || mayResend(message, nowMs))) return;
      const left = queue.filter((message) => !isDone(message, shows));
      forget(queue.filter((message) => isDone(message, shows)));
      if (left.length === 0) queues.delete(workerId);
      else queues.set(workerId, left);
      for (const message of left) if (mayResend(message, nowMs)) publish(message, renewed(message));
    },
    isWaiting: (workerId) => queues.has(workerId),
    waiting: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Forgets on the disk what is done: in one transaction all that was done while the one before ran. */
function forgetter(database: SqliteDatabase, underWay: Set<Promise<void>>): (messages: readonly Waiting[]) => void {
  let done: number[] = [];
  let settling: Promise<void> | undefined;

  async function settle(): Promise<void> {
    await Promise.resolve();
    const seqs = done;
    done = [];
    settling = undefined;
    await database.transact((db) => removeMessages(db, seqs));
  }

  return (messages) => {
    if (messages.length === 0) return;
    done.push(...messages.map(({ seq }) => seq));
    settling ??= settle();
    const settled = settling.finally(() => underWay.delete(settled));
    underWay.add(settled);
  };
}

function mayResend({ sentAtMs }: Waiting, nowMs: number): boolean {
  return sentAtMs === undefined || Math.abs(nowMs - sentAtMs) >= RESEND_AFTER_MS;
}

function waitingOf(message: DecidedMessage): Waiting {
  const { command, lease_id: leaseId } = JSON.parse(message.payload) as {
    command: Waiting["command"];
    lease_id: string;
  };
  return { ...message, command, leaseId, sentAtMs: undefined, tries: 0 };
}

/** Whether a worker that shows this has heard the message. */
function isHeard({ command, leaseId }: Waiting, { leaseId: on, isIdle }: Evidence): boolean {
  if (command === "assign_task") return on === leaseId;
  return on === undefined ? isIdle : on !== leaseId;
}
