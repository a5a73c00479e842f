import type { WorkPool } from "../compute/pool";
import type { Card, Health, System } from "../system";
import { VERSION } from "../version";

/** What the shell of every page shows; also what `/api/system/events` sends. */
export interface Status {
  version: string;
  systems: ({ name: string; href: string | null; ready: boolean; status: Health["status"]; notes: string[] } & Card)[];
  /** The Filecoin history in use; null while there is none or the system is off. */
  source: { name: string; from: string; to: string } | null;
  engine: string;
  broker: { clients: number } | null;
  jobs: { running: number; waiting: number };
}

/** The state of these systems; what only one of them knows (source, engine, clients) stands in its health. */
export function statusOf(systems: readonly System[], pool: WorkPool): Status {
  const { running, waiting } = pool.figures();
  const states = systems.map((system) => [system, system.health()] as const);
  const details: Record<string, unknown> = Object.assign({}, ...states.map(([, health]) => health));
  const clients = details["mqtt_clients_connected"];
  return {
    version: VERSION,
    systems: states.map(([{ name, page, card }, { ready, status, notes }]) => {
      return { name, href: page === undefined ? null : `/${page}`, ready, status, notes: notes ?? [], ...card() };
    }),
    source: sourceOf(details),
    engine: String(details["engine"] ?? "CPU f64"),
    broker: typeof clients === "number" ? { clients } : null,
    jobs: { running, waiting },
  };
}

function sourceOf(details: Record<string, unknown>): Status["source"] {
  const name = details["source"];
  if (typeof name !== "string") return null;
  return { name, from: String(details["start_date"]), to: String(details["current_date"]) };
}
