import { availableParallelism, hostname } from "node:os";
import { blobRoutes } from "../../platform/blobs/routes";
import type { WorkPool } from "../../platform/compute/pool";
import type { AccessMode } from "../../platform/http/strangers";
import type { Platform } from "../../platform/platform";
import { createRunner, type Runner } from "../../platform/queue/runner";
import type { System } from "../../platform/system";
import { VERSION } from "../../platform/version";
import { openRecords, type Records, RUN_QUEUE } from "./records";
import { createAccess, EPISTEMIX_BEARER, epistemixRoutes, OFFLINE_TOKEN, pageRoutes, sideBySide } from "./routes";
import { runWork } from "./running/runner";
import { fredSimulation } from "./running/simulation";
import { type FaultFinder, faultFinder } from "./runs/configuration";
import { CONTRACT_UPLOADS, contractPresentation, livePresentation } from "./runs/profiles";
import { createEpistemixService } from "./service";
import { createViewService, type ReportMaker, type ViewService } from "./views/service";

/** The FRED language, which a server that runs no model never needs. */
export const loadFred = () => import("./fred");
export { type KeptFile, openShelf, type Shelf } from "./keeping/shelf";
export { signedScopes, writeToken } from "./tokens/token";
export type { ReportMaker } from "./views/service";

type EpistemixPlatform = Pick<
  Platform,
  "config" | "clock" | "log" | "storage" | "blobs" | "blobKey" | "openPool" | "pool" | "stopping"
>;

export interface EpistemixOptions {
  /** Whether the page lets the user of this machine in without a token. */
  mode: AccessMode;
  /** What makes the file of a report. */
  report: ReportMaker;
}

const PAGE = "epidemics";

const ENDPOINTS = {
  register: "/jobs/register",
  jobs: "/jobs",
  results: "/jobs/results",
  runs: "/runs",
  health: "/health",
};

const ABOUT = {
  name: "Epistemix API",
  version: VERSION,
  description: "Runs of epidemic models in the FRED language, for the epx client.",
  endpoints: ENDPOINTS,
};

const UNSIGNED_TOKENS =
  "whoever reaches this address can be any user of the epidemic platform: set EPISTEMIX_TOKEN_SECRET, which signs tokens";

const SECURITY_SCHEMES: NonNullable<System["securitySchemes"]> = {
  [OFFLINE_TOKEN]: {
    type: "apiKey",
    in: "header",
    name: "Offline-Token",
    description: "`Bearer` and a token of the epidemic platform, as `token --system epistemix` prints it.",
  },
  [EPISTEMIX_BEARER]: {
    type: "http",
    scheme: "bearer",
    description: "The same token of the epidemic platform as a bearer token.",
  },
};

/** The epidemic platform as a system. */
export function createEpistemix(platform: EpistemixPlatform, { mode, report }: EpistemixOptions): System {
  const { config, clock, log, blobs } = platform;
  const records = openRecords(platform.storage, blobs);
  const isLive = config.EPISTEMIX_PROFILE === "live";
  const runner = isLive ? runnerOf(platform, records) : undefined;
  const ownership = config.EPISTEMIX_ENFORCE_OWNERSHIP ? "own" : "all";
  const service = createEpistemixService({
    records,
    clock,
    ownership,
    presentation: isLive ? livePresentation(blobs, config.PRESIGNED_URL_EXPIRY) : contractPresentation(),
    runner,
    faultsOf: checksOf(platform, records),
  });
  const access = createAccess({
    tokenSecret: config.EPISTEMIX_TOKEN_SECRET,
    publicUrl: config.PUBLIC_URL,
    maxBodyBytes: config.MAX_BODY_BYTES,
  });
  const health = () => ({
    status: "healthy",
    service: "epistemix-api",
    timestamp: new Date(clock.now()).toISOString(),
  });
  const routesAt = (prefix: "/epistemix" | "") => {
    const uploadStubs = isLive ? [] : Object.values(CONTRACT_UPLOADS);
    return epistemixRoutes({ prefix, log, service, access, health, about: () => ABOUT, uploadStubs });
  };
  const uploads = blobRoutes({ blobs, key: platform.blobKey, clock, log, maxBytes: config.BLOB_MAX_BYTES });
  const views = createViewService({ records, service, ownership, blobs, clock, pool: platform.pool, report });
  return {
    name: "epistemix",
    anyOrigin: true,
    page: PAGE,
    routes: sideBySide(routesAt("/epistemix"), pageOf(platform, mode, views)),
    aside: { EPISTEMIX_PORT: routesAt("").use(uploads) },
    async start() {
      if (!/^(localhost|127\..*|::1)$/.test(config.HOST) && config.EPISTEMIX_TOKEN_SECRET === undefined) {
        log.write("warning", UNSIGNED_TOKENS, { host: config.HOST });
      }
      await beginCounting(platform, records);
      // Whoever ran something before this start is gone where the database is this process's alone.
      if (config.DATABASE_URL === undefined) await records.queue.lapseAll(RUN_QUEUE);
      runner?.start();
    },
    stop: async () => runner?.stop(config.DRAIN_TIMEOUT_S * 1000),
    health: () => ({ ready: true, status: "healthy", service: "epistemix-api", profile: config.EPISTEMIX_PROFILE }),
    about: () => ABOUT,
    card: () => ({
      title: "Epidemics",
      figure: `${runner?.load().running.length ?? 0} running`,
      caption: "runs of models",
      action: { label: "Run a model", href: `/${PAGE}` },
    }),
    securitySchemes: SECURITY_SCHEMES,
    handlers: [fredSimulation],
  };
}

/** The recorded contract knows no model, and a real FRED has locations of its own: neither is checked. */
function checksOf({ config, pool }: EpistemixPlatform, records: Records): FaultFinder {
  const isOurs = config.EPISTEMIX_PROFILE === "live" && config.FRED_BIN === undefined;
  return isOurs ? faultFinder(records, pool) : async (requests) => requests.map(() => []);
}

function pageOf({ config, clock, log, stopping }: EpistemixPlatform, mode: AccessMode, views: ViewService) {
  const { EPISTEMIX_TOKEN_SECRET: tokenSecret, PUBLIC_URL: publicUrl } = config;
  return pageRoutes({ views, mode, tokenSecret, publicUrl, clock, log, stopping });
}

function beginCounting({ storage, config }: EpistemixPlatform, { ids }: Records): Promise<void> {
  return storage.transact(async (db) => {
    await ids.begin(db, "jobs", config.EPISTEMIX_FIRST_JOB_ID);
    await ids.begin(db, "runs", config.EPISTEMIX_FIRST_RUN_ID);
  });
}

function runnerOf({ config, clock, log, openPool }: EpistemixPlatform, records: Records): Runner {
  const slots = config.EPISTEMIX_CONCURRENCY ?? availableParallelism();
  let pool: WorkPool | undefined;
  const threads = () => {
    pool ??= openPool(slots);
    return pool;
  };
  return createRunner({
    queue: records.queue,
    name: RUN_QUEUE,
    worker: `${hostname()}:${process.pid}:${crypto.randomUUID().slice(0, 8)}`,
    slots,
    mostPerOwner: 0,
    clock,
    log,
    ...runWork({ records, slots: threads, clock, log, timeoutS: config.EPISTEMIX_TIMEOUT_S, fredBin: config.FRED_BIN }),
  });
}
