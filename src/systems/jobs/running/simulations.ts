import type { Log } from "../../../platform/log";
import type { Lease } from "../../../platform/queue/entry";
import type { RunnerWork, StopReason } from "../../../platform/queue/runner";
import type { SimulationHandler } from "../../../platform/simulations";
import type { Registry } from "../handlers/registry";
import type { Settling } from "../life/settle";
import type { JobRow } from "../tables";
import { type AttemptOptions, type Outcome, runAttempt } from "./attempt";
import { createRecorder } from "./recorder";
import type { RunTimes } from "./runTimes";

export interface SimulationWorkOptions extends AttemptOptions {
  registry: Registry;
  settling: Settling;
  log: Log;
  times: RunTimes;
  /** What runs a type that nobody knows; absent where that is a failure. */
  unknown: SimulationHandler | undefined;
}

/** How the runner of the queue of simulations does its pieces. */
export function simulationWork(options: SimulationWorkOptions): RunnerWork {
  const { records, settling } = options;

  async function run(lease: Lease, signal: AbortSignal, free: () => void): Promise<void> {
    const job = await records.jobs.whole(lease.id);
    // It was called off between its claim and now.
    if (job?.status !== "RUNNING" || job.runNumber !== lease.number) return;
    records.hub.changed(job.id);
    const startedAt = options.clock.now();
    options.times.started(job, startedAt);
    const recorder = createRecorder(records, options.clock, options.log, job);
    const outcome = await outcomeOf(options, job, recorder, signal);
    // The thread is idle by now; the next piece need not wait for the disk.
    free();
    await recorder.end();
    await settle(settling, job, lease, outcome);
    await recorder.checkpoint.tidy();
    options.times.ended(job, outcome.kind, options.clock.now() - startedAt);
  }

  return { begin: settling.begin, run, lost: settling.lost };
}

function outcomeOf(
  options: SimulationWorkOptions,
  job: JobRow,
  recorder: ReturnType<typeof createRecorder>,
  signal: AbortSignal,
): Promise<Outcome> | Outcome {
  const handler = options.registry.find(job.simulationType) ?? options.unknown;
  if (handler !== undefined) return runAttempt(options, handler, job, recorder, signal);
  const known = options.registry.unavailable().find(({ type }) => type === job.simulationType);
  const message =
    known === undefined
      ? `There is no handler for simulation type ${job.simulationType}; GET /handlers lists the types.`
      : `Simulation type ${job.simulationType} cannot be run here: ${known.reason}`;
  return { kind: "failure", failure: { code: "NO_HANDLER", message, isPermanent: true } };
}

async function settle(settling: Settling, job: JobRow, lease: Lease, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case "result":
      return settling.complete(job, lease, outcome.bytes);
    case "failure":
      return settling.fail(job, lease, outcome.failure);
    case "lost":
      return settling.loseNow(job, lease);
    case "stopped":
      return settleStopped(settling, job, lease, outcome.reason);
  }
}

/** A job that was called off, or that somebody else holds by now, is settled by them. */
async function settleStopped(settling: Settling, job: JobRow, lease: Lease, reason: StopReason): Promise<void> {
  if (reason === "draining") await settling.giveBack(job, lease);
}
