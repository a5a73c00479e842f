import type { Clock } from "../../../platform/clock";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import { type KeptHistory, readCache, writeCache } from "./cache";
import { ageDaysOf, reanchored } from "./reanchor";
import { type Schedule, untilNextMs } from "./schedule";
import type { HistorySnapshot } from "./snapshot";
import { startRule } from "./startRules";

export interface LoadProgress {
  done: number;
  total: number;
}

/** Fetches a history that ends the day before `today`, `YYYY-MM-DD` UTC. */
export type FetchHistory = (
  today: string,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
) => Promise<{ history: HistorySnapshot; notes: string[] }>;

export interface HistoryKeeperOptions {
  /** A history from a file, which then is the only one. */
  file: HistorySnapshot | undefined;
  /** Where the last history is kept. */
  cachePath: string;
  /** Absent without a token. */
  fetchHistory: FetchHistory | undefined;
  startDate: string;
  fallback: "none" | "sample";
  outdated: "asItIs" | "reanchored";
  schedule: Schedule;
  sample: () => HistorySnapshot;
  clock: Clock;
  log: Log;
  /** Receives each snapshot that is to be served from now on. */
  onSnapshot: (snapshot: HistorySnapshot) => void;
}

/** How the last or the present load stands. A snapshot may be there in every phase. */
export type LoadState =
  | ({ phase: "loading" } & LoadProgress)
  | { phase: "ready" }
  /** `nextTryAt` is ISO 8601, UTC. */
  | { phase: "failed"; sentence: string; nextTryAt: string };

export interface HistoryView {
  state: LoadState;
  /** What is served; undefined while a first history is loaded. */
  snapshot: HistorySnapshot | undefined;
  /** Days from the last day of the true history to today; 1 is as new as it can be. */
  ageDays: number | undefined;
  /** 0 where the dates are the true ones. */
  reanchoredByDays: number;
  /** What a reader of the figures should know. */
  notes: readonly string[];
}

/** Holds the history that is served, and sees that it stays new. */
export interface HistoryKeeper {
  /** Ends when it is known what is served first; a fetch goes on behind. */
  start(): Promise<void>;
  view(): HistoryView;
  /** Calls off what is under way. */
  stop(): Promise<void>;
}

/** After a load that failed, the next one does not wait for the daily time. */
const RETRY_MS = 30 * 60_000;
const READY: LoadState = { phase: "ready" };

export function createHistoryKeeper(options: HistoryKeeperOptions): HistoryKeeper {
  return new Keeper(options);
}

class Keeper implements HistoryKeeper {
  readonly #options: HistoryKeeperOptions;
  readonly #stopping = new AbortController();
  #state = READY;
  /** What the cache holds, or should hold. */
  #kept: KeptHistory | undefined;
  /** The history to serve, with its true dates. */
  #facts: HistorySnapshot | undefined;
  #served: HistorySnapshot | undefined;
  #notes: readonly string[] = [];
  /** The refresh that is under way or was the last. */
  #round: Promise<void> | undefined;
  #callOff: (() => void) | undefined;

  constructor(options: HistoryKeeperOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { file, fetchHistory, fallback, startDate, sample, schedule, clock } = this.#options;
    if (file === undefined) await this.#lookIntoCache();
    const rule = startRule({
      file: file === undefined ? "none" : "given",
      kept: this.#kept,
      token: fetchHistory === undefined ? "none" : "given",
      fallback,
      startDate,
      today: this.#today(),
    });
    const first = { file: () => file, kept: () => this.#kept?.history, sample, nothing: () => undefined };
    this.#facts = first[rule.serve]();
    this.#serve();
    if (rule.fetch === "now") this.#round = this.#refreshAndPlan();
    else if (rule.serve !== "file") this.#plan(untilNextMs(schedule, clock.now()));
  }

  view(): HistoryView {
    return {
      state: this.#state,
      snapshot: this.#served,
      ageDays: this.#facts === undefined ? undefined : ageDaysOf(this.#facts, this.#today()),
      reanchoredByDays: this.#served?.reanchoredByDays ?? 0,
      notes: this.#notes,
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the service stops"));
    this.#callOff?.();
    await this.#round;
  }

  #today(): string {
    return isoTime(this.#options.clock.now()).slice(0, 10);
  }

  async #lookIntoCache(): Promise<void> {
    const look = await readCache(this.#options.cachePath);
    if (look.found === "history") {
      this.#kept = look.kept;
      this.#notes = look.kept.notes;
    }
    if (look.found === "unusable") {
      this.#notes = [look.sentence];
      this.#options.log.write("warning", "the kept Filecoin history is not used", { reason: look.sentence });
    }
  }

  /** Serves the facts under the dates that they are to have today. */
  #serve(): void {
    if (this.#facts === undefined) return;
    const moves = this.#options.outdated === "reanchored" && this.#facts === this.#kept?.history;
    const next = moves ? reanchored(this.#facts, this.#today()) : this.#facts;
    if (next === this.#served) return;
    this.#served = next;
    this.#options.onSnapshot(next);
  }

  #plan(waitMs: number): void {
    this.#callOff = this.#options.clock.after(waitMs, () => {
      this.#round = this.#refreshAndPlan();
    });
  }

  async #refreshAndPlan(): Promise<void> {
    const { fetchHistory, schedule, clock } = this.#options;
    const fault = fetchHistory === undefined ? undefined : await this.#refresh(fetchHistory);
    if (this.#stopping.signal.aborted) return;
    this.#serve();
    const nextMs = untilNextMs(schedule, clock.now());
    const waitMs = fault === undefined ? nextMs : Math.min(nextMs, RETRY_MS);
    const nextTryAt = isoTime(clock.now() + waitMs);
    this.#state = fault === undefined ? READY : { phase: "failed", sentence: fault, nextTryAt };
    this.#plan(waitMs);
  }

  /** The sentence that tells why what is there stays as it is; undefined when it was replaced. */
  async #refresh(fetchHistory: FetchHistory): Promise<string | undefined> {
    const { clock, log } = this.#options;
    this.#state = { phase: "loading", done: 0, total: 0 };
    try {
      const fetched = await fetchHistory(this.#today(), this.#stopping.signal, (progress) => {
        this.#state = { phase: "loading", ...progress };
      });
      this.#kept = { ...fetched, storedAt: isoTime(clock.now()) };
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.write("error", "the Filecoin history was not fetched", { error });
      return messageOf(error);
    }
    this.#facts = this.#kept.history;
    this.#notes = this.#kept.notes;
    log.write("info", "the Filecoin history is fetched", { until: this.#facts.currentDate, notes: this.#notes });
    await this.#keep(this.#kept);
    return undefined;
  }

  async #keep(kept: KeptHistory): Promise<void> {
    try {
      await writeCache(this.#options.cachePath, kept);
    } catch (error) {
      const what = `The history is served but could not be kept for the next start: ${messageOf(error)}.`;
      this.#notes = [...this.#notes, what];
      this.#options.log.write("error", "the Filecoin history was not kept", { error });
    }
  }
}

/** Why there is no history yet and what to do, for whoever asks for a forecast meanwhile. */
export function waitingSentence({ state }: HistoryView): string {
  const standing = "Historical data not loaded yet; try again shortly";
  const meanwhile = "FILECOIN_HISTORY_FALLBACK=sample serves the sample meanwhile, --history FILE a file.";
  if (state.phase === "loading") return `${standing}. ${state.done} of ${state.total} requests are done. ${meanwhile}`;
  if (state.phase === "ready") return standing;
  return `${standing}. ${state.sentence} The next try is at ${state.nextTryAt}. ${meanwhile}`;
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
