import { Database } from "bun:sqlite";
import { expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../src/platform/random";
import { BACKUP_SUFFIX } from "../../src/systems/market/original/convert";
import { scratchFolder } from "../support/program";
import { seeds } from "../support/seeds";
import { writeOriginal } from "../systems/market/original/originalFile";

setDefaultTimeout(30_000);

const CONVERTER = join(import.meta.dir, "marketConverter.fixture.ts");
const NEVER = 1e9;

async function convert(folder: string, killAt: number): Promise<string> {
  const child = Bun.spawn([process.execPath, CONVERTER, folder, String(killAt)], { stdout: "pipe", stderr: "inherit" });
  const said = await new Response(child.stdout).text();
  await child.exited;
  expect(child.signalCode).toBe(killAt === NEVER ? null : "SIGKILL");
  return said;
}

/** Everything that a conversion makes of a file, but for the time at which it was made. */
function converted(path: string): unknown[][] {
  const file = new Database(path, { readonly: true });
  const tables = file
    .query<{ name: string }, []>("select name from sqlite_schema where type = 'table' order by name")
    .all();
  const rows = tables
    .filter(({ name }) => name.startsWith("market_") && name !== "market_journal")
    .flatMap(({ name }) => file.query(`select '${name}', * from ${name}`).values());
  const names = tables.map(({ name }) => [name]);
  file.close();
  return [...names, ...rows.map((row) => row.filter((value) => typeof value !== "number" || value < 1.79e12))];
}

test.each(seeds(3, 40))(
  "a conversion that is killed begins again and comes out the same (seed %d)",
  async (seed) => {
    const random = seededRandom(seed);
    const [killed, straight] = [scratchFolder(), scratchFolder()];
    const path = join(killed, "marketplace.db");
    for (const folder of [killed, straight]) writeOriginal(join(folder, "marketplace.db"), { extraLeases: 500 });
    const said = await convert(straight, NEVER);
    const statements = Number(/done (\d+)/.exec(said)?.[1]);
    expect(statements).toBeGreaterThan(20);
    for (let kill = 0; kill < 3; kill++) {
      await convert(killed, 1 + random.below(statements - 12));
      const file = new Database(path);
      expect(file.query("select count(*) as rows from leases").get()).toEqual({ rows: 503 });
      expect(file.query("select count(*) as rows from market_leases").get()).toEqual({ rows: 0 });
      file.close();
    }
    await convert(killed, NEVER);
    expect(converted(path)).toEqual(converted(join(straight, "marketplace.db")));
    const backup = new Database(path + BACKUP_SUFFIX, { readonly: true });
    expect(backup.query("select count(*) as rows from leases").get()).toEqual({ rows: 503 });
    backup.close();
    for (const folder of [killed, straight]) rmSync(folder, { recursive: true });
  },
  60_000,
);
