import type { z } from "zod";
import type { Config } from "../../config/settings";
import type { WorkPool } from "../../platform/compute/pool";
import { type SimulationContext, type SimulationHandler, simulationHandler } from "../../platform/simulations";
import { VERSION } from "../../platform/version";
import { CONTRACT_SHAPE } from "./answers/shape";
import type { AdmittedRequest } from "./batch/answers/options";
import { costOf, createCpuBatchEngine } from "./batch/run/cpuEngine";
import type { Checkpoints } from "./batch/run/job";
import { MAX_RUNS, monteCarloRequest, sensitivityRequest, sweepRequest } from "./batch/schema/requests";
import { type BatchService, createBatchService } from "./batch/service";
import { snapshotId } from "./history/identity";
import type { HistorySnapshot } from "./history/snapshot";
import { scenarioFrom } from "./scenario";
import { simulateRequest } from "./schema/requests";
import { OUTPUT_NAMES } from "./schema/series";

export interface SimulationsOptions {
  config: Pick<Config, "FILECOIN_KNOWN_TRIM" | "COMPUTE_MAX_WAIT_S">;
  /** @throws RequestError 503 while there is no history. */
  history: () => HistorySnapshot;
}

/** What can be submitted of the forecaster: the same requests as over HTTP, with the same answers. */
export function filecoinSimulations(options: SimulationsOptions): SimulationHandler[] {
  return [
    forecastHandler(options),
    batchHandler(options, {
      type: "filecoin_sweep",
      title: "Filecoin sweep",
      summary: "Varies inputs of the forecast over a grid or a Latin hypercube; bands and values of every run.",
      parameters: sweepRequest,
      example: {
        method: "latin_hypercube",
        runs: 200,
        seed: 7,
        forecast_length_days: 730,
        axes: { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } },
      },
      admit: (service, request) => service.sweep(request),
    }),
    batchHandler(options, {
      type: "filecoin_monte_carlo",
      title: "Filecoin Monte Carlo",
      summary: "Bands over runs of the forecast whose rates come about by chance, as in the history.",
      parameters: monteCarloRequest,
      example: { runs: 500, seed: 7, forecast_length_days: 730 },
      admit: (service, request) => service.monteCarlo(request),
    }),
    batchHandler(options, {
      type: "filecoin_sensitivity",
      title: "Filecoin sensitivity",
      summary: "What each input does to the results: Sobol indices of the forecast.",
      parameters: sensitivityRequest,
      example: {
        samples: 128,
        seed: 7,
        forecast_length_days: 365,
        ranges: { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } },
      },
      admit: (service, request) => service.sensitivity(request),
    }),
  ];
}

function forecastHandler({ config, history }: SimulationsOptions): SimulationHandler {
  return simulationHandler({
    type: "filecoin_forecast",
    title: "Filecoin forecast",
    summary: "Supply, network power, pledge and returns for up to ten years.",
    parameters: simulateRequest,
    example: { forecast_length_days: 365, rbp: 5 },
    async run({ output, ...members }, context) {
      const scenario = scenarioFrom(members, history().smoothed, {
        rules: "plain",
        knownTrim: config.FILECOIN_KNOWN_TRIM,
      });
      const input = { scenario, names: output ?? OUTPUT_NAMES, shape: CONTRACT_SHAPE };
      return (await context.calculate("filecoin.simulate", input)).bytes;
    },
  });
}

interface BatchKind<Schema extends z.ZodType> {
  type: string;
  title: string;
  summary: string;
  parameters: Schema;
  example: Record<string, unknown>;
  admit(service: BatchService, request: z.output<Schema>): AdmittedRequest;
}

/** A batch on the threads of its own run: it ends with them, and waits for no other batch. */
function batchHandler<Schema extends z.ZodType>(
  { config, history }: SimulationsOptions,
  { admit, ...kind }: BatchKind<Schema>,
): SimulationHandler {
  return simulationHandler({
    ...kind,
    async run(request, context) {
      const pool = threadsOf(context);
      const engine = createCpuBatchEngine(pool);
      const service = createBatchService({ pool, config, history, engine, maxRuns: () => MAX_RUNS, costOf });
      const work = admit(service, request);
      const { bytes } = await work({
        format: "json",
        signal: context.signal,
        onProgress: (done, total) => context.progress(done / total, `${done} of ${total} runs`),
        checkpoints: await checkpointsOf(context, snapshotId(history())),
      });
      return bytes;
    },
  });
}

/** What a checkpoint says of the figures beside it. */
interface BatchCheckpoint {
  done: number;
  /** Other figures came of another history or program. */
  snapshot: string;
  version: string;
}

/** Work that a killed server does again at most, unless keeping it would take more than this share of the time. */
const [CHECKPOINT_EVERY_MS, MAX_KEEPING_SHARE] = [1000, 0.05];

async function checkpointsOf(context: SimulationContext, snapshot: string): Promise<Checkpoints> {
  const kept = context.checkpoint as BatchCheckpoint | undefined;
  const fits = kept?.snapshot === snapshot && kept.version === VERSION;
  const bytes = fits ? await context.checkpointBulk() : undefined;
  if (kept !== undefined && bytes === undefined)
    context.log("Begins anew: the checkpoint is of another history or version.");
  if (bytes !== undefined) context.log(`Goes on after ${kept!.done} runs.`);
  return {
    everyMs: CHECKPOINT_EVERY_MS,
    maxShare: MAX_KEEPING_SHARE,
    from: bytes && { done: kept!.done, bytes },
    save: (done, parts) =>
      context.saveCheckpoint({ done, snapshot, version: VERSION } satisfies BatchCheckpoint, streamOf(parts)),
  };
}

/** Pieces of shared memory as a stream; each is copied when it is its turn. */
function streamOf(parts: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const rest = parts[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = rest.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value.slice());
    },
  });
}

/** The threads that a run may use, as the engine asks for them. */
function threadsOf({ calculate, threads }: SimulationContext): Pick<WorkPool, "run" | "load"> {
  return {
    run: ({ kind, input, onPartial }) => calculate(kind, input, onPartial),
    load: () => ({ workers: threads, running: 0, waiting: 0, expectedWaitMs: 0 }),
  };
}
