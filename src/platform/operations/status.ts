import type { WorkPool } from "../compute/pool";
import type { Card, Health, System } from "../system";
import { VERSION } from "../version";

/** What the shell of every page shows; also what `/api/system/events` sends. */
export interface Status {
  version: string;
  /** Seconds since the start. */
  uptimeS: number;
  systems: ({ name: string; ready: boolean; status: Health["status"] } & Card)[];
  /** The Filecoin history in use; null while there is none or the system is off. */
  source: { name: string; from: string; to: string } | null;
  engine: string;
  broker: { clients: number } | null;
  jobs: { running: number; waiting: number };
}

/** Parts of the status that only one system knows; it gives them in its health. */
const SOURCE_DETAIL = "source";

export function statusOf(systems: readonly System[], pool: WorkPool): Status {
  const { running, waiting } = pool.figures();
  const details: Record<string, unknown> = Object.assign({}, ...systems.map((system) => system.health()));
  const clients = details["mqtt_clients_connected"];
  return {
    version: VERSION,
    uptimeS: Math.round(process.uptime()),
    systems: systems.map((system) => {
      const { ready, status } = system.health();
      return { name: system.name, ready, status, ...system.card() };
    }),
    source: sourceOf(details),
    engine: String(details["engine"] ?? "CPU f64"),
    broker: typeof clients === "number" ? { clients } : null,
    jobs: { running, waiting },
  };
}

function sourceOf(details: Record<string, unknown>): Status["source"] {
  const name = details[SOURCE_DETAIL];
  if (typeof name !== "string") return null;
  return { name, from: String(details["start_date"]), to: String(details["current_date"]) };
}
