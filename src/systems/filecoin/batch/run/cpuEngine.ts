import type { WorkPool } from "../../../../platform/compute/pool";
import type { WorkAnswer, WorkInput, WorkKind } from "../../../../platform/compute/work";
import { RequestError } from "../../../../platform/errors";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import {
  type BandStore,
  type ColumnFigures,
  type ExactStore,
  exactStore,
  exactStoreBytes,
  type HistogramStore,
  histogramStore,
  MAX_EXACT_STORE_BYTES,
  PILOT_RUNS,
} from "./bandStore";
import { keptParts, restore } from "./checkpoints";
import type { ChunkInput, FiguresRoom } from "./chunk";
import { BAND_SHARES, type BatchFigures } from "./figures";
import { type BatchEngine, type BatchHooks, type BatchJob, type Checkpoints, runOrder } from "./job";
import { inLanes } from "./lanes";
import { createSpareMemory, type SpareMemory } from "./spareMemory";

/** Milliseconds of one core for a run: a fixed part, and a part for each day of ten years; docs/benchmarks.md. */
const RUN_MS = 0.02;
const TEN_YEARS_MS = 0.35;
/** What one piece of work should take: interactive work waits for one at most. */
const PIECE_MS = 6;
/** Most runs of a chunk. More would not make it cheaper, and the block of their values would leave the cache. */
const MAX_CHUNK_RUNS = 32;
/** Values that a piece sorts in `PIECE_MS`. */
const SORTED_PER_PIECE = 1_000_000;
/** Pieces that are handed to the pool for each Worker: one to work at, one for when it is done. */
const PIECES_PER_WORKER = 2;
/** Bands are taken after so many runs, and each time that many times as many are done. */
const FIRST_BANDS_RUNS = 64;
const BANDS_GROWTH = 4;

/** Milliseconds of one core that a job takes. */
export function costOf({ runs, forecastDays }: Pick<BatchJob, "runs" | "forecastDays">): number {
  return runs * (RUN_MS + (TEN_YEARS_MS * forecastDays) / MAX_FORECAST_DAYS);
}

type EnginePool = Pick<WorkPool, "run" | "load">;

/** The batch engine on the pool of Workers: the f64 model, its runs in chunks of some milliseconds. */
export function createCpuBatchEngine(pool: EnginePool): BatchEngine {
  const memory = createSpareMemory();
  return { run: (job, hooks = {}) => new PoolRun(pool, memory, job, hooks).figures() };
}

/** What one piece of work takes quantiles and means of. */
export interface BandsInput {
  store: BandStore;
  done: number;
  fromColumn: number;
  toColumn: number;
  figures: ColumnFigures;
}

/** What one piece of work opens the bins of. */
export interface BinsInput {
  store: HistogramStore;
  pilot: ExactStore;
  fromColumn: number;
  toColumn: number;
}

const sharedFloats = (count: number) => new Float64Array(new SharedArrayBuffer(8 * count));

/** One job on the pool. */
class PoolRun {
  readonly #pool: EnginePool;
  readonly #memory: SpareMemory;
  readonly #job: BatchJob;
  readonly #hooks: BatchHooks;
  readonly #order: (place: number) => number;
  readonly #columns: number;
  readonly #began = performance.now();
  readonly #keptPlaces: Map<number, number>;
  readonly #room: Omit<FiguresRoom, "store">;
  /** Early bands on the way, which never reject; the next are not begun before they are told. */
  #telling: Promise<void> | undefined;
  #tellingFailed: { error: unknown } | undefined;

  constructor(pool: EnginePool, memory: SpareMemory, job: BatchJob, hooks: BatchHooks) {
    const { outputs, sampledDays, pointDays, runs, keptRuns } = job;
    this.#pool = pool;
    this.#memory = memory;
    this.#job = job;
    this.#hooks = hooks;
    this.#order = runOrder(runs);
    this.#columns = job.wantsBands ? outputs.length * sampledDays.length : 0;
    this.#keptPlaces = new Map(Array.from(keptRuns, (run, place) => [run, place]));
    this.#room = {
      points: sharedFloats(outputs.length * pointDays.length * runs),
      kept: sharedFloats(keptRuns.length * outputs.length * sampledDays.length),
      notNumbers: new Int32Array(new SharedArrayBuffer(4 * outputs.length)),
    };
  }

  async figures(): Promise<BatchFigures> {
    const { runs, wantsBands } = this.#job;
    const { from } = this.#hooks.checkpoints ?? {};
    if (!wantsBands) {
      await this.#runSegments(undefined, await this.#restored(undefined, from, runs), runs);
      return this.#figuresOf(undefined, runs);
    }
    const isExact = exactStoreBytes(runs, this.#columns) <= MAX_EXACT_STORE_BYTES;
    const held = isExact ? runs : PILOT_RUNS;
    const memory = this.#memory.borrow(exactStoreBytes(held, this.#columns));
    try {
      const exact = exactStore(held, this.#columns, memory);
      if (!isExact && from !== undefined && from.done > held) {
        const store = histogramStore(this.#columns);
        const first = await this.#restored(store, from, runs);
        if (first > 0) {
          await this.#runSegments(store, first, runs);
          return await this.#figuresOf(store, runs);
        }
      }
      await this.#runSegments(exact, await this.#restored(exact, from, held), held);
      return await this.#figuresOf(isExact ? exact : await this.#runBinned(exact), runs);
    } finally {
      this.#memory.giveBack(memory);
    }
  }

  /** The runs after the first ones, which find the range of each histogram. */
  async #runBinned(pilot: ExactStore): Promise<HistogramStore> {
    const store = histogramStore(this.#columns);
    await this.#overColumns(PILOT_RUNS, (columns) => this.#piece("filecoin.batchBins", { store, pilot, ...columns }));
    await this.#runSegments(store, PILOT_RUNS, this.#job.runs);
    return store;
  }

  /** Puts what was kept of this job in its place and gives how many runs that is: 0 where nothing fits. */
  async #restored(store: BandStore | undefined, from: Checkpoints["from"], most: number): Promise<number> {
    if (from === undefined || from.done > most) return 0;
    return (await restore({ ...this.#room, store }, from.done, from.bytes)) ? from.done : 0;
  }

  /** As `#runAll`, with a checkpoint between two segments, when no run is at work. */
  async #runSegments(store: BandStore | undefined, from: number, to: number): Promise<void> {
    const { checkpoints } = this.#hooks;
    const { runs, forecastDays } = this.#job;
    let everyMs = checkpoints?.everyMs ?? Infinity;
    for (let first = from; first < to; ) {
      const segmentMs = everyMs * this.#pool.load().workers;
      const end = Math.min(to, first + Math.max(1, Math.ceil(segmentMs / costOf({ runs: 1, forecastDays }))));
      await this.#runAll(store, first, end);
      first = end;
      if (checkpoints === undefined || end === runs) continue;
      const began = performance.now();
      await checkpoints.save(end, keptParts({ ...this.#room, store }, end));
      everyMs = Math.max(everyMs, (performance.now() - began) / checkpoints.maxShare);
    }
  }

  /** Does the runs from one place of the order to another, and tells of those that are done without a gap. */
  async #runAll(store: BandStore | undefined, from: number, to: number): Promise<void> {
    const { runs, forecastDays } = this.#job;
    const perChunk = Math.min(MAX_CHUNK_RUNS, Math.max(1, Math.round(PIECE_MS / costOf({ runs: 1, forecastDays }))));
    const finished = new Set<number>();
    let done = from;
    let nextBands = FIRST_BANDS_RUNS;
    const work = this.#pieces(from, to, perChunk, async (first, end) => {
      await this.#runChunk(store, first, end);
      finished.add(first);
      for (; finished.delete(done); done = Math.min(to, done + perChunk));
      this.#hooks.onProgress?.(done);
      if (store?.kind !== "exact" || done === runs || (done < nextBands && done < to)) return;
      if (this.#tellBands(store, done)) nextBands = done * BANDS_GROWTH;
    });
    await work.finally(() => this.#telling);
    if (this.#tellingFailed !== undefined) throw this.#tellingFailed.error;
  }

  async #runChunk(store: BandStore | undefined, first: number, end: number): Promise<void> {
    const { plan, snapshotId, outputs, sampledDays, pointDays, forecastDays } = this.#job;
    const runs = Int32Array.from({ length: end - first }, (_, i) => this.#order(first + i));
    const isList = plan.kind === "list";
    const input: ChunkInput = {
      snapshotId,
      outputs,
      sampledDays,
      pointDays,
      runs,
      // A list is cut to the scenarios of the chunk: only they are sent.
      plan: isList ? { kind: "list", scenarios: Array.from(runs, (run) => plan.scenarios[run]!) } : plan,
      planRuns: isList ? runs.map((_, i) => i) : runs,
      firstPlace: first,
      keptPlaces: runs.map((run) => this.#keptPlaces.get(run) ?? -1),
      into: { ...this.#room, store },
    };
    const costMs = costOf({ runs: runs.length, forecastDays });
    const isDone = await this.#piece("filecoin.batchRuns", input, costMs);
    if (isDone) return;
    throw new RequestError(503, "The history was refreshed while the batch ran. Send it again.", { retryAfterS: 1 });
  }

  /** False while the last ones are still on their way. */
  #tellBands(store: BandStore, done: number): boolean {
    const { onBands } = this.#hooks;
    if (onBands === undefined || this.#telling !== undefined) return false;
    this.#telling = this.#figuresOf(store, done)
      .then(onBands)
      .catch((error: unknown) => {
        this.#tellingFailed = { error };
      })
      .finally(() => {
        this.#telling = undefined;
      });
    return true;
  }

  async #figuresOf(store: BandStore | undefined, done: number): Promise<BatchFigures> {
    const { points, kept, notNumbers } = this.#room;
    const milliseconds = { total: Math.round(performance.now() - this.#began) };
    const ran = { engine: "cpu-f64", milliseconds, notes: [] } as const;
    const figures: BatchFigures = { done, bands: undefined, points, kept, notNumbers, ran };
    if (store === undefined) return figures;
    const quantiles = sharedFloats(this.#columns * BAND_SHARES.length);
    const means = sharedFloats(this.#columns);
    const errors = sharedFloats(this.#columns);
    const perColumn = store.kind === "exact" ? done : PILOT_RUNS;
    await this.#overColumns(perColumn, (columns) =>
      this.#piece("filecoin.batchBands", { store, done, figures: { quantiles, means, errors }, ...columns }),
    );
    const { length } = this.#job.sampledDays;
    const worst = Float64Array.from(this.#job.outputs, (_, output) =>
      errors.subarray(output * length, (output + 1) * length).reduce((most, error) => Math.max(most, error), 0),
    );
    figures.bands = { values: quantiles, means, method: store.kind, errors: worst };
    return figures;
  }

  #overColumns(
    valuesPerColumn: number,
    work: (columns: { fromColumn: number; toColumn: number }) => Promise<unknown>,
  ): Promise<void> {
    const perPiece = Math.max(1, Math.floor(SORTED_PER_PIECE / valuesPerColumn));
    return this.#pieces(0, this.#columns, perPiece, (fromColumn, toColumn) => work({ fromColumn, toColumn }));
  }

  /** Cuts a range into pieces and has some of them at work at once. */
  #pieces(
    from: number,
    to: number,
    perPiece: number,
    work: (first: number, end: number) => Promise<unknown>,
  ): Promise<void> {
    const lanes = this.#pool.load().workers * PIECES_PER_WORKER;
    return inLanes(
      lanes,
      Math.ceil((to - from) / perPiece),
      (index) => {
        const first = from + index * perPiece;
        return work(first, Math.min(to, first + perPiece));
      },
      this.#hooks.signal,
    );
  }

  #piece<Kind extends WorkKind>(
    kind: Kind,
    input: WorkInput<Kind>,
    costMs: number = PIECE_MS,
  ): Promise<WorkAnswer<Kind>> {
    // The signal is not handed on: a piece ends by itself in milliseconds, where ending its Worker would cost more.
    return this.#pool.run({ kind, input, costMs, priority: "batch" });
  }
}
