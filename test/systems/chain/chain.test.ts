import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load";
import { openDataFolder } from "../../../src/platform/database";
import { createChainSystem } from "../../../src/systems/chain";
import { block, chainWith, clock, log, newKey, openTestDatabase, time } from "./chainBench";

const folder = mkdtempSync(join(tmpdir(), "chain-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the chain's RPC", () => {
  let chain: Awaited<ReturnType<typeof chainWith>>;
  beforeAll(async () => {
    chain = await chainWith();
  });
  afterAll(() => chain.close());

  test("the difficulty is text, as miners need it", async () => {
    expect(await chain.call("/difficulty")).toEqual({ status: 200, body: { difficulty: "1727" } });
  });

  test("a good block is accepted once, told by its kind and number, and stands in the list", async () => {
    const good = block({ attempts: 150000.5 });
    const accepted = { status: "success", message: "Block accepted: normal #1", block_type: "normal", block_id: 1 };
    expect(await chain.call("/verify", good)).toEqual({ status: 200, body: accepted });
    expect(await chain.call("/verify", good)).toEqual({
      status: 409,
      body: { status: "error", message: "Key already exists" },
    });
    const { body } = await chain.call("/getblocks/lastblock");
    expect(body).toEqual([
      {
        block_id: 1,
        account: "0xCDcd",
        key: good.key,
        hash_to_verify: "aaXEN11bb",
        block_type: "normal",
        attempts: 0,
        hashes_per_second: "1250.75",
        worker: "w1",
        timestamp: time.nowMs / 1000,
      },
    ]);
  });

  test("what is wrong is told in the miner's order, with 500, so that it tries again", async () => {
    const wrong: [Record<string, unknown>, string][] = [
      [block({ key: undefined }), "Key is empty"],
      [block({ key: 12 }), "Key too short: 2 chars (need >= 64)"],
      [block({ key: "z".repeat(64) }), "Key contains non-hex characters"],
      [block({ hash_to_verify: "nothing" }), "Hash does not contain valid block marker (XEN11 or XUNI)"],
      [{}, "Key is empty"],
    ];
    for (const [submission, message] of wrong) {
      expect(await chain.call("/verify", submission)).toEqual({ status: 500, body: { status: "error", message } });
    }
  });

  test("bodies that are no object are refused with 422", async () => {
    for (const body of ["[]", "7", "{", "", '"x"', "null"])
      expect((await chain.call("/verify", body)).status).toBe(422);
    expect((await chain.call("/verify", block({ worker: "w".repeat(257) }))).status).toBe(422);
  });

  test("rewards go to the account in any case; unknown addresses have nothing", async () => {
    await chain.call("/verify", block({ account: "0xAB", hash_to_verify: `XEN11${"Q".repeat(50)}` }));
    await chain.call("/verify", block({ account: "0xab", hash_to_verify: "XUNI1" }));
    expect((await chain.call("/balance/0xaB")).body).toEqual({ address: "0xaB", balance: 51 });
    expect((await chain.call("/balance/0xnobody")).body).toEqual({ address: "0xnobody", balance: 0 });
    expect((await chain.call("/chain/stats")).body).toEqual({
      total_blocks: 3,
      normal_blocks: 1,
      super_blocks: 1,
      xuni_blocks: 1,
      difficulty: 1727,
      unique_miners: 2,
      next_block_id: 4,
    });
  });

  test("blocks are found by account or by key prefix, newest first, the account first of all", async () => {
    const prefixed = newKey("DEADbeef");
    await chain.call("/verify", block({ key: prefixed, account: "0xZZ" }));
    const ids = async (query: string) => {
      const { body } = await chain.call(`/chain/blocks${query}`);
      return (body as { block_id: number }[]).map(({ block_id }) => block_id);
    };
    expect(await ids("?prefix=deadBEEF")).toEqual([4]);
    expect(await ids("?account=0xAB&prefix=deadbeef")).toEqual([3, 2]);
    expect(await ids("?prefix=xyz")).toEqual([]);
    expect(await ids("?limit=2")).toEqual([3, 4]);
    expect(await ids("")).toEqual([1, 2, 3, 4]);
  });

  test("defect 14: a limit below 1 or above 1000 is refused", async () => {
    for (const limit of ["0", "-1", "1001", "x", "1e30"]) {
      expect((await chain.call(`/chain/blocks?limit=${limit}`)).status).toBe(422);
    }
  });

  test("any proof of work is taken", async () => {
    expect((await chain.call("/send_pow", { block_id: 7 })).body).toEqual({
      status: "success",
      message: "PoW accepted (mock)",
      block_id: 7,
    });
    expect((await chain.call("/send_pow", {})).body.block_id).toBe(0);
  });
});

test("a hundred miners with one key: one of them gets the block", async () => {
  const chain = await chainWith();
  const same = block();
  const answers = await Promise.all(Array.from({ length: 100 }, () => chain.call("/verify", same)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(99).fill(409)]);
  await chain.close();
});

test("the difficulty rises after every full interval, under a hundred parallel miners too", async () => {
  const chain = await chainWith({ CHAIN_ADJUST_INTERVAL: "50" });
  await Promise.all(Array.from({ length: 100 }, () => chain.call("/verify", block())));
  expect((await chain.call("/difficulty")).body.difficulty).toBe("1903");
  const ids = ((await chain.call("/chain/blocks?limit=1000")).body as { block_id: number }[]).map(
    (row) => row.block_id,
  );
  expect(ids).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  await chain.close();
});

test("a marker of one's own makes easy blocks", async () => {
  const chain = await chainWith({ BLOCK_MARKER: "Z" });
  expect((await chain.call("/verify", block({ hash_to_verify: "aZa" }))).status).toBe(200);
  expect((await chain.call("/verify", block({ hash_to_verify: "XEN11" }))).status).toBe(500);
  await chain.close();
});

test("XUNI outside its window is refused with 400, when the window is on", async () => {
  const chain = await chainWith({ CHAIN_XUNI_WINDOW: "true" });
  const { status, body } = await chain.call("/verify", block({ hash_to_verify: "XUNI5" }));
  expect([status, body.message]).toEqual([400, "XUNI block outside of time window"]);
  time.nowMs += 27 * 60_000;
  expect((await chain.call("/verify", block({ hash_to_verify: "XUNI5" }))).status).toBe(200);
  await chain.close();
});

describe("defect 25: a restart", () => {
  async function openChain(folderName: string, environment: Record<string, string> = {}) {
    const { values: config } = loadConfig({ environment: { CHAIN_ADJUST_INTERVAL: "1", ...environment } });
    const data = openDataFolder(join(folder, folderName));
    const opened = await openTestDatabase(data);
    const system = createChainSystem({ config, clock, log, database: opened });
    await system.start();
    async function submit(key: string) {
      const init = { method: "POST", body: JSON.stringify(block({ key })) };
      return (await system.routes.handle(new Request("http://localhost/verify", init))).status;
    }
    async function close() {
      await system.stop();
      await opened.close();
      data.release();
    }
    return { ...system.chain, submit, close };
  }

  test("keeps blocks, rewards and difficulty", async () => {
    const key = newKey();
    const before = await openChain("kept");
    expect(await before.submit(key)).toBe(200);
    await before.close();
    const after = await openChain("kept");
    expect([after.blockOfKey(key)?.blockId, after.difficulty(), after.blockCount()]).toEqual([1, 1813, 1]);
    expect(await after.submit(key)).toBe(409);
    await after.close();
  });

  test("forgets all when the chain is in memory", async () => {
    const key = newKey();
    for (const _start of [1, 2]) {
      const chain = await openChain("forgotten", { CHAIN_MEMORY: "true" });
      expect(await chain.submit(key)).toBe(200);
      await chain.close();
    }
  });
});
