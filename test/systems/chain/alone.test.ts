import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { type Served, serve } from "../../support/program";

setDefaultTimeout(30_000);

let served: Served;
beforeAll(async () => {
  const flags = ["--difficulty", "500", "--adjust-interval", "1", "--block-marker", "Z"];
  served = await serve(["--only", "chain", ...flags], { env: { CHAIN_PORT: "0" } });
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  rmSync(served.dataDir, { recursive: true });
});

const get = async (path: string) => (await fetch(served.url + path)).json();

test("a chain alone tells its figures at the root of its port, keeps what the flags say, and knows nothing of the market", async () => {
  const own = /"serving alone","system":"chain","url":"([^"]+)"/.exec(served.err())![1]!;
  expect(await (await fetch(own)).json()).toMatchObject({
    service: "XenBlocks Chain Simulator",
    port: Number(new URL(own).port),
    total_blocks: 0,
    difficulty: 500,
    unique_miners: 0,
    next_block_id: 1,
  });
  const block = { hash_to_verify: "aZa", key: "ab".repeat(32), account: "0xAB" };
  const { status } = await fetch(`${served.url}/verify`, { method: "POST", body: JSON.stringify(block) });
  expect(status).toBe(200);
  expect(await get("/difficulty")).toEqual({ difficulty: "525" });
  expect((await fetch(`${served.url}/api/workers`)).status).toBe(404);
  for (const method of ["HEAD", "OPTIONS", "POST"]) {
    expect([method, (await fetch(`${served.url}/difficulty`, { method })).status]).toEqual([method, 405]);
  }
});
