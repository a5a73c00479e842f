import { type AnyElysia, Elysia } from "elysia";
import type { Log } from "../log";
import type { System } from "../system";
import { VERSION } from "../version";
import { type ErrorShape, routesWithErrors } from "./errorShape";

/** Answers a browser's request for a page; undefined where there is none. */
export type PageAnswer = (name: string, request: Request) => Promise<Response | undefined>;

const LINKS = {
  docs: "/docs",
  openapi: "/openapi.json",
  health: "/health",
  ready: "/health/ready",
  metrics: "/metrics",
};

/** `/`, `/health` and `/health/ready` for these systems: the union of what each one's original answers. */
export function rootRoutes(systems: () => readonly System[], page: PageAnswer, shape: ErrorShape, log: Log) {
  return routesWithErrors("root", shape, log).use(
    new Elysia({ tags: ["service"] })
      .get(
        "/",
        async ({ request, set, server }) => {
          const html = wantsHtml(request) ? await page("start", request) : undefined;
          html?.headers.append("vary", "accept");
          if (html === undefined) set.headers["vary"] = [set.headers["vary"] ?? [], "accept"].flat().join(", ");
          return html ?? about(systems(), server?.port ?? null);
        },
        { detail: { summary: "What is served here; a browser gets the start page" } },
      )
      .get("/health", () => health(systems()), { detail: { summary: "The state of every part, always 200" } })
      .get(
        "/health/ready",
        ({ set }) => {
          const waiting = systems().filter((system) => !system.health().ready);
          if (waiting.length > 0) set.status = 503;
          return { ready: waiting.length === 0, waiting_for: waiting.map(({ name }) => name) };
        },
        { detail: { summary: "200 when every part is ready, else 503" } },
      ),
  );
}

/** A browser navigates with `text/html` before anything else; API clients do not. */
export function wantsHtml(request: Request): boolean {
  return (request.headers.get("accept") ?? "").startsWith("text/html");
}

function about(systems: readonly System[], port: number | null): Record<string, unknown> {
  const facts = systems.map((system) => system.about(port));
  return { name: "Foresight", version: VERSION, links: LINKS, ...Object.assign({}, ...facts) };
}

function health(systems: readonly System[]): Record<string, unknown> {
  const parts = systems.map((system) => [system.name, system.health()] as const);
  const details = parts.map(([, { ready: _ready, status: _status, ...rest }]) => rest);
  const degraded = parts.some(([, part]) => part.status === "degraded" || part.status === "unhealthy");
  return {
    status: degraded ? "degraded" : "healthy",
    version: VERSION,
    ...Object.assign({}, ...details),
    systems: Object.fromEntries(parts),
  };
}

/** Mounts answers that are ready-made, such as pages and their files. */
export function assetMount(routes: readonly ReadyRoute[], shape: ErrorShape, log: Log): AnyElysia {
  const app: AnyElysia = routesWithErrors("assets", shape, log);
  for (const { path, handle } of routes) app.get(path, ({ request }) => handle(request), { detail: { hide: true } });
  return app;
}

interface ReadyRoute {
  path: string;
  handle(request: Request): Promise<Response>;
}
