import { describe, expect, test } from "bun:test";
import { matchWorker } from "../../../../src/systems/market/rules/matching";
import { nanoOf } from "../../../../src/systems/market/rules/money";
import { cheapestFree, gpuLabel, offers } from "../../../../src/systems/market/rules/offers";
import type { Worker } from "../../../../src/systems/market/rules/worker";
import { aWorker } from "./workers";

const LATER = 1_000_000;
const online = { lastHeartbeatMs: LATER - 1000 };
const nobody = () => false;

function byId(...workers: Worker[]): Map<string, Worker> {
  return new Map(workers.map((worker) => [worker.workerId, worker]));
}

function matched(workers: Worker[], workerId: string | null, durationSec = 60, isTaken = (_: string) => false) {
  const match = matchWorker(byId(...workers), { workerId, durationSec }, isTaken, LATER);
  return match !== undefined && "worker" in match ? match.worker.workerId : match;
}

describe("matching", () => {
  test("takes the first free worker in the order of registration", () => {
    expect(matched([aWorker("b", online), aWorker("a", online)], null)).toBe("b");
    expect(matched([aWorker("b", { ...online, state: "IDLE" }), aWorker("a", online)], null)).toBe("a");
  });

  test("both halves count: the state says AVAILABLE and no lease is active", () => {
    expect(matched([aWorker("a", { ...online, activeLeaseId: "lease-1" })], "a")).toBeUndefined();
    expect(matched([aWorker("a", { ...online, state: "LEASED" })], "a")).toBeUndefined();
    expect(matched([aWorker("a", online)], "a", 60, () => true)).toBeUndefined();
  });

  test("an unknown worker is no match", () => expect(matched([aWorker("a")], "z")).toBeUndefined());

  test("defect 12: a worker that is online goes before one that is not, and one that is not is still let", () => {
    expect(matched([aWorker("gone"), aWorker("here", online)], null)).toBe("here");
    expect(matched([aWorker("gone")], null)).toBe("gone");
    expect(matched([aWorker("gone"), aWorker("here", online)], "gone")).toBe("gone");
  });

  test("defect 8: a worker is not let beyond its longest duration", () => {
    const short = aWorker("short", { ...online, maxDurationSec: 100 });
    expect(matched([short], null, 101)).toEqual({ refused: "Duration above maximum (100s)" });
    expect(matched([short], null, 100)).toBe("short");
    expect(matched([short, aWorker("long", online)], null, 101)).toBe("long");
  });
});

describe("offers", () => {
  const a = aWorker("a", { ...online, pricePerMin: nanoOf(2), hashrate: 100, gpuCount: 1, totalMemoryGb: 8 });
  const b = aWorker("b", {
    ...online,
    pricePerMin: nanoOf(1),
    hashrate: 300,
    gpuCount: 4,
    totalMemoryGb: 80,
    gpus: [{ name: "A100" }, 7],
  });
  const c = aWorker("c", { pricePerMin: nanoOf(1), hashrate: 200, gpuCount: 2, totalMemoryGb: 16, state: "MINING" });
  const all = [c, a, b];
  const listed = (query: Partial<Parameters<typeof offers>[1]>) =>
    offers(all, { sortBy: "none", availableOnly: false, ...query }, LATER)
      .map(({ workerId }) => workerId)
      .join("");

  test("are sorted by price upwards, by everything else downwards, by an unknown word not at all", () => {
    expect(listed({ sortBy: "price" })).toBe("bca");
    expect(listed({ sortBy: "hashrate" })).toBe("bca");
    expect(listed({ sortBy: "gpus" })).toBe("bca");
    expect(listed({ sortBy: "memory" })).toBe("bca");
    expect(listed({ sortBy: "toString" })).toBe("cab");
  });

  test("of equals the one that is online goes first, else the one that registered first", () => {
    expect(offers([c, b], { sortBy: "price", availableOnly: false }, LATER)[0]).toBe(b);
    const twins = [aWorker("x", online), aWorker("y", online)];
    expect(offers(twins, { sortBy: "price", availableOnly: true }, LATER)).toEqual(twins);
  });

  test("limits are inclusive and a GPU is found by a part of its name in any case", () => {
    expect(listed({ minHashrate: 200 })).toBe("cb");
    expect(listed({ maxPrice: nanoOf(1) })).toBe("cb");
    expect(listed({ minGpus: 2 })).toBe("cb");
    expect(listed({ gpuType: "a100" })).toBe("b");
    expect(listed({ availableOnly: true })).toBe("ab");
  });

  test("the cheapest free worker is one that is online, if there is one", () => {
    const gone = aWorker("gone", { pricePerMin: 0n });
    expect(cheapestFree([gone, a, b], 0, LATER)?.workerId).toBe("b");
    expect(cheapestFree([gone], 0, LATER)?.workerId).toBe("gone");
    expect(cheapestFree([gone], 1, LATER)).toBeUndefined();
    expect(matchWorker(byId(), { workerId: null, durationSec: 1 }, nobody, LATER)).toBeUndefined();
  });
});

test("a worker's GPUs are told in a few words", () => {
  const named = (...names: string[]) => gpuLabel(names.map((name) => ({ name })));
  expect(named()).toBe("GPU");
  expect(named("NVIDIA GeForce RTX 4090")).toBe("RTX 4090");
  expect(named(...Array(6).fill("NVIDIA GeForce RTX 4090"))).toBe("6x RTX 4090");
  expect(named("NVIDIA GeForce RTX 4090", "RTX 3080", "RTX 3080")).toBe("RTX 4090 + 2x RTX 3080");
  expect(named("a", "b", "b", "b", "b")).toBe("5x (mixed)");
  expect(named("a", "b", "c")).toBe("3x (mixed)");
});
