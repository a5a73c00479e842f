import { Elysia } from "elysia";
import { type LoadedConfig, settingEntries, settingText } from "../../config/load";
import { isOpenMode } from "../../config/secrets";
import { databasePath } from "../database";
import { runDoctor } from "../doctor/run";
import type { ApiDocument } from "../http/api/document";
import { operation } from "../http/api/operation";
import { detailShape, routesWithErrors } from "../http/errorShape";
import { valid } from "../http/input";
import { refuseOtherMachines, refuseStrangers } from "../http/strangers";
import { valueStream } from "../http/valueStream";
import type { Log, LogLevel, LogLine } from "../log";
import type { Platform } from "../platform";
import type { Union } from "../union";
import { backUpNow } from "./backups";
import { findEverywhere } from "./find";
import * as schema from "./schema";
import { createStatistics } from "./statistics";
import { storageReport } from "./storageReport";

export interface OperationsOptions {
  loaded: LoadedConfig;
  platform: Platform;
  status: () => schema.Status;
  union: Union;
  /** The description of all routes, these ones among them. */
  document: () => Promise<ApiDocument>;
}

/** Whoever may make backups may fill the disk. */
const BACKUPS_ARE_FOR = "Backups are made from this server's own page while it is open; else run `backup`.";
const STATUS_EVERY_MS = 1000;
/** The pages tell four levels apart. */
const SHOWN_LEVEL: Record<LogLevel, schema.ShownLine["level"]> = {
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  critical: "error",
};

/** `/metrics` and `/api/system/...`: what the pages and those who run the program look at. */
export function operationsRoutes(options: OperationsOptions) {
  return routesWithErrors("operations", detailShape, options.platform.log)
    .use(publicRoutes(options))
    .use(operatorRoutes(options));
}

/** What anybody may see. */
function publicRoutes({ platform, status, union: { systems }, document }: OperationsOptions) {
  return new Elysia({ tags: ["server"] })
    .get(
      "/metrics",
      () => metricsText(platform),
      operation({ summary: "What is counted and measured, for Prometheus", answer: schema.prometheusText }),
    )
    .get(
      "/api/system/status",
      () => status(),
      operation({ summary: "What the shell of every page shows", answer: schema.statusAnswer }),
    )
    .get(
      "/api/system/events",
      ({ request }) => valueStream(request, status, STATUS_EVERY_MS, platform.stopping),
      operation({ summary: "The status as server-sent events, when it changes", answer: schema.statusEvents }),
    )
    .get(
      "/api/system/find",
      async ({ query }) => {
        const { q } = valid(schema.findQuery, query, "query");
        return findEverywhere(q, systems, (await document()).paths);
      },
      operation({
        summary: "What the command palette finds: things of the systems, and operations of this API",
        query: schema.findQuery,
        answer: schema.findAnswer,
      }),
    );
}

/** What tells of the inside of the program. */
function operatorRoutes({ loaded, platform, union }: OperationsOptions) {
  const { log, metrics, clock, config, dataDir } = platform;
  const statistics = createStatistics(metrics);
  const { files, checks } = union;
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
  return new Elysia({ tags: ["server"] })
    .onBeforeHandle(({ request, server }) => refuseOtherMachines(mode, request, server))
    .get(
      "/api/system/settings",
      () => settingsInForce(loaded),
      operation({
        summary: "Every setting with its value and where it came from; secrets are masked",
        answer: schema.settingsAnswer,
      }),
    )
    .get(
      "/api/system/metrics",
      () => statistics(),
      operation({ summary: "The same as JSON, summed up for a page", answer: schema.metricsAnswer }),
    )
    .get(
      "/api/system/storage",
      () => storageReport(places),
      operation({ summary: "What is kept where", answer: schema.storageAnswer }),
    )
    .post(
      "/api/system/backup",
      ({ request }) => {
        refuseStrangers(mode, request, BACKUPS_ARE_FOR);
        return backUp();
      },
      operation({ summary: "Back up everything while running, into BACKUP_DIR", answer: schema.backupAnswer }),
    )
    .get(
      "/api/system/doctor",
      async () => (await examine()).checks,
      operation({ summary: "What works on this machine; takes seconds", answer: schema.doctorAnswer }),
    )
    .get(
      "/api/system/logs",
      ({ query }) => linesFor(log, query),
      operation({
        summary: "The newest lines of the log first",
        query: schema.logQuery,
        answer: schema.logAnswer,
      }),
    );
}

function linesFor(log: Log, query: unknown): schema.ShownLine[] {
  const { request_id, level, limit } = valid(schema.logQuery, query, "query");
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

function settingsInForce({ values, origins }: LoadedConfig): schema.SettingInForce[] {
  return settingEntries.map(([name, setting]) => {
    const value = values[name];
    const text = value === undefined ? null : settingText(setting, value);
    const shown = setting.secret && text !== null ? "(secret)" : text;
    return { name, value: shown, origin: origins[name].from, unit: setting.unit ?? null, meaning: setting.meaning };
  });
}

function shownLine({ time, level, message, requestId, ...details }: LogLine): schema.ShownLine {
  const request = typeof requestId === "string" ? requestId : null;
  return { time, level: SHOWN_LEVEL[level], message, requestId: request, details };
}
