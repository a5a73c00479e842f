import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../../src/config/load";
import { createLog } from "../../../../src/platform/log";
import { seededRandom } from "../../../../src/platform/random";
import { cachePath, writeCache } from "../../../../src/systems/filecoin/history/cache";
import type { HistoryKeeper } from "../../../../src/systems/filecoin/history/keeper";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import type { HistorySnapshot } from "../../../../src/systems/filecoin/history/snapshot";
import { historyKeeper } from "../../../../src/systems/filecoin/ingest";
import { manualClock } from "../../../support/manualClock";
import {
  type Fault,
  type LocalSpacescope,
  SYNTHETIC,
  serveSpacescope,
  syntheticRows,
  TEST_TOKEN,
} from "../../../support/spacescope";
import { until } from "../../../support/until";

export const MORNING = `${SYNTHETIC.today}T10:00:00Z`;
export const HOUR_MS = 3_600_000;

const closing: (() => Promise<void>)[] = [];

export async function closeHouses(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

export interface House {
  keeper: HistoryKeeper;
  spacescope: LocalSpacescope;
  clock: ReturnType<typeof manualClock>;
  /** Every snapshot that was given out, in order. */
  served: HistorySnapshot[];
  dataDir: string;
  log: string[];
}

export interface HouseOptions {
  environment?: Record<string, string>;
  fault?: Fault;
  now?: string;
  dataDir?: string;
  file?: HistorySnapshot;
}

/** A keeper with a server of its own, whose time stands still. */
export function house({
  environment = {},
  fault,
  now = MORNING,
  dataDir = freshFolder(),
  file,
}: HouseOptions = {}): House {
  const spacescope = serveSpacescope(syntheticRows(), fault);
  const clock = manualClock(now);
  const log: string[] = [];
  const served: HistorySnapshot[] = [];
  const settings = { SPACESCOPE_TOKEN: TEST_TOKEN, SPACESCOPE_AUTH_FILE: join(dataDir, "none"), ...environment };
  const platform = {
    config: loadConfig({ environment: { SPACESCOPE_URL: spacescope.url, ...settings } }).values,
    clock,
    random: seededRandom(1),
    log: createLog({ level: "debug", clock, sink: (line) => log.push(line) }),
    dataDir,
  };
  const keeper = historyKeeper(platform, file, (snapshot) => served.push(snapshot));
  closing.push(
    () => keeper.stop(),
    () => spacescope.stop(),
  );
  return { keeper, spacescope, clock, served, dataDir, log };
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "foresight-history-"));
}

export function phaseOf({ keeper }: House): string {
  return keeper.view().state.phase;
}

export async function settled(of: House, phase: "ready" | "failed"): Promise<void> {
  await until(() => phaseOf(of) === phase, `the phase ${phase}`);
}

export async function keep(dataDir: string, history: Partial<HistorySnapshot>): Promise<HistorySnapshot> {
  const whole: HistorySnapshot = { ...sampleHistory(), source: "spacescope", ...history };
  await writeCache(cachePath(dataDir), { history: whole, storedAt: MORNING, notes: ["kept earlier"] });
  return whole;
}
