import { describe, expect, test } from "bun:test";
import type { ListedWorker } from "../../../src/systems/market/schema/workers";
import { type Fleet, fleetWith } from "../../../static/market/fleet";
import { seenText } from "../../../static/market/name";
import { gpuWords, situationOf, xnmPerMhash } from "../../../static/market/worker-words";

function worker(members: Partial<ListedWorker>): ListedWorker {
  const reputation = {} as ListedWorker["reputation"];
  const hardware = { gpu_count: 1, total_memory_gb: 24, gpus: [], active_gpus: 0 };
  const terms = { price_per_min: 0.6, min_duration_sec: 60, max_duration_sec: 86_400 };
  const blocks = { self_blocks_found: 0, self_blocks_verified: 0, verified_hashrate: null };
  const mined = { ...blocks, current_address: "", current_prefix: "", current_block_pattern: "" };
  const state = { state: "AVAILABLE", hashrate: 1000, last_heartbeat: 100 };
  return { worker_id: "w", eth_address: "", ...hardware, ...terms, ...mined, ...state, reputation, ...members };
}

const fleetOf = (workers: ListedWorker[] | undefined): Fleet => ({
  workers,
  blocks: [],
  heardAt: null,
  fault: undefined,
});

describe("what the feed tells", () => {
  test("changes the workers it tells of and leaves the others the same objects", () => {
    const [a, b] = [worker({ worker_id: "a" }), worker({ worker_id: "b" })];
    const heartbeats = new Map([["a", { hashrate: 5, active_gpus: 2, at: 160 }]]);
    const next = fleetWith(fleetOf([a, b]), { heartbeats, blocks: [] }, 7);
    expect(next.workers).toEqual([{ ...a, hashrate: 5, active_gpus: 2, last_heartbeat: 160 }, b]);
    expect(next.workers![1]).toBe(b);
    expect(next.heardAt).toBe(7);
  });

  test("of workers that are not listed adds none, and before the first list makes none", () => {
    const heartbeats = new Map([["nobody", { hashrate: 5, active_gpus: 2, at: 160 }]]);
    expect(fleetWith(fleetOf([]), { heartbeats, blocks: [] }, 7).workers).toEqual([]);
    expect(fleetWith(fleetOf(undefined), { heartbeats, blocks: [] }, 7).workers).toBeUndefined();
  });

  test("of blocks is kept newest first, fifty at most", () => {
    const blockOf = (n: number) => ({ worker_id: "w", hash: String(n), lease_id: "" });
    const old = { ...fleetOf([]), blocks: Array.from({ length: 50 }, (_, i) => blockOf(i)) };
    const { blocks } = fleetWith(old, { heartbeats: new Map(), blocks: [blockOf(-1)] }, 7);
    expect(blocks.map(({ hash }) => hash).slice(0, 2)).toEqual(["-1", "0"]);
    expect(blocks).toHaveLength(50);
  });
});

describe("words for a worker", () => {
  test.each([
    [{ state: "AVAILABLE" }, "free"],
    [{ state: "LEASED" }, "rented"],
    [{ state: "MINING" }, "rented"],
    [{ state: "SELF_MINING" }, "busy"],
    [{ state: "ERROR" }, "error"],
    [{ state: "offline" }, "away"],
    [{ state: "AVAILABLE", last_heartbeat: 99.9 }, "away"],
  ] as const)("of %o is %s 90 s after second 100", (members, word) => {
    expect(situationOf(worker({ last_heartbeat: 100.1, ...members }), 190).word).toBe(word);
  });

  test("price for a million hashes: 0.6 XNM/min at 1000 H/s is 10 XNM, and without a rate there is none", () => {
    expect(xnmPerMhash({ price_per_min: 0.6, hashrate: 1000 })).toBeCloseTo(10, 12);
    expect(xnmPerMhash({ price_per_min: 0.6, hashrate: 0 })).toBeNull();
  });

  test("a name without a visible character stands in quotes", () => {
    expect([" ", "\u202e", "\u200b\u00a0", "a b", "<b>", "价", "€"].map(seenText)).toEqual([
      ...['" "', '"\u202e"', '"\u200b\u00a0"', "a b", "<b>", "价", "€"],
    ]);
  });

  test("GPUs are counted by kind, whatever a worker lists as one", () => {
    expect(gpuWords([{ name: "NVIDIA GeForce RTX 3080" }, { name: "NVIDIA A100" }, { name: "NVIDIA A100" }])).toBe(
      "2 × A100, RTX 3080",
    );
    expect(gpuWords([null, 7, "RTX", { name: 3 }, { name: " " }, ["RTX"]])).toBe("6 × unnamed GPU");
    expect(gpuWords([])).toBe("");
  });
});
