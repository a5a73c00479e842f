import { availableParallelism } from "node:os";
import { type Accounts, createAccounts } from "../../platform/auth/accounts";
import { runChores } from "../../platform/chores";
import type { AccessMode } from "../../platform/http/strangers";
import { logFaults } from "../../platform/log";
import type { Platform } from "../../platform/platform";
import type { SimulationHandler } from "../../platform/simulations";
import type { System } from "../../platform/system";
import { findTypes } from "./handlers/find";
import { monteCarlo } from "./handlers/monteCarlo/handler";
import { createRegistry, type Registry, type UnavailableType } from "./handlers/registry";
import { seir } from "./handlers/seir/handler";
import { selftest } from "./handlers/selftest";
import { openRecords, type Records } from "./life/records";
import { refillQueues } from "./life/refill";
import { removeOld } from "./life/retention";
import type { SubmitLimits } from "./life/submit";
import { createMeasures, type Measures } from "./monitor/measures";
import { createMonitor, type Monitor } from "./monitor/service";
import { loadPlugins } from "./plugins/load";
import { builtInReports } from "./reporting/builtIn";
import type { ReportHandler } from "./reporting/handler";
import { createReportService } from "./reporting/service";
import { createAccess, flowerAlone, JOBS_BEARER, jobsRoutes } from "./routes";
import { createRunners, type Runners } from "./running/runners";
import { createScheduleService } from "./schedules/service";
import { startDue } from "./schedules/start";
import { createJobService, type JobService } from "./service";

export { renderReport } from "./reports";

export interface JobsOptions {
  mode: AccessMode;
  /** What other systems offer to be run. */
  handlers: readonly SimulationHandler[];
  unavailable: readonly UnavailableType[];
}

type JobsPlatform = Pick<
  Platform,
  | "config"
  | "clock"
  | "pool"
  | "log"
  | "metrics"
  | "random"
  | "storage"
  | "blobs"
  | "openPool"
  | "secretKey"
  | "stopping"
>;

const OWN_HANDLERS: readonly SimulationHandler[] = [selftest, monteCarlo, seir];
const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const PAGE = "jobs";

/** Jobs and reports as a system. */
export function createJobs(platform: JobsPlatform, options: JobsOptions): System {
  const { config, clock, log } = platform;
  const records = openRecords(platform.storage, platform.blobs);
  const registry = createRegistry([...OWN_HANDLERS, ...options.handlers], options.unavailable);
  const reportHandlers = new Map(builtInReports.map((handler) => [handler.type, handler]));
  const accounts = createAccounts({
    storage: platform.storage,
    secretKey: platform.secretKey,
    clock,
    tokenLifetimeS: config.ACCESS_TOKEN_EXPIRE_MINUTES * 60,
    adminEmail: config.JOBS_ADMIN,
  });
  const concurrency = config.JOBS_CONCURRENCY ?? availableParallelism();
  const slots = platform.openPool(concurrency);
  const runners = createRunners({ platform, records, registry, reportHandlers, accounts, slots, concurrency });
  const limits: SubmitLimits = {
    thresholdBytes: config.PARAMETERS_SIZE_THRESHOLD,
    maxAttempts: config.JOBS_MAX_ATTEMPTS,
    maxQueuedPerUser: config.JOBS_MAX_QUEUED_PER_USER,
  };
  const inside: Inside = { records, registry, reportHandlers, accounts, runners, limits };
  const jobs = jobServiceOf(platform, inside);
  const monitor = createMonitor(records, runners, jobs);
  const measures = createMeasures(platform.metrics, records, runners);
  const taken = takenQueues(config.JOBS_QUEUES, runners);
  let stopChores: (() => Promise<void>) | undefined;
  return {
    name: "jobs",
    anyOrigin: true,
    ...routesOf(platform, options.mode, inside, jobs, monitor),
    async start() {
      if (config.CELERY_RESULT_BACKEND !== undefined) {
        log.write("info", "CELERY_RESULT_BACKEND is not used: results are kept in the database");
      }
      if (config.JOBS_ADMIN !== undefined) await accounts.promote(config.JOBS_ADMIN);
      await addPlugins(platform, inside);
      await refillQueues(records, config.DATABASE_URL === undefined);
      for (const runner of taken) runner.start();
      stopChores = runChores(clock, choresOf(platform, inside, measures), logFaults(log));
    },
    async stop() {
      await stopChores?.();
      await Promise.all(taken.map((runner) => runner.stop(config.DRAIN_TIMEOUT_S * 1000)));
    },
    docsAt: config.API_V1_PREFIX,
    maxBodyBytes: config.JOBS_MAX_BODY_BYTES,
    health: () => ({ ready: true, status: "healthy", service: config.APP_NAME }),
    about: () => ({ service: config.APP_NAME, version: config.APP_VERSION, docs: `${config.API_V1_PREFIX}/docs` }),
    ...shownOf(runners, registry, concurrency),
    files: [{ name: "blobs", meaning: "large results, parameters and files of reports" }],
    securitySchemes: {
      [JOBS_BEARER]: {
        type: "http",
        scheme: "bearer",
        description: `A token of jobs and reports, from POST ${config.API_V1_PREFIX}/auth/login.`,
      },
    },
  };
}

interface Inside {
  records: Records;
  registry: Registry;
  reportHandlers: Map<string, ReportHandler>;
  accounts: Accounts;
  runners: Runners;
  limits: SubmitLimits;
}

function jobServiceOf({ config, clock }: JobsPlatform, { records, registry, limits, runners }: Inside): JobService {
  const linkTtlS = config.PRESIGNED_URL_EXPIRY;
  return createJobService({ records, registry, limits, clock, linkTtlS, runner: runners.simulations });
}

function routesOf(
  platform: JobsPlatform,
  mode: AccessMode,
  { records, registry, reportHandlers, accounts, runners }: Inside,
  service: JobService,
  monitor: Monitor,
): Pick<System, "routes" | "aside"> {
  const { config, clock, log, stopping } = platform;
  const prefix = config.API_V1_PREFIX;
  const maxBodyBytes = config.JOBS_MAX_BODY_BYTES;
  const access = createAccess(accounts, config.PUBLIC_URL);
  const reports = createReportService({
    records,
    clock,
    linkTtlS: config.PRESIGNED_URL_EXPIRY,
    handlers: reportHandlers,
    wake: () => runners.reports.wake(),
    pool: platform.pool,
  });
  const wakeCallbacks = () => runners.callbacks.wake();
  const routes = jobsRoutes({
    log,
    auth: [prefix, accounts, access, mode],
    simulations: { prefix, service, records, access, maxBodyBytes, wakeCallbacks },
    events: { prefix, records, access, clock, stopping },
    reports: [prefix, reports, access, maxBodyBytes],
    schedules: [prefix, createScheduleService(records, registry, clock), access, maxBodyBytes],
    handlers: [prefix, registry, reports.handlers, access],
    monitor: [prefix, monitor, access],
    storage: [prefix, { usage: records.usage, accounts, clock, retention: retentionOf(config) }, access],
  });
  const secret = config.FLOWER_BASIC_AUTH;
  if (secret === undefined) return { routes };
  return {
    routes: routes.use(flowerAlone(log, "/flower/api", monitor, secret)),
    aside: { FLOWER_PORT: flowerAlone(log, "/api", monitor, secret) },
  };
}

/** A plug-in of a type that is there already takes its place, which is told. */
async function addPlugins({ config, clock, log }: JobsPlatform, { registry, reportHandlers }: Inside): Promise<void> {
  const { PLUGINS_DIR: folder, PLUGIN_MEMORY_MB: memoryMb } = config;
  if (folder === undefined) return;
  const { simulations, reports } = await loadPlugins({ folder, memoryMb, clock, log });
  for (const handler of simulations) {
    const { type } = handler;
    if (registry.find(type) !== undefined) log.write("warning", "a plug-in takes the place of a handler", { type });
    registry.add(handler);
  }
  for (const handler of reports) {
    const { type } = handler;
    if (reportHandlers.has(type)) log.write("warning", "a plug-in takes the place of a report", { type });
    reportHandlers.set(type, handler);
  }
}

/** What the pages show of it. */
function shownOf({ simulations }: Runners, registry: Registry, concurrency: number) {
  const running = () => simulations.load().running.length;
  return {
    page: PAGE,
    card: () => ({
      title: "Jobs",
      figure: `${running()} running`,
      caption: `of ${concurrency} at a time`,
      action: { label: "Run a simulation", href: `/${PAGE}` },
    }),
    statusLine: () => [`${countWords(running())} running`],
    find: async (query: string) => findTypes(registry, query),
  };
}

function countWords(jobs: number): string {
  return jobs === 1 ? "1 job" : `${jobs} jobs`;
}

/** Call-backs go out wherever jobs end. */
function takenQueues(names: readonly string[], { simulations, reports, callbacks }: Runners) {
  const byName = { simulations, reports };
  const taken = Object.entries(byName).filter(([name]) => names.includes(name));
  return [...taken.map(([, runner]) => runner), callbacks];
}

function retentionOf({ JOBS_RETENTION_DAYS, JOBS_EVENTS_RETENTION_DAYS }: JobsPlatform["config"]) {
  return { keepDays: JOBS_RETENTION_DAYS, keepEventsDays: JOBS_EVENTS_RETENTION_DAYS };
}

function choresOf({ clock, config }: JobsPlatform, inside: Inside, measures: Measures) {
  const { records, registry, limits, accounts, runners } = inside;
  return [
    {
      what: "starting jobs by the clock",
      everyMs: SECOND_MS,
      firstAfterMs: 0,
      async run() {
        const started = await startDue(records, registry, limits, clock.now());
        if (started > 0) runners.simulations.wake();
      },
    },
    { what: "measuring jobs", everyMs: 5 * SECOND_MS, firstAfterMs: 0, run: measures.renew },
    {
      what: "removing old jobs",
      everyMs: HOUR_MS,
      firstAfterMs: HOUR_MS / 60,
      async run() {
        await removeOld(records, retentionOf(config), clock.now());
        await accounts.tidy();
      },
    },
  ];
}
