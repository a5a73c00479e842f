import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Lease } from "../../../src/platform/queue/entry";
import { createQueue } from "../../../src/platform/queue/queue";
import { atTestEnd } from "../../support/endings";
import { type StorageUnderTest, stopPostgres, storages } from "../../support/storages";

setDefaultTimeout(30_000);
afterAll(stopPostgres);

const LEASE_MS = 400;

async function open(make: () => Promise<StorageUnderTest>) {
  const under = await make();
  atTestEnd(() => under[Symbol.asyncDispose]());
  const queue = createQueue(under.storage, LEASE_MS);
  const add = (id: string, owner: string, more: { priority?: number; dueAtMs?: number } = {}) =>
    under.storage.transact((db) => queue.add(db, { queue: "q", id, owner, priority: 0, ...more }));
  const claim = (most = 1, worker = "w1", mostPerOwner = 0): Promise<Lease[]> =>
    queue.claim({ queue: "q", worker, most, mostPerOwner }, async () => undefined);
  const settle = (lease: Lease) => under.storage.transact((db) => queue.settle(db, "q", lease));
  return { ...under, queue, add, claim, settle };
}

describe.each(storages)("a queue on %s", (_, make) => {
  test("the highest priority goes first, then the oldest", async () => {
    const { add, claim, pass } = await open(make);
    for (const [id, priority] of [
      ["old", 0],
      ["young", 0],
      ["urgent", 9],
    ] as const) {
      await add(id, "a", { priority });
      await pass(5);
    }
    const taken = await claim(3);
    expect(taken.map(({ id }) => id)).toEqual(["urgent", "old", "young"]);
  });

  // bull#1409, graphile/worker#331: somebody who queues thousands must not make the next one wait for all of them.
  test("who comes after somebody with a long queue is served next", async () => {
    const { add, claim, settle, pass } = await open(make);
    for (let i = 0; i < 60; i++) await add(`a${i}`, "a");
    const [running] = await claim();
    await pass(5);
    await add("b0", "b");
    expect((await claim()).map(({ owner }) => owner)).toEqual(["b"]);
    await settle(running!);
    await pass(5);
    await add("c0", "c");
    // Nobody of a or c runs: c has waited shorter than a, who was served before.
    expect((await claim()).map(({ owner }) => owner)).toEqual(["a"]);
    expect((await claim()).map(({ owner }) => owner)).toEqual(["c"]);
  });

  test("one owner has no more leases than he may", async () => {
    const { add, claim } = await open(make);
    for (let i = 0; i < 5; i++) await add(`a${i}`, "a");
    expect(await claim(5, "w1", 2)).toHaveLength(2);
    expect(await claim(5, "w2", 2)).toHaveLength(0);
  });

  test("what is due later is not taken before, and then it is", async () => {
    const { add, claim, queue, pass, storage } = await open(make);
    const now = await storage.read((db) => storage.nowMs(db));
    await add("later", "a", { dueAtMs: now + 300 });
    expect(await claim()).toEqual([]);
    expect(await queue.nextDueMs("q")).toBeWithin(1, 301);
    await pass(320);
    expect((await claim()).map(({ id }) => id)).toEqual(["later"]);
  });

  test("a lease that is not renewed lapses, and its first holder can settle nothing any more", async () => {
    const { add, claim, settle, queue, pass } = await open(make);
    await add("one", "a");
    const [first] = await claim(1, "dead");
    const decided: Lease[] = [];
    const decide: Parameters<typeof queue.reclaim>[1] = async (db, lease) => {
      decided.push(lease);
      await queue.release(db, "q", lease, 0);
    };
    expect(await queue.reclaim("q", decide)).toBe(0);
    await pass(LEASE_MS + 50);
    expect(await queue.reclaim("q", decide)).toBe(1);
    expect(decided).toEqual([first!]);
    const [second] = await claim(1, "alive");
    expect(second!.number).toBe(first!.number + 1);
    expect(await settle(first!)).toBe(false);
    expect(await settle(second!)).toBe(true);
    expect(await queue.figures("q")).toEqual({ ready: 0, delayed: 0, leased: 0 });
  });

  test("a renewed lease does not lapse; who renews too late is told", async () => {
    const { add, claim, queue, pass } = await open(make);
    await add("one", "a");
    await claim();
    await pass(LEASE_MS - 150);
    expect(await queue.renew({ queue: "q", worker: "w1", ids: ["one"] })).toEqual([]);
    await pass(LEASE_MS - 150);
    expect(await queue.reclaim("q", async () => undefined)).toBe(0);
    await pass(LEASE_MS);
    expect(await queue.renew({ queue: "q", worker: "w1", ids: ["one"] })).toEqual(["one"]);
    expect(await queue.renew({ queue: "q", worker: "another", ids: ["one"] })).toEqual(["one"]);
  });

  test("many who take at the same time get each entry once", async () => {
    const { add, claim } = await open(make);
    for (let i = 0; i < 40; i++) await add(`e${i}`, `owner${i % 4}`);
    const taken = await Promise.all(Array.from({ length: 8 }, (_, worker) => claim(10, `w${worker}`)));
    const ids = taken.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await claim(40, "last");
    expect(new Set([...ids, ...rest.map(({ id }) => id)]).size).toBe(40);
  });

  test("what begin throws takes the claim back", async () => {
    const { add, claim, queue } = await open(make);
    await add("one", "a");
    const failing = queue.claim({ queue: "q", worker: "w1", most: 1, mostPerOwner: 0 }, async () => {
      throw new Error("no");
    });
    expect(await failing.catch((error: Error) => error.message)).toBe("no");
    expect(await claim()).toHaveLength(1);
  });
});
