import { Elysia } from "elysia";
import { z } from "zod";
import { type LoadedConfig, settingEntries, settingText } from "../../config/load";
import { isOpenMode } from "../../config/secrets";
import { databasePath } from "../database";
import { runDoctor } from "../doctor/run";
import type { ApiDocument } from "../http/api/document";
import { detailShape, routesWithErrors } from "../http/errorShape";
import { queryParameters, valid } from "../http/input";
import { refuseOtherMachines, refuseStrangers } from "../http/strangers";
import { valueStream } from "../http/valueStream";
import type { Log, LogLevel, LogLine } from "../log";
import type { Platform } from "../platform";
import type { Union } from "../union";
import { backUpNow } from "./backups";
import { findEverywhere } from "./find";
import { createStatistics } from "./statistics";
import type { Status } from "./status";
import { storageReport } from "./storageReport";

export interface OperationsOptions {
  loaded: LoadedConfig;
  platform: Platform;
  status: () => Status;
  union: Union;
  /** The description of all routes, these ones among them. */
  document: () => Promise<ApiDocument>;
}

/** Whoever may make backups may fill the disk. */
const BACKUPS_ARE_FOR = "Backups are made from this server's own page while it is open; else run `backup`.";
const STATUS_EVERY_MS = 1000;
const MAX_LINES = 1000;

const logQuery = z.object({
  request_id: z.string().max(64).optional().describe("Lines of this request alone."),
  level: z.enum(["debug", "info", "warn", "error"]).optional().describe("The least important level wanted."),
  limit: z.coerce.number().int().min(1).max(MAX_LINES).default(200).describe("Most lines, the newest first."),
});

const findQuery = z.object({
  q: z.string().max(100).default("").describe("Words, all of which must occur."),
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
export function operationsRoutes({ loaded, platform, status, union, document }: OperationsOptions) {
  const { log, metrics, clock, config, dataDir } = platform;
  const statistics = createStatistics(metrics);
  const { systems, files, checks } = union;
  const places = {
    dataDir,
    database: databasePath(dataDir, config.DATABASE_FILE),
    backupDir: config.BACKUP_DIR,
    clock,
    files,
  };
  const examine = shared(() => runDoctor({ config, clock, checks }));
  const backUp = shared(() => backUpNow(places));
  const mode = isOpenMode(loaded) ? "open" : "closed";
  const everybody = new Elysia({ tags: ["service"] })
    .get("/metrics", () => metricsText(platform), {
      detail: { summary: "What is counted and measured, for Prometheus" },
    })
    .get("/api/system/status", () => status(), { detail: { summary: "What the shell of every page shows" } })
    .get("/api/system/events", ({ request }) => valueStream(request, status, STATUS_EVERY_MS, platform.stopping), {
      detail: { summary: "The status as server-sent events, when it changes" },
    })
    .get(
      "/api/system/find",
      async ({ query }) => {
        const { q } = valid(findQuery, query, "query");
        return findEverywhere(q, systems, (await document()).paths);
      },
      {
        detail: {
          summary: "What the command palette finds: things of the systems, and operations of this API, at most 20",
          parameters: queryParameters(findQuery),
        },
      },
    );
  const operators = new Elysia({ tags: ["service"] })
    .onBeforeHandle(({ request, server }) => refuseOtherMachines(mode, request, server))
    .get("/api/system/settings", () => settingsInForce(loaded), {
      detail: { summary: "Every setting with its value and where it came from; secrets are masked" },
    })
    .get("/api/system/metrics", () => statistics(), { detail: { summary: "The same as JSON, summed up for a page" } })
    .get("/api/system/storage", () => storageReport(places), { detail: { summary: "What is kept where" } })
    .post(
      "/api/system/backup",
      ({ request }) => {
        refuseStrangers(mode, request, BACKUPS_ARE_FOR);
        return backUp();
      },
      { detail: { summary: "Back up everything while running, into BACKUP_DIR" } },
    )
    .get("/api/system/doctor", async () => (await examine()).checks, {
      detail: { summary: "What works on this machine; takes seconds" },
    })
    .get("/api/system/logs", ({ query }) => linesFor(log, query), {
      detail: { summary: "The newest lines of the log first", parameters: queryParameters(logQuery) },
    });
  return routesWithErrors("operations", detailShape, log).use(everybody).use(operators);
}

function linesFor(log: Log, query: unknown): unknown {
  const { request_id, level, limit } = valid(logQuery, query, "query");
  const least = level === "warn" ? "warning" : level;
  return log.recent({ requestId: request_id, level: least, limit }).map(shownLine);
}

/** One run for all who ask while it goes on. */
function shared<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function metricsText({ metrics }: Platform): Promise<Response> {
  return new Response(await metrics.registry.metrics(), { headers: { "content-type": metrics.registry.contentType } });
}

function settingsInForce({ values, origins }: LoadedConfig): unknown {
  return settingEntries.map(([name, setting]) => {
    const value = values[name];
    const text = value === undefined ? null : settingText(setting, value);
    const shown = setting.secret && text !== null ? "(secret)" : text;
    return { name, value: shown, origin: origins[name].from, unit: setting.unit ?? null, meaning: setting.meaning };
  });
}

function shownLine({ time, level, message, requestId, ...details }: LogLine): unknown {
  return { time, level: SHOWN_LEVEL[level], message, requestId: requestId ?? null, details };
}
