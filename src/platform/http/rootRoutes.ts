import { type AnyElysia, Elysia } from "elysia";
import type { Log } from "../log";
import { operation } from "./api/operation";
import { type ErrorShape, routesWithErrors } from "./errorShape";
import type { RootAnswers } from "./rootAnswers";
import { aboutAnswer, healthAnswer, readyAnswer } from "./rootSchema";

/** Answers a browser's request for a page; undefined where there is none. */
export type PageAnswer = (name: string, request: Request) => Promise<Response | undefined>;

/** `/`, `/health` and `/health/ready` of one port. */
export function rootRoutes(answers: RootAnswers, page: PageAnswer, shape: ErrorShape, log: Log) {
  return routesWithErrors("root", shape, log).use(
    new Elysia({ tags: ["server"] })
      .get(
        "/",
        async ({ request, set, server }): Promise<Response> => {
          const html = wantsHtml(request) ? await page("start", request) : undefined;
          if (html !== undefined) {
            html.headers.append("vary", "accept");
            return html;
          }
          // A finished answer's header stands in for the one of CORS.
          const vary = [set.headers["vary"] ?? [], "accept"].flat().join(", ");
          return Response.json(answers.about(server?.port ?? null), { headers: { vary } });
        },
        operation({
          summary: "What is served here; a browser gets the start page",
          answer: aboutAnswer,
          otherTypes: ["text/html"],
        }),
      )
      .get(
        "/health",
        () => answers.health(),
        operation({ summary: "The state of every part, always 200", answer: healthAnswer }),
      )
      .get(
        "/health/ready",
        ({ set }) => {
          const waiting = answers.systems.filter((system) => !system.health().ready);
          if (waiting.length > 0) set.status = 503;
          return { ready: waiting.length === 0, waiting_for: waiting.map(({ name }) => name) };
        },
        operation({
          summary: "200 when every part is ready, else 503",
          answer: readyAnswer,
          others: { 503: readyAnswer },
        }),
      ),
  );
}

/** A browser navigates with `text/html` before anything else; API clients do not. */
export function wantsHtml(request: Request): boolean {
  return (request.headers.get("accept") ?? "").startsWith("text/html");
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
