import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { openDatabase, openDataFolder } from "../../src/platform/database";
import { seededRandom } from "../../src/platform/random";
import { scratchFolder } from "../support/program";
import { seeds } from "../support/seeds";
import { virtualClock } from "../support/virtualClock";
import { openMarket } from "../systems/market/marketBench";
import { checkHistory, createStepCheck } from "./marketCheckers";
import { KILL_POINTS } from "./marketKillPoints";

setDefaultTimeout(30_000);

const VICTIM = join(import.meta.dir, "marketVictim.ts");
const KILLS = 2;
const OCCURRENCES = 40;

/** What a market said before it was killed, line by line; the last may be cut off. */
async function killedAt(folder: string, point: string, occurrence: number, seed: number): Promise<string[]> {
  const child = Bun.spawn([process.execPath, VICTIM, folder, point, String(occurrence), String(seed)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = await new Response(child.stdout).text();
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
  return said.split("\n").slice(0, -1);
}

const words = (lines: string[], first: string) =>
  lines.map((line) => line.split(" ")).filter(([word]) => word === first);

async function checkAfterwards(folder: string, said: string[]): Promise<void> {
  const data = openDataFolder(folder);
  const clock = virtualClock(Date.now());
  const database = await openDatabase({
    folder: data,
    version: "test",
    clock,
    onSamplesError: () => expect.unreachable(),
  });
  const unsent = database
    .read((db) => db.all<{ payload: string }>("select payload from market_outbox"))
    .map(({ payload }) => payload);
  const market = await openMarket({ database, chain: undefined });
  createStepCheck()(market.market);
  checkHistory(market.market);
  for (const [, leaseId] of words(said, "rented"))
    expect((await market.get(`/api/leases/${leaseId}`)).status).toBe(200);
  for (const [, leaseId, charged] of words(said, "stopped")) {
    const settlement = database.read((db) =>
      db.all<{ cost: string }>(
        `select cast(total_cost as text) as cost from market_settlements where lease_id = '${leaseId}'`,
      ),
    );
    expect(settlement).toEqual([{ cost: charged! }]);
  }
  const deposits = database.read((db) =>
    db.all<{ account_id: string; count: number }>(
      "select account_id, count(*) as count from market_journal where kind = 'deposit' and amount = 1000000000 group by account_id",
    ),
  );
  for (const consumer of ["consumer-1", "consumer-2"]) {
    const acknowledged = words(said, "deposited").filter(([, accountId]) => accountId === consumer).length;
    expect(deposits.find(({ account_id }) => account_id === consumer)?.count ?? 0).toBeGreaterThanOrEqual(acknowledged);
  }
  const sent = said.filter((line) => line.startsWith("sent ")).map((line) => line.replace(/^sent \S+ /, ""));
  const decided = new Set([...sent, ...unsent]);
  const { items } = (await market.get("/api/leases?limit=1000&state=completed")).body;
  for (const { lease_id } of items) expect(decided).toContain(JSON.stringify({ command: "release", lease_id }));
  await market.market.stop();
  await database.close();
  data.release();
}

describe("a market that is killed", () => {
  const cases = Object.keys(KILL_POINTS).flatMap((point) => seeds(1, 12).map((seed) => [point, seed] as const));
  test.each(cases)(
    "%s loses nothing that it acknowledged (seed %d)",
    async (point, seed) => {
      const folder = scratchFolder();
      const random = seededRandom(seed);
      const said: string[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        said.push(...(await killedAt(folder, point, 1 + random.below(OCCURRENCES), random.below(2 ** 32))));
        expect(said.filter((line) => line.startsWith("fault"))).toEqual([]);
        await checkAfterwards(folder, said);
      }
      rmSync(folder, { recursive: true });
    },
    60_000,
  );
});
