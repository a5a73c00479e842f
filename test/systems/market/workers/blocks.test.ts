import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { until } from "../../../support/until";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.close());

/** Where consumer-1 wants its coins. */
const ADDRESS = "0xaabbccddee1234567890abcdef1234567890abcd";
const rent = (more: Record<string, unknown> = {}) =>
  market.post("/api/rent", { consumer_id: "consumer-1", consumer_address: ADDRESS, duration_sec: 600, ...more });

describe("blocks", () => {
  let lease: { lease_id: string; prefix: string };
  const key = (start: string, tail: number) => start + tail.toString(16).padStart(64 - start.length, "0");
  const say = (more: Record<string, unknown>, workerId = "w1") =>
    market.report(workerId, "block", {
      lease_id: lease.lease_id,
      hash: "$argon2id$XEN11",
      account: "0xcdcd",
      attempts: 150000,
      hashrate: "1250.75",
      ...more,
    });
  const counts = async () => ({
    kept: (await market.get("/api/status")).body.total_blocks,
    ofLease: (await market.get(`/api/leases/${lease.lease_id}`)).body.blocks_found,
    verified: (await market.get("/api/workers/w1/reputation")).body.breakdown.block_detail.verified_blocks,
  });

  beforeEach(async () => {
    await market.register("w1");
    await market.register("w2");
    lease = (await rent({ worker_id: "w1" })).body;
  });

  test("with the lease's prefix and on the chain count, and are told with both flags", async () => {
    const good = key(lease.prefix.toUpperCase(), 1);
    market.chain.mine(good, { account: ADDRESS });
    await market.clock.advance(2000);
    await say({ key: good });
    expect(await counts()).toEqual({ kept: 1, ofLease: 1, verified: 1 });
    expect((await market.get(`/api/blocks?lease_id=${lease.lease_id}`)).body).toEqual([
      {
        lease_id: lease.lease_id,
        worker_id: "w1",
        hash: "$argon2id$XEN11",
        key: good,
        account: "0xcdcd",
        attempts: 150000,
        hashrate: "1250.75",
        prefix_valid: true,
        chain_verified: true,
        chain_block_id: 1,
        timestamp: market.clock.now() / 1000,
      },
    ]);
  });

  test("with the wrong prefix or not on the chain are kept and do not count", async () => {
    const foreign = key("ffff", 1);
    market.chain.mine(foreign, { account: ADDRESS });
    await say({ key: foreign });
    await say({ key: key(lease.prefix, 2) });
    expect(await counts()).toEqual({ kept: 2, ofLease: 0, verified: 1 });
    const { body } = await market.get("/api/blocks");
    expect(
      body.items.map((block: Record<string, unknown>) => [
        block["prefix_valid"],
        block["chain_verified"],
        block["chain_block_id"],
      ]),
    ).toEqual([
      [true, false, null],
      [false, true, 1],
    ]);
  });

  test("defect 10: a key counts once, however often it is told; under another lease it does not count again", async () => {
    const good = key(lease.prefix, 3);
    market.chain.mine(good, { account: ADDRESS });
    await Promise.all(Array.from({ length: 20 }, () => say({ key: good })));
    expect(await counts()).toEqual({ kept: 1, ofLease: 1, verified: 1 });
    await say({ key: good, lease_id: "" });
    await market.post("/api/stop", { lease_id: lease.lease_id });
    lease = (await rent({ worker_id: "w1" })).body;
    await say({ key: good });
    expect(await counts()).toEqual({ kept: 2, ofLease: 0, verified: 1 });
  });

  test("defect 10: unknown and foreign leases are dropped, an ended one is kept without counting", async () => {
    const good = key(lease.prefix, 4);
    market.chain.mine(good, { account: ADDRESS });
    await say({ key: good, lease_id: "lease-unknown" });
    await say({ key: good }, "w2");
    expect(await counts()).toEqual({ kept: 0, ofLease: 0, verified: 0 });
    await market.post("/api/stop", { lease_id: lease.lease_id });
    await say({ key: good });
    expect(await counts()).toEqual({ kept: 1, ofLease: 0, verified: 1 });
  });

  test("a report before the submission waits, counts when the chain has the block, and once", async () => {
    const early = key(lease.prefix, 7);
    await say({ key: early });
    await say({ key: early });
    expect(await counts()).toEqual({ kept: 1, ofLease: 0, verified: 0 });
    market.chain.mine(early, { account: ADDRESS, worker: "w1" });
    await until(async () => (await counts()).ofLease === 1, "the block to count");
    await say({ key: early });
    expect(await counts()).toEqual({ kept: 1, ofLease: 1, verified: 1 });
    const [told] = (await market.get(`/api/blocks?lease_id=${lease.lease_id}`)).body;
    expect(told).toMatchObject({ chain_verified: true, chain_block_id: 1 });
  });

  test("what was reported in time counts up to ten minutes after the lease's end, in the receipt too", async () => {
    const [soon, late] = [key(lease.prefix, 8), key(lease.prefix, 9)];
    await say({ key: soon });
    await say({ key: late });
    await market.post("/api/stop", { lease_id: lease.lease_id });
    await market.clock.advance(599_000);
    market.chain.mine(soon, { account: ADDRESS });
    const receipt = async () => (await market.get(`/api/leases/${lease.lease_id}`)).body.settlement.blocks_found;
    await until(async () => (await receipt()) === 1, "the receipt");
    await market.clock.advance(2000);
    market.chain.mine(late, { account: ADDRESS });
    await say({ key: late });
    expect(await counts()).toEqual({ kept: 2, ofLease: 1, verified: 1 });
  });

  test("a resend heals what no event told: the chain had it while the market was away", async () => {
    const early = key(lease.prefix, 10);
    await say({ key: early });
    market.chain.keys.set(early, { blockId: 7, account: ADDRESS, worker: "" });
    await say({ key: early });
    expect(await counts()).toEqual({ kept: 1, ofLease: 1, verified: 1 });
  });

  test("a block paid to another address or found by another worker is on the chain and does not count", async () => {
    const [kept, taken, cased] = [key(lease.prefix, 11), key(lease.prefix, 12), key(lease.prefix, 13)];
    market.chain.mine(kept, { account: `0x${"ab".repeat(20)}`, worker: "w1" });
    market.chain.mine(taken, { account: ADDRESS, worker: "w2" });
    market.chain.mine(cased, { account: ADDRESS.toUpperCase(), worker: "w1" });
    for (const one of [kept, taken]) await say({ key: one });
    expect(await counts()).toEqual({ kept: 2, ofLease: 0, verified: 2 });
    await say({ key: cased });
    expect(await counts()).toEqual({ kept: 3, ofLease: 1, verified: 3 });
    const self = key("ab", 14);
    market.chain.mine(self, { account: `0x${"dd".repeat(20)}`, worker: "w2" });
    await say({ key: self, lease_id: "" });
    const [w1] = (await market.get("/api/workers")).body;
    expect([w1.self_blocks_found, w1.self_blocks_verified]).toEqual([1, 0]);
  });

  test("defect 10: self-mined blocks are looked up on the chain and count as verified only when they are there", async () => {
    const good = key("ab", 5);
    market.chain.mine(good, { account: ADDRESS });
    await say({ key: good, lease_id: "" }, "w2");
    await say({ key: key("ab", 6), lease_id: "" }, "w2");
    expect((await market.get("/api/status")).body.self_mined_blocks).toBe(2);
    const { body } = await market.get("/api/workers");
    expect([body[1].self_blocks_found, body[1].self_blocks_verified]).toEqual([2, 1]);
    const flags = (await market.get("/api/blocks/self-mined?worker_id=w2")).body.items;
    expect(flags.map((block: Record<string, unknown>) => block["chain_verified"])).toEqual([false, true]);
    expect((await market.get("/api/blocks/self-mined?worker_id=w1")).body.total).toBe(0);
  });

  test("without a chain every block counts as verified, with no id", async () => {
    const alone = await openMarket({ chain: undefined });
    await alone.register("w1");
    const { body } = await alone.post("/api/rent", { consumer_id: "consumer-1" });
    await alone.report("w1", "block", { lease_id: body.lease_id, key: key(body.prefix, 1) });
    const told = await alone.get(`/api/blocks?lease_id=${body.lease_id}`);
    expect(told.body[0]).toMatchObject({ chain_verified: true, chain_block_id: null, prefix_valid: true });
    expect((await alone.get("/api/overview/network")).body).toMatchObject({ difficulty: 0, chain_blocks: 0 });
    await alone.close();
  });

  test("the lease tells its blocks oldest first, everything else newest first", async () => {
    for (const tail of [1, 2, 3]) await say({ key: key(lease.prefix, tail) });
    const tails = (blocks: { key: string }[]) => blocks.map((block) => Number.parseInt(block.key.slice(-4), 16));
    expect(tails((await market.get(`/api/leases/${lease.lease_id}`)).body.blocks)).toEqual([1, 2, 3]);
    expect(tails((await market.get("/api/blocks")).body.items)).toEqual([3, 2, 1]);
    expect(tails((await market.get("/api/blocks?limit=1&offset=1")).body.items)).toEqual([2]);
    expect(tails((await market.get("/api/monitoring/blocks/recent?limit=2")).body)).toEqual([3, 2]);
    for (const limit of [0, 201])
      expect((await market.get(`/api/monitoring/blocks/recent?limit=${limit}`)).status).toBe(422);
  });
});
