import { afterAll, beforeAll, expect, test } from "bun:test";
import { findInMarket } from "../../../../src/systems/market/views/find";
import { openMarket, type TestMarket } from "../marketBench";

let market: TestMarket;
beforeAll(async () => {
  market = await openMarket();
  await market.register("rig-7-spare");
  await market.register("Rig-7", { eth_address: "0xFEED" });
  for (let i = 0; i < 20; i++) await market.register(`many-${i}`, { gpus: [] });
});
afterAll(() => market.close());

const find = (query: string, { market: { live, options } } = market) => findInMarket({ live, ...options }, query);
const titles = (query: string, of = market) => find(query, of).map(({ title }) => title);

test("workers are found by a part of their id or address in any case, the shortest first, eight at most", () => {
  expect(find(" RIG-7 ")).toEqual([
    { kind: "worker", title: "Rig-7", hint: "RTX 4090 + RTX 3080, AVAILABLE", href: "/market?worker=Rig-7" },
    {
      kind: "worker",
      title: "rig-7-spare",
      hint: "RTX 4090 + RTX 3080, AVAILABLE",
      href: "/market?worker=rig-7-spare",
    },
  ]);
  expect(titles("feed")).toEqual(["Rig-7"]);
  expect(titles("many").length).toBe(8);
  expect(titles("nobody")).toEqual([]);
});

test("leases are found by the beginning of their id, where everybody may see them", async () => {
  const { body } = await market.post("/api/rent", { consumer_id: "consumer-1", worker_id: "Rig-7" });
  const leaseId: string = body.lease_id;
  for (const part of [leaseId, leaseId.slice(0, 14), leaseId.slice(0, 15), leaseId.toUpperCase()]) {
    expect(find(part)).toEqual([
      { kind: "lease", title: leaseId, hint: "of Rig-7, active", href: `/market?tab=leases&lease=${leaseId}` },
    ]);
  }
  expect(titles("lease-")).toEqual([]);
  const closed = await openMarket({ mode: "closed", database: market.database });
  expect(titles(leaseId, closed)).toEqual([]);
  await closed.market.stop();
});

test("an id that would be another address is written so that it is none", async () => {
  await market.register("a&tab=admin x?");
  expect(find("tab=admin")[0]?.href).toBe("/market?worker=a%26tab%3Dadmin%20x%3F");
});
