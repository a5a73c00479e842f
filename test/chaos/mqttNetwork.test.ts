import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../src/mqtt/index";
import { isLongRun, seeds } from "../support/seeds";
import { createWorld, type World } from "./support/mqttWorld";

setDefaultTimeout(30_000);

/**
 * Clients of eight kinds on a network that delays, splits, joins, cuts and falls silent, for hours of virtual time; two
 * checkers hold what the clients see and what crosses the broker's border against the standard. One seed is one course
 * of events, to the byte.
 */

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** All was well, and each rule has been put to the test. */
async function expectKept(world: World, rules: string[]): Promise<void> {
  expect(await world.settle()).toEqual([]);
  const untested = rules.filter((rule) => !(world.figures()[rule]! > 0));
  expect(untested).toEqual([]);
  if (isLongRun) process.stderr.write(`measured: ${JSON.stringify(world.figures())}\n`);
}

test.each(seeds(3, 100))(
  "five hours of a bad network: every promise is kept (seed %d)",
  async (seed) => {
    const world = createWorld({ seed });
    await world.run(300);
    await expectKept(world, [
      "arrivals",
      "keepAlive",
      "wills",
      "willsCancelled",
      "resumed",
      "expiring",
      "fullWindow",
      "takeovers",
      "works",
      "clockJumps",
    ]);
  },
  60_000,
);

test.each(seeds(3, 100))(
  "two hours of a bad network, a disk that fails and a process that is killed in the middle of turns (seed %d)",
  async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), "foresight-mqtt-"));
    folders.push(folder);
    const world = createWorld({ seed, openStore: () => sqliteStore(join(folder, "mqtt.db")) });
    await world.run(120);
    await expectKept(world, [
      "arrivals",
      "crashes",
      "storeFailures",
      "wills",
      "resumed",
      "takeovers",
      "works",
      "clockJumps",
    ]);
  },
  60_000,
);
