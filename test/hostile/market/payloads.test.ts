import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { audit } from "../../../src/systems/market/store/ledger";
import { openMarket, type TestMarket } from "../../systems/market/marketBench";

/** Messages of workers that mean harm, kept as files; what a file's name begins with is the kind of message. */
const files = readdirSync(import.meta.dir).filter((name) => name.endsWith(".txt"));

let market: TestMarket;
let leaseId: string;
let before: unknown;

const workers = async () => (await market.get("/api/workers")).body as { worker_id: string; gpus: unknown[] }[];
const honest = async () => ({
  worker: (await workers()).find(({ worker_id }) => worker_id === "honest"),
  lease: (await market.get(`/api/leases/${leaseId}`)).body,
});

beforeAll(async () => {
  market = await openMarket();
  await market.register("honest");
  await market.report("honest", "heartbeat", { hashrate: 1000 });
  leaseId = (await market.post("/api/rent", { consumer_id: "consumer-1", worker_id: "honest" })).body.lease_id;
  before = await honest();
});
afterAll(() => market.close());

for (const isKnown of [false, true]) {
  for (const name of files) {
    test(`${name} harms nobody, from a ${isKnown ? "known worker" : "stranger"}`, async () => {
      if (isKnown) await market.worker.say("xenminer/bad/register", { worker_id: "bad" });
      // As Latin-1, so that each byte is a character and stays itself.
      const text = readFileSync(join(import.meta.dir, name), "latin1").replace("LEASE", leaseId);
      const payload = Buffer.from(text, "latin1");
      await market.worker.say(`xenminer/bad/${name.split("-")[0]}`, payload);
      expect(await honest()).toEqual(before as never);
      expect((await workers()).every(({ gpus }) => Array.isArray(gpus))).toBe(true);
      for (const path of [
        "/api/marketplace?gpu_type=x",
        "/api/blocks",
        "/api/monitoring/fleet",
        "/api/overview/stats",
      ]) {
        expect([path, (await market.get(path)).status]).toEqual([path, 200]);
      }
      expect(market.database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
      expect(market.lines).toEqual([]);
    });
  }
}

test("the files are there", () => {
  expect(files.length).toBeGreaterThan(20);
});
