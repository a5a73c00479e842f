import { messageOf, RequestError } from "../../../../platform/errors";
import type { HistorySnapshot } from "../../history/snapshot";
import { costOf } from "../run/cpuEngine";
import type { BatchFigures } from "../run/figures";
import type { BatchEngine, BatchHooks, BatchJob } from "../run/job";
import { MAX_CARD_RUNS, MAX_RUNS } from "../schema/requests";
import { type Card, cardMs } from "./card";

export interface EitherEngineOptions {
  cpu: BatchEngine;
  card: Card;
  /** Workers of the engine of the CPU. */
  workers: () => number;
  /** Longest that a batch which lost its card may take on the CPU, seconds. */
  maxWaitS: number;
  history: () => HistorySnapshot;
  /** Told of each batch when it is over. */
  onDone: (figures: BatchFigures) => void;
}

/** Either engine, and what a batch may ask of it. */
export interface EitherEngine extends BatchEngine {
  /** Most runs of a batch, as long as the card is what it is now. */
  maxRuns(): number;
  /** Milliseconds of one core of the pool that a batch takes. */
  costOf(job: Pick<BatchJob, "engine" | "runs" | "forecastDays">): number;
}

const CLIENT_CLOSED_REQUEST = 499;
/** Handing a batch over to the child and back. */
const HANDOVER_MS = 5;

/**
 * Runs each job where it was asked to be run, or where it ends sooner; docs/gpu.md, "Which engine". What the card does
 * not do goes on on the CPU, and the figures say why.
 */
export function createEitherEngine(options: EitherEngineOptions): EitherEngine {
  const { cpu, card, workers, maxWaitS, history, onDone } = options;

  function takesCard(job: Pick<BatchJob, "engine" | "runs" | "forecastDays">): boolean {
    if (job.engine !== "auto") return job.engine === "gpu";
    const state = card.state();
    if (state.phase !== "ready" || state.isSoftware) return false;
    return cardMs(job, state) + HANDOVER_MS < costOf(job) / workers();
  }

  async function onCpu(job: BatchJob, hooks: BatchHooks, note: string): Promise<BatchFigures> {
    const waitS = costOf(job) / workers() / 1000;
    if (waitS > maxWaitS) {
      const detail = `The GPU does not do this batch: ${note}. The CPU would take about ${Math.round(waitS)} s; the limit is ${maxWaitS} s. Ask for fewer runs.`;
      throw new RequestError(503, detail, { retryAfterS: 10 });
    }
    const figures = await cpu.run(job, hooks);
    return { ...figures, ran: { ...figures.ran, notes: [`The CPU did this batch, not the GPU: ${note}.`] } };
  }

  async function onCard(job: BatchJob, hooks: BatchHooks): Promise<BatchFigures> {
    const began = performance.now();
    let outcome: Awaited<ReturnType<Card["run"]>>;
    try {
      outcome = await card.run(job, history(), hooks);
    } catch (error) {
      if (error instanceof RequestError && error.status === CLIENT_CLOSED_REQUEST) throw error;
      return onCpu(job, hooks, messageOf(error).replace(/\.$/, ""));
    }
    if (outcome.kind === "declined") return onCpu(job, hooks, outcome.reason);
    const { figures, adapter, reply } = outcome;
    const { kernelMs, quantilesMs, transferMs, redoneMs } = reply.times;
    const milliseconds = {
      kernel: rounded(kernelMs),
      quantiles: rounded(quantilesMs),
      redone: rounded(redoneMs),
      transfer: rounded(transferMs),
      device: rounded(reply.times.totalMs),
      total: rounded(performance.now() - began),
    };
    const { chunkRuns, redone: redoneRuns } = reply;
    return { ...figures, ran: { engine: "gpu-f32", adapter, chunkRuns, redoneRuns, milliseconds, notes: [] } };
  }

  return {
    maxRuns: () => (isRealCard(card) ? MAX_CARD_RUNS : MAX_RUNS),
    costOf: (job) => (takesCard(job) && isRealCard(card) ? cardMs(job, card.state()) : costOf(job)),
    async run(job, hooks = {}) {
      const figures = await (takesCard(job) ? onCard(job, hooks) : cpu.run(job, hooks));
      onDone(figures);
      return figures;
    },
  };
}

function isRealCard(card: Card): boolean {
  const state = card.state();
  return state.phase === "ready" && !state.isSoftware;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
