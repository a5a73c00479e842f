import type { WorkPool } from "../compute/pool";
import type { System } from "../system";
import { VERSION } from "../version";
import type { Status, SystemCard } from "./schema";

/** The state of these systems, each as it tells it itself. */
export function statusOf(systems: readonly System[], pool: WorkPool): Status {
  const { running, waiting } = pool.load();
  return { version: VERSION, systems: systems.map(partOf), work: { running, waiting } };
}

function partOf(system: System): SystemCard {
  const { name, page } = system;
  const { ready, status, notes = [] } = system.health();
  const href = page === undefined ? null : `/${page}`;
  return { name, href, ready, status, notes, statusLine: system.statusLine?.() ?? [], ...system.card() };
}
