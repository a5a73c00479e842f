import { serialize } from "bun:jsc";
import { existsSync } from "node:fs";
import type { Child } from "../../../../platform/compute/child";
import { messageOf } from "../../../../platform/errors";
import type { HistorySnapshot } from "../../history/snapshot";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import type { BatchHooks, BatchJob } from "../run/job";
import type { DeviceFigures } from "./deviceBatch";
import {
  type BatchInput,
  type BatchPartial,
  type BatchReply,
  figuresFrom,
  jobFrames,
  type TrialReport,
} from "./message";

/** The card of this machine, as far as it is known. */
export type CardState =
  | { phase: "untried" }
  | { phase: "trying" }
  | { phase: "ready"; adapter: string; isSoftware: boolean; runsPerS: number; leastMs: number }
  | { phase: "unusable"; adapter: string | null; reason: string };

/** What a batch on the card came to; declined where the engine of the CPU must do it, with the reason as a clause. */
export type CardOutcome =
  | { kind: "declined"; reason: string }
  | { kind: "done"; figures: DeviceFigures; adapter: string; reply: Extract<BatchReply, { kind: "done" }> };

/** Batches on the GPU, in a child that may crash. */
export interface Card {
  state(): CardState;
  /** Tries the device, once; later calls tell what was found. */
  tried(): Promise<CardState>;
  /** @throws RequestError as `Child.run` does. */
  run(job: BatchJob, history: HistorySnapshot, hooks: BatchHooks): Promise<CardOutcome>;
}

/** What drivers leave on a machine with a card. Where none is, a trial is left until somebody asks for the GPU. */
const DRIVER_FILES = ["/dev/nvidiactl", "/dev/dri", "/dev/dxg", "/dev/kfd"];

const TRIAL_TIMEOUT_MS = 60_000;
const LEAST_TIMEOUT_MS = 30_000;
/** A batch that takes so many times what it should is taken to hang. */
const TIMEOUT_FACTOR = 20;
/** Runs a second of an adapter whose speed was not measured. */
const SLOWEST_RUNS_PER_S = 100;

/** Whether this machine looks as if it had a card. */
export function hasDriver(): boolean {
  return DRIVER_FILES.some((path) => existsSync(path));
}

/** Milliseconds that a job should take on a card that is ready. */
export function cardMs({ runs, forecastDays }: Pick<BatchJob, "runs" | "forecastDays">, state: CardState): number {
  if (state.phase !== "ready") return Infinity;
  const perS = Math.max(SLOWEST_RUNS_PER_S, state.runsPerS);
  return state.leastMs + (1000 * runs * (forecastDays / MAX_FORECAST_DAYS)) / perS;
}

/** @param off why the card is not to be used, as a clause; absent where it may be */
export function createCard(child: Child, onFault: (fault: string) => void, off?: string): Card {
  let state: CardState = off === undefined ? { phase: "untried" } : { phase: "unusable", adapter: null, reason: off };
  let trial: Promise<CardState> | undefined;

  async function trying(): Promise<CardState> {
    state = { phase: "trying" };
    try {
      const { value } = await child.run({ kind: "filecoin.gpuTrial", timeoutMs: TRIAL_TIMEOUT_MS });
      state = stateOf(value as TrialReport);
    } catch (error) {
      state = { phase: "unusable", adapter: null, reason: `its trial failed: ${messageOf(error)}` };
    }
    if (state.phase === "unusable" && state.adapter !== null) onFault(`${state.adapter}: ${state.reason}`);
    return state;
  }

  function tried(): Promise<CardState> {
    trial ??= off === undefined ? trying() : Promise.resolve(state);
    return trial;
  }

  async function run(job: BatchJob, history: HistorySnapshot, hooks: BatchHooks): Promise<CardOutcome> {
    const known = await tried();
    if (known.phase !== "ready") return { kind: "declined", reason: clauseOf(known) };
    const frames = jobFrames(job, (value) => new Uint8Array(serialize(value)));
    const timeoutMs = Math.max(LEAST_TIMEOUT_MS, TIMEOUT_FACTOR * cardMs(job, known));
    const onPartial = (partial: { value: unknown; bulk: Uint8Array<ArrayBuffer>[] }) => {
      const { done, bands } = partial.value as BatchPartial;
      hooks.onProgress?.(done);
      if (bands === null) return;
      const ran = { engine: "gpu-f32", adapter: known.adapter, notes: [] } as const;
      hooks.onBands?.({ ...figuresFrom(partial.bulk, done, bands), ran });
    };
    const send = (withHistory: boolean) =>
      child.run({
        kind: "filecoin.gpuBatch",
        input: { snapshotId: job.snapshotId, withHistory } satisfies BatchInput,
        bulk: withHistory ? [...frames, new Uint8Array(serialize(history))] : frames,
        timeoutMs,
        onPartial,
        ...(hooks.signal && { signal: hooks.signal }),
      });
    let answer = await send(false);
    if ((answer.value as BatchReply).kind === "needs_history") answer = await send(true);
    const reply = answer.value as BatchReply;
    if (reply.kind === "declined") return reply;
    if (reply.kind === "needs_history") return { kind: "declined", reason: "the history was refreshed meanwhile" };
    return { kind: "done", reply, adapter: known.adapter, figures: figuresFrom(answer.bulk, job.runs, reply.bands) };
  }

  return { state: () => state, tried, run };
}

function stateOf({ adapter, isSoftware, trial }: TrialReport): CardState {
  if (adapter === null || trial === null) return { phase: "unusable", adapter: null, reason: "there is no adapter" };
  const name = adapter.description || `${adapter.vendor} ${adapter.architecture}`;
  if (trial.fault !== undefined) return { phase: "unusable", adapter: name, reason: trial.fault };
  return { phase: "ready", adapter: name, isSoftware, runsPerS: trial.runsPerS, leastMs: trial.leastMs };
}

function clauseOf(state: CardState): string {
  return state.phase === "unusable" ? state.reason : "it is not ready";
}
