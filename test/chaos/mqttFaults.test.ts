import { expect, test } from "bun:test";
import type { Packet } from "mqtt-packet";
import { memoryStore } from "../../src/mqtt/index";
import { handBroker, turnEnds } from "./support/handBroker";

/** Faults that the simulated network or the kills have found, each in the fewest steps that show it. */

const PERSISTENT = { clean: false, properties: { sessionExpiryInterval: 600 } };
const SECOND_MS = 1000;

function publishPacket(messageId: number, topic: string, qos: 1 | 2 = 1): Packet {
  return { cmd: "publish", messageId, topic, qos, dup: false, retain: false, payload: "x".repeat(100) };
}

function subscribePacket(topic: string): Packet {
  return { cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 2, nl: false, rap: false, rh: 0 }] };
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
