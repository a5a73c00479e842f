// Long because every fault of disk and network here is told against the same hand-driven broker.
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Packet } from "mqtt-packet";
import { memoryStore, type Store, sqliteStore } from "../../src/mqtt/index";
import { type ManualClock, manualClock } from "../support/manualClock";
import { type HandBroker, handBroker, turnEnds } from "./support/handBroker";

setDefaultTimeout(30_000);

/** Faults that the simulated network or the kills have found, each in the fewest steps that show it. */

const PERSISTENT = { clean: false, properties: { sessionExpiryInterval: 600 } };
const SECOND_MS = 1000;

function publishPacket(messageId: number, topic: string, qos: 1 | 2 = 1, dup = false): Packet {
  return { cmd: "publish", messageId, topic, qos, dup, retain: false, payload: "x".repeat(100) };
}

function subscribePacket(topic: string): Packet {
  return { cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 2, nl: false, rap: false, rh: 0 }] };
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Brokers on one file, each of which ends as a killed process does when the next one begins. */
function mortalBrokers(): { next(): HandBroker } {
  const folder = mkdtempSync(join(tmpdir(), "foresight-mqtt-"));
  folders.push(folder);
  let store: Store | null = null;
  let clock: ManualClock | undefined;
  return {
    next() {
      store?.close();
      store = sqliteStore(join(folder, "mqtt.db"));
      const made = handBroker({ store }, clock === undefined ? undefined : manualClock(clock.now()));
      clock = made.clock;
      return made;
    },
  };
}

function acknowledgedIn(packets: Packet[]): number[] {
  return packets.filter(({ cmd }) => cmd === "puback").map(({ messageId }) => messageId!);
}

/** A store that keeps nothing and says that it always has something to write. */
function busyStore(onCommit: () => void) {
  return { ...memoryStore(), hasWork: () => true, commit: onCommit };
}

test("a socket that drains in the middle of a turn gets no acknowledgement before the commit", async () => {
  let commits = 0;
  const { connect } = handBroker({ store: busyStore(() => commits++) });
  const publisher = connect({ clientId: "publisher", ...PERSISTENT });
  publisher.say(subscribePacket("t"));
  await turnEnds();
  publisher.takes(10);
  publisher.say(publishPacket(1, "t"));
  await turnEnds();
  publisher.written();
  const before = commits;
  publisher.say(publishPacket(2, "t"));
  publisher.drains();
  expect(commits).toBe(before);
  expect(acknowledgedIn(publisher.written())).toEqual([1]);
  await turnEnds();
  expect(commits).toBe(before + 1);
  expect(acknowledgedIn(publisher.written())).toEqual([2]);
});

test("work that ends in the middle of a turn lets no acknowledgement go that waits for other work", async () => {
  const works: PromiseWithResolvers<void>[] = [];
  const { broker, connect } = handBroker();
  broker.client("inside").subscribe("work", () => {
    const work = Promise.withResolvers<void>();
    works.push(work);
    return work.promise;
  });
  const publisher = connect({ clientId: "publisher" });
  await turnEnds();
  publisher.written();
  publisher.say(publishPacket(1, "work"));
  await turnEnds();
  works[0]!.resolve();
  publisher.say(publishPacket(2, "work"));
  await turnEnds();
  expect(publisher.written()).toMatchObject([{ cmd: "puback", messageId: 1 }]);
  await turnEnds();
  expect(publisher.written()).toEqual([]);
  works[1]!.resolve();
  await turnEnds();
  expect(publisher.written()).toMatchObject([{ cmd: "puback", messageId: 2 }]);
});

test("a will whose delay is over goes out although its client comes back before the broker has looked", async () => {
  const { broker, clock, connect } = handBroker();
  const wills: string[] = [];
  broker.client("inside").subscribe("will", ({ payload }) => void wills.push(Buffer.from(payload).toString()));
  const will = { topic: "will", payload: Buffer.from("gone"), properties: { willDelayInterval: 2 } };
  const first = connect({ clientId: "a", ...PERSISTENT, will });
  await turnEnds();
  // The broker looks at times that are whole quarters of a second.
  clock.advance(100);
  first.breaks();
  clock.advance(2 * SECOND_MS + 1);
  connect({ clientId: "a", ...PERSISTENT });
  await turnEnds();
  expect(wills).toEqual(["gone"]);
});

test("a session whose time is over is not resumed although the broker has not looked yet", async () => {
  const { clock, connect } = handBroker();
  const brief = { clientId: "a", clean: false, properties: { sessionExpiryInterval: 1 } };
  clock.advance(100);
  const first = connect(brief);
  await turnEnds();
  first.breaks();
  clock.advance(SECOND_MS + 1);
  const second = connect(brief);
  await turnEnds();
  expect(second.written()).toMatchObject([{ cmd: "connack", sessionPresent: false }]);
});

test.each([1, 50])(
  "a QoS 2 message reaches nobody before its identifier is on disk (receive maximum %d)",
  async (max) => {
    let isFull = false;
    const refuse = (): void => {
      if (isFull) throw new Error("the disk is full");
    };
    const { clock, connect } = handBroker({ store: busyStore(refuse) });
    const reader = connect({ clientId: "reader", properties: { receiveMaximum: max } });
    const writer = connect({ clientId: "writer", ...PERSISTENT });
    reader.say(subscribePacket("t"));
    await turnEnds();
    writer.say(publishPacket(1, "t"));
    await turnEnds();
    reader.written();
    isFull = true;
    writer.say(publishPacket(2, "t", 2));
    await turnEnds();
    // Now its window has room for the second message also where it has room for one alone.
    reader.say({ cmd: "puback", messageId: 1 });
    await turnEnds();
    clock.advance(SECOND_MS);
    expect(reader.written()).toEqual([]);
    isFull = false;
    clock.advance(SECOND_MS);
    await turnEnds();
    expect(reader.written()).toMatchObject([{ cmd: "publish", qos: 2 }]);
  },
);

test("a QoS 2 message that comes again is not confirmed before the work on it is done", async () => {
  const { broker, connect } = handBroker();
  const work = Promise.withResolvers<void>();
  broker.client("inside").subscribe("work", () => work.promise);
  const first = connect({ clientId: "a", ...PERSISTENT });
  await turnEnds();
  first.say(publishPacket(1, "work", 2));
  await turnEnds();
  first.breaks();
  const second = connect({ clientId: "a", ...PERSISTENT });
  await turnEnds();
  second.written();
  second.say(publishPacket(1, "work", 2, true));
  await turnEnds();
  expect(second.written()).toEqual([]);
  work.resolve();
  await turnEnds();
  expect(second.written()).toMatchObject([{ cmd: "pubrec", messageId: 1 }]);
});

/** A broker whose disk refuses until it is healed, and work in its process that lasts until it is done. */
function slowEverything() {
  const work = Promise.withResolvers<void>();
  let isFull = true;
  const hand = handBroker({
    store: busyStore(() => {
      if (isFull) throw new Error("the disk is full");
    }),
  });
  hand.broker.client("inside").subscribe("work", () => work.promise);
  return {
    ...hand,
    async finishWork() {
      work.resolve();
      await turnEnds();
    },
    async healDisk() {
      isFull = false;
      hand.clock.advance(SECOND_MS);
      await turnEnds();
    },
    async breakDisk() {
      isFull = true;
    },
  };
}

describe.each(["finishWork", "healDisk"] as const)(
  "what waits for work and for the disk, of which comes first %s,",
  (first) => {
    const second = first === "healDisk" ? "finishWork" : "healDisk";

    test("goes out after both", async () => {
      const slow = slowEverything();
      await slow.healDisk();
      const publisher = slow.connect({ clientId: "a", ...PERSISTENT });
      publisher.say(subscribePacket("work"));
      await turnEnds();
      publisher.written();
      await slow.breakDisk();
      publisher.say(publishPacket(1, "work"));
      await turnEnds();
      await slow[first]();
      expect(publisher.written()).toEqual([]);
      await slow[second]();
      expect(acknowledgedIn(publisher.written())).toEqual([1]);
    });

    test("and has come for the second time goes out after both", async () => {
      const slow = slowEverything();
      await slow.healDisk();
      const before = slow.connect({ clientId: "a", ...PERSISTENT });
      await turnEnds();
      before.say(publishPacket(1, "work", 2));
      await turnEnds();
      before.breaks();
      const publisher = slow.connect({ clientId: "a", ...PERSISTENT });
      await turnEnds();
      publisher.written();
      await slow.breakDisk();
      publisher.say(publishPacket(1, "work", 2, true), { cmd: "pingreq" });
      await turnEnds();
      await slow[first]();
      expect(publisher.written()).toEqual([]);
      await slow[second]();
      expect(publisher.written()).toMatchObject([{ cmd: "pubrec", messageId: 1 }, { cmd: "pingresp" }]);
    });
  },
);

describe("when the process is killed", () => {
  const will = { topic: "will", payload: Buffer.from("gone") };

  /** What comes to the topic "will" of a broker. */
  function willsOf({ broker }: HandBroker): string[] {
    const seen: string[] = [];
    broker.client("inside").subscribe("will", ({ payload }) => void seen.push(Buffer.from(payload).toString()));
    return seen;
  }

  test("work that was cut off is done when the QoS 2 message comes again, and sessions get it once", async () => {
    const lives = mortalBrokers();
    const before = lives.next();
    before.broker.client("inside").subscribe("work", () => new Promise<void>(() => undefined));
    const reader = before.connect({ clientId: "reader", ...PERSISTENT });
    reader.say(subscribePacket("work"));
    const writer = before.connect({ clientId: "writer", ...PERSISTENT });
    await turnEnds();
    reader.breaks();
    writer.say(publishPacket(1, "work", 2));
    await turnEnds();

    const after = lives.next();
    const worked: string[] = [];
    after.broker.client("inside").subscribe("work", async ({ topic }) => void worked.push(topic));
    const again = after.connect({ clientId: "writer", ...PERSISTENT });
    again.say(publishPacket(1, "work", 2, true));
    await turnEnds();
    await turnEnds();
    expect(worked).toEqual(["work"]);
    expect(again.written()).toMatchObject([{ cmd: "connack", sessionPresent: true }, { cmd: "pubrec" }]);
    const returned = after.connect({ clientId: "reader", ...PERSISTENT });
    await turnEnds();
    expect(returned.written().filter(({ cmd }) => cmd === "publish")).toHaveLength(1);
  });

  test("the will of a session that was connected goes out after the restart, and once", async () => {
    const lives = mortalBrokers();
    const before = lives.next();
    before.connect({ clientId: "a", ...PERSISTENT, will });
    await turnEnds();
    const after = lives.next();
    const seen = willsOf(after);
    after.clock.advance(SECOND_MS);
    await turnEnds();
    expect(seen).toEqual(["gone"]);
    const later = lives.next();
    const more = willsOf(later);
    later.clock.advance(SECOND_MS);
    await turnEnds();
    expect(more).toEqual([]);
  });

  test("a will that waits for its delay goes on waiting, and is forgotten when its client comes back", async () => {
    const lives = mortalBrokers();
    const before = lives.next();
    const delayed = { ...will, properties: { willDelayInterval: 10 } };
    const clients = ["stays away", "comes back"].map((clientId) =>
      before.connect({ clientId, ...PERSISTENT, will: { ...delayed, payload: Buffer.from(clientId) } }),
    );
    await turnEnds();
    for (const client of clients) client.breaks();
    await turnEnds();
    before.clock.advance(6 * SECOND_MS);
    const after = lives.next();
    const seen = willsOf(after);
    after.connect({ clientId: "comes back", ...PERSISTENT });
    after.clock.advance(3 * SECOND_MS);
    await turnEnds();
    expect(seen).toEqual([]);
    after.clock.advance(2 * SECOND_MS);
    await turnEnds();
    expect(seen).toEqual(["stays away"]);
  });

  test("a client that had said DISCONNECT leaves no will", async () => {
    const lives = mortalBrokers();
    const client = lives.next().connect({ clientId: "a", ...PERSISTENT, will });
    await turnEnds();
    client.say({ cmd: "disconnect" });
    await turnEnds();
    const after = lives.next();
    const seen = willsOf(after);
    after.clock.advance(SECOND_MS);
    await turnEnds();
    expect(seen).toEqual([]);
  });

  test("the days of a session that was connected are counted from the restart", async () => {
    const lives = mortalBrokers();
    const before = lives.next();
    before.connect({ clientId: "a", ...PERSISTENT });
    await turnEnds();
    const after = lives.next();
    after.clock.advance(599 * SECOND_MS);
    expect(after.broker.stats().sessions).toBe(1);
    after.clock.advance(2 * SECOND_MS);
    expect(after.broker.stats().sessions).toBe(0);
  });
});
