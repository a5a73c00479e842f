import { hostname } from "node:os";
import type { Accounts } from "../../../platform/auth/accounts";
import type { WorkPool } from "../../../platform/compute/pool";
import type { Platform } from "../../../platform/platform";
import { createRunner, type Runner, type RunnerWork } from "../../../platform/queue/runner";
import { VERSION } from "../../../platform/version";
import { deliveryWork } from "../callbacks/deliver";
import { echoSimulation } from "../handlers/echo";
import type { Registry } from "../handlers/registry";
import type { Records } from "../life/records";
import { createSettling } from "../life/settle";
import { echoReport } from "../reporting/builtIn";
import type { ReportHandler } from "../reporting/handler";
import { reportQueueWork } from "../reporting/work";
import { QUEUES } from "../states";
import { createRunTimes } from "./runTimes";
import { simulationWork } from "./simulations";

/** What takes work from the queues in this process. */
export interface Runners {
  simulations: Runner;
  reports: Runner;
  callbacks: Runner;
  /** Names this process in leases and events. */
  worker: string;
}

export interface RunnersOptions {
  platform: RunnersPlatform;
  records: Records;
  registry: Registry;
  reportHandlers: ReadonlyMap<string, ReportHandler>;
  accounts: Accounts;
  slots: WorkPool;
  concurrency: number;
}

export type RunnersPlatform = Pick<Platform, "config" | "clock" | "log" | "metrics" | "random">;

const REPORTS_AT_A_TIME = 1;
const CALLBACKS_AT_A_TIME = 8;

export function createRunners(options: RunnersOptions): Runners {
  const { platform, records, concurrency } = options;
  const { config, clock, log } = platform;
  const worker = `${hostname()}:${process.pid}:${crypto.randomUUID().slice(0, 8)}`;
  const runner = (name: string, slots: number, work: RunnerWork, mostPerOwner = 0) =>
    createRunner({ queue: records.queue, name, worker, slots, mostPerOwner, clock, log, ...work });
  return {
    worker,
    simulations: runner(
      QUEUES.simulations,
      concurrency,
      simulationRunnerWork(options, worker),
      config.JOBS_MAX_RUNNING_PER_USER,
    ),
    reports: runner(QUEUES.reports, REPORTS_AT_A_TIME, reportRunnerWork(options)),
    callbacks: runner(QUEUES.callbacks, CALLBACKS_AT_A_TIME, callbackRunnerWork(options)),
  };
}

function simulationRunnerWork({ platform, records, registry, slots }: RunnersOptions, worker: string): RunnerWork {
  const { config, clock, log, random, metrics } = platform;
  const settling = createSettling({
    records,
    worker,
    version: VERSION,
    thresholdBytes: config.PARAMETERS_SIZE_THRESHOLD,
    maxLost: config.JOBS_MAX_LOST,
    random,
  });
  return simulationWork({
    records,
    registry,
    settling,
    slots,
    clock,
    log,
    times: createRunTimes(metrics),
    timeoutS: config.JOBS_TIMEOUT_S,
    maxResultBytes: config.JOBS_MAX_RESULT_BYTES,
    unknown: config.JOBS_UNKNOWN_TYPE === "echo" ? echoSimulation : undefined,
  });
}

function reportRunnerWork({ platform, records, reportHandlers, slots }: RunnersOptions): RunnerWork {
  const { config, clock, random } = platform;
  return reportQueueWork({
    records,
    handlers: reportHandlers,
    unknown: config.JOBS_UNKNOWN_TYPE === "echo" ? echoReport : undefined,
    slots,
    clock,
    random,
    maxAttempts: config.JOBS_MAX_ATTEMPTS,
    maxLost: config.JOBS_MAX_LOST,
    timeoutS: config.JOBS_TIMEOUT_S,
  });
}

function callbackRunnerWork({ platform, records, accounts }: RunnersOptions): RunnerWork {
  const { config, clock, random } = platform;
  return deliveryWork({ records, accounts, clock, random, allowPrivate: config.CALLBACK_ALLOW_PRIVATE });
}
