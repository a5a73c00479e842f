import type { System } from "../system";
import { VERSION } from "../version";
import type { AboutAnswer, HealthAnswer } from "./rootSchema";

/** What `/` and `/health` of one port say. */
export interface RootAnswers {
  systems: readonly System[];
  /** `port` is the port that was asked; null where that is not known. */
  about(port: number | null): AboutAnswer;
  health(): HealthAnswer;
}

/** Members at the top of the main port's answers that no system may claim. */
export const HOUSE_MEMBERS = ["name", "version", "status", "links", "systems"];

const LINKS = {
  docs: "/docs",
  openapi: "/openapi.json",
  health: "/health",
  ready: "/health/ready",
  metrics: "/metrics",
};

/** The main port: each system's part under its name, and at the top what is the house's or has one owner. */
export function mainAnswers(systems: readonly System[]): RootAnswers {
  return {
    systems,
    about: (port) => ({ name: "Foresight", version: VERSION, links: LINKS, ...under(systems, (it) => it.about(port)) }),
    health: () => ({ ...stateOf(systems), ...under(systems, (it) => it.health()) }),
  };
}

/** A system's own port: its original's whole answer, beside what the house adds. */
export function ownAnswers(system: System): RootAnswers {
  const systems = [system];
  return {
    systems,
    about: (port) => ({ name: "Foresight", version: VERSION, links: LINKS, ...system.about(port) }),
    health() {
      const { ready: _ready, status: _status, ...details } = system.health();
      return { ...stateOf(systems), ...details, systems: { [system.name]: system.health() } };
    },
  };
}

function under<Part extends Record<string, unknown>>(systems: readonly System[], partOf: (system: System) => Part) {
  const parts = systems.map((system) => ({ system, part: partOf(system) }));
  const flat = parts.flatMap(({ system, part }) =>
    (system.flat ?? []).filter((member) => member in part).map((member) => [member, part[member]]),
  );
  return {
    ...Object.fromEntries(flat),
    systems: Object.fromEntries(parts.map(({ system, part }) => [system.name, part])),
  };
}

function stateOf(systems: readonly System[]): Pick<HealthAnswer, "status" | "version"> {
  const degraded = systems.some((system) => ["degraded", "unhealthy"].includes(system.health().status));
  return { status: degraded ? "degraded" : "healthy", version: VERSION };
}
