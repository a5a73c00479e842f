import { Elysia } from "elysia";
import type { System } from "../../src/platform/system";

/** A system that does nothing, but for the changes. */
export function inventedSystem(name: string, changes: Partial<System> = {}): System {
  return {
    name,
    routes: new Elysia({ name }),
    start: async () => undefined,
    stop: async () => undefined,
    health: () => ({ ready: true, status: "healthy" }),
    about: () => ({}),
    card: () => ({ title: name, figure: null, caption: "", action: { label: "", href: "/" } }),
    ...changes,
  };
}
