import { type AnyElysia, Elysia } from "elysia";
import { RequestError } from "../../platform/errors";
import { operation } from "../../platform/http/api/operation";
import { routesWithErrors } from "../../platform/http/errorShape";
import type { Log } from "../../platform/log";
import type { Access } from "./routes/access";
import { epistemixErrors } from "./routes/errors";
import { jobFileRoutes, jobRoutes } from "./routes/jobRoutes";
import { runRoutes } from "./routes/runRoutes";
import { serviceAnswer, serviceHealthAnswer } from "./schema/answers";
import type { EpistemixService } from "./service";

export { createAccess } from "./routes/access";
export { EPISTEMIX_BEARER, OFFLINE_TOKEN } from "./routes/describe";
export { pageRoutes } from "./routes/pageRoutes";

export interface EpistemixRoutesOptions {
  /** `/epistemix`, or nothing for the root of a port of its own. */
  prefix: "/epistemix" | "";
  log: Log;
  service: EpistemixService;
  access: Access;
  health: () => { status: string; service: string; timestamp: string };
  about: () => { name: string; version: string; description: string; endpoints: Record<string, string> };
  /** Paths that take any upload and keep nothing, as the recorded contract has them. */
  uploadStubs: readonly string[];
}

/** HTTP of the epidemic platform (docs/epistemix.md). */
export function epistemixRoutes({ prefix, log, service, access, health, about, uploadStubs }: EpistemixRoutesOptions) {
  const routes: AnyElysia = new Elysia({ prefix, tags: ["epistemix"] })
    .use(jobRoutes(service, access))
    .use(jobFileRoutes(service, access))
    .use(runRoutes(service, access))
    .get("/health", health, operation({ summary: "Whether it serves", answer: serviceHealthAnswer, security: [] }))
    .get("/", about, operation({ summary: "What is served here", answer: serviceAnswer, security: [] }));
  const hidden = { detail: { hide: true } };
  for (const path of uploadStubs) routes.put(path, () => ({}), { ...hidden, parse: "none" });
  const known = [...routes.routes];
  routes.all(
    "/*",
    ({ request, set }) => {
      const allowed = methodsAt(known, new URL(request.url).pathname);
      if (allowed.length === 0) throw new RequestError(404, "Not Found");
      set.headers["allow"] = allowed.join(", ");
      throw new RequestError(405, "Method Not Allowed");
    },
    { ...hidden, parse: "none" },
  );
  return routesWithErrors(`epistemix${prefix}`, epistemixErrors, log).use(routes);
}

function methodsAt(routes: readonly { method: string; path: string }[], path: string): string[] {
  const parts = path.split("/");
  const isAt = (pattern: string) => {
    const wanted = pattern.split("/");
    return wanted.length === parts.length && wanted.every((part, i) => part === parts[i] || part.startsWith(":"));
  };
  return [...new Set(routes.filter(({ path: pattern }) => isAt(pattern)).map(({ method }) => method))];
}

/** Two roots of routes, each with its own errors. */
export function sideBySide(one: AnyElysia, other: AnyElysia): AnyElysia {
  return new Elysia().use(one).use(other);
}
