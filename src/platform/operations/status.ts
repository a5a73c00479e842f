import type { WorkPool } from "../compute/pool";
import type { Card, Health, System } from "../system";
import { VERSION } from "../version";

/** What the shell of every page shows; also what `/api/system/events` sends. */
export interface Status {
  version: string;
  systems: ({
    name: string;
    href: string | null;
    ready: boolean;
    status: Health["status"];
    notes: string[];
    /** Its words in the status bar. */
    statusLine: readonly string[];
  } & Card)[];
  /** Pieces of work in the threads that calculate. */
  work: { running: number; waiting: number };
}

/** The state of these systems, each as it tells it itself. */
export function statusOf(systems: readonly System[], pool: WorkPool): Status {
  const { running, waiting } = pool.load();
  return { version: VERSION, systems: systems.map(partOf), work: { running, waiting } };
}

function partOf(system: System): Status["systems"][number] {
  const { name, page } = system;
  const { ready, status, notes = [] } = system.health();
  const href = page === undefined ? null : `/${page}`;
  return { name, href, ready, status, notes, statusLine: system.statusLine?.() ?? [], ...system.card() };
}
