import type { SqliteDatabase } from "../../../platform/database";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { MessageBus } from "../ports/messageBus";
import { type Message, removeMessages, unsentMessages } from "../store/outbox";

/** A message that a committed transaction decided on. */
export interface DecidedMessage extends Message {
  seq: number;
  workerId: string;
}

/**
 * Sends what transactions decided, and forgets it when the broker has it. What a crash left unsent waits until its
 * worker shows itself again, since a message to nobody would be lost (docs/market.md, Outbox).
 */
export interface Outbox {
  /** Reads what an earlier process left. */
  start(): void;
  /** Sends now, in the order of the calls. */
  send(message: DecidedMessage): void;
  /** Sends what waited for this worker, which has just been heard. */
  workerShown(workerId: string): void;
  /** How many messages wait for their workers. */
  waiting(): number;
  /** Ends when everything sent so far is settled on the disk. */
  drain(): Promise<void>;
}

export interface OutboxOptions {
  database: SqliteDatabase;
  bus: MessageBus;
  log: Log;
  /** False for a message that has lost its sense, such as a task of a lease that has ended. */
  isStillDue: (message: Message) => boolean;
}

export function createOutbox({ database, bus, log, isStillDue }: OutboxOptions): Outbox {
  /** Left over from an earlier process, by worker. */
  const held = new Map<string, DecidedMessage[]>();
  /** Numbers of messages that the broker has and the disk does not know of yet. */
  let sent: number[] = [];
  let settling: Promise<void> | undefined;
  const underWay = new Set<Promise<void>>();

  async function deliver(message: DecidedMessage): Promise<void> {
    try {
      await bus.publish(message.topic, message.payload);
      sent.push(message.seq);
      settling ??= settle();
      await settling;
    } catch (error) {
      hold(message);
      log.write("warning", "a message waits for its worker", { topic: message.topic, reason: messageOf(error) });
    }
  }

  /** One transaction for all that was sent while the one before ran. */
  async function settle(): Promise<void> {
    await Promise.resolve();
    const seqs = sent;
    sent = [];
    settling = undefined;
    await database.transact((db) => removeMessages(db, seqs));
  }

  function hold(message: DecidedMessage): void {
    const queue = held.get(message.workerId) ?? [];
    queue.push(message);
    held.set(message.workerId, queue);
  }

  function send(message: DecidedMessage): void {
    const delivery = deliver(message).finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  }

  return {
    start() {
      for (const { seq, topic, payload } of database.read(unsentMessages)) {
        hold({ seq, topic, payload, workerId: topic.split("/")[1] ?? "" });
      }
    },
    send,
    workerShown(workerId) {
      const queue = held.get(workerId);
      if (queue === undefined) return;
      held.delete(workerId);
      for (const message of queue.filter(isStillDue)) send(message);
      sent.push(...queue.filter((message) => !isStillDue(message)).map(({ seq }) => seq));
      if (sent.length > 0) settling ??= settle();
    },
    waiting: () => [...held.values()].reduce((sum, queue) => sum + queue.length, 0),
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
