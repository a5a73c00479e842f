import { systemClock } from "../../../../src/platform/clock";
import { seededRandom } from "../../../../src/platform/random";
import type { AssembledHistory } from "../../../../src/systems/filecoin/ingest/assemble";
import { createSpacescope, type Progress } from "../../../../src/systems/filecoin/ingest/client";
import { loadHistory } from "../../../../src/systems/filecoin/ingest/load";
import {
  type Fault,
  type LocalSpacescope,
  type SpacescopeRows,
  SYNTHETIC,
  serveSpacescope,
  syntheticRows,
  TEST_TOKEN,
} from "../../../support/spacescope";

export const POWER = "/power/network_storage_capacity";
export const ONBOARDING = "/power/daily_power_onboarding_by_sector_size";
export const SUPPLY = "/circulating_supply/circulating_supply";
export const EXPIRATIONS = "/power/sectors_schedule_expiration";
export const DEALS = "/deals/deal_size";

let server: LocalSpacescope | undefined;

/** The server that the last load asked. */
export function lastServer(): LocalSpacescope {
  return server!;
}

export async function stopServer(): Promise<void> {
  await server?.stop();
}

export interface Load {
  rows?: SpacescopeRows;
  fault?: Fault;
  startDate?: string;
  today?: string;
  onProgress?: (progress: Progress) => void;
}

/** Loads a history from a server of its own. */
export function load({
  rows = syntheticRows(),
  fault,
  onProgress = () => undefined,
  ...dates
}: Load): Promise<AssembledHistory> {
  server = serveSpacescope(rows, fault);
  const spacescope = createSpacescope({
    baseUrl: server.url,
    authorization: TEST_TOKEN,
    clock: systemClock,
    random: seededRandom(1),
    limits: { backOffMs: 1 },
  });
  const { startDate, today } = { ...SYNTHETIC, ...dates };
  return loadHistory({ spacescope, startDate, today, signal: new AbortController().signal, onProgress });
}

/** The synthetic rows with those of one table changed. */
export function changed(
  path: string,
  change: (rows: SpacescopeRows[string]) => SpacescopeRows[string],
): SpacescopeRows {
  const rows = syntheticRows();
  return { ...rows, [path]: change(rows[path]!) };
}

export function without(...dates: string[]) {
  return (rows: SpacescopeRows[string]) => rows.filter((row) => !dates.includes(dateOf(row)));
}

export function dateOf(row: Record<string, unknown>): string {
  return String(row["stat_date"] ?? row["interest_date"]).slice(0, 10);
}
