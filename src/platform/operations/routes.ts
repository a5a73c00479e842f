import { Elysia } from "elysia";
import { z } from "zod";
import { type LoadedConfig, settingEntries } from "../../config/load";
import { detailShape, routesWithErrors } from "../http/errorShape";
import { eventStream } from "../http/eventStream";
import { valid } from "../http/input";
import type { Log, LogLevel, LogLine } from "../log";
import type { Metrics } from "../metrics";
import { createFigures } from "./figures";
import type { Status } from "./status";

export interface OperationsOptions {
  loaded: LoadedConfig;
  log: Log;
  metrics: Metrics;
  status: () => Status;
  /** Runs every check of this machine; takes seconds. */
  doctor: () => Promise<unknown>;
}

const STATUS_EVERY_MS = 1000;
const MOST_LINES = 1000;

const logQuery = z.object({
  request_id: z.string().max(64).optional(),
  level: z.enum(["debug", "info", "warn", "error"]).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_LINES).default(200),
});

/** The pages tell four levels apart. */
const SHOWN_LEVEL: Record<LogLevel, string> = {
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  critical: "error",
};

/** `/metrics` and `/api/system/...`: what the pages and those who run the program look at. */
export function operationsRoutes({ loaded, log, metrics, status, doctor }: OperationsOptions) {
  const figures = createFigures(metrics);
  let examined: Promise<unknown> | undefined;
  function examine(): Promise<unknown> {
    examined ??= doctor().finally(() => {
      examined = undefined;
    });
    return examined;
  }
  return routesWithErrors("operations", detailShape, log).use(
    new Elysia({ tags: ["service"] })
      .get(
        "/metrics",
        async () =>
          new Response(await metrics.registry.metrics(), {
            headers: { "content-type": metrics.registry.contentType },
          }),
        { detail: { summary: "Figures for Prometheus" } },
      )
      .get("/api/system/status", () => status(), { detail: { summary: "What the shell of every page shows" } })
      .get("/api/system/events", ({ request }) => eventStream(request, status, STATUS_EVERY_MS), {
        detail: { summary: "The status as server-sent events, once a second" },
      })
      .get("/api/system/settings", () => settingsInForce(loaded), {
        detail: { summary: "Every setting with its value and where it came from; secrets are masked" },
      })
      .get("/api/system/metrics", () => figures(), {
        detail: { summary: "The figures as JSON" },
      })
      .get(
        "/api/system/logs",
        ({ query }) => {
          const { request_id, level, limit } = valid(logQuery, query, "query");
          return log
            .recent({ requestId: request_id, level: level === "warn" ? "warning" : level, limit })
            .map(shownLine);
        },
        { detail: { summary: "The newest lines of the log first" } },
      )
      .get("/api/system/doctor", () => examine(), { detail: { summary: "What works on this machine; takes seconds" } }),
  );
}

function settingsInForce({ values, origins }: LoadedConfig): unknown {
  return settingEntries.map(([name, setting]) => {
    const value = values[name];
    const text = value === undefined ? null : String(value);
    const shown = setting.secret && text !== null ? "(secret)" : text;
    return { name, value: shown, origin: origins[name].from, unit: setting.unit ?? null, meaning: setting.meaning };
  });
}

function shownLine({ time, level, message, requestId, ...details }: LogLine): unknown {
  return { time, level: SHOWN_LEVEL[level], message, requestId: requestId ?? null, details };
}
