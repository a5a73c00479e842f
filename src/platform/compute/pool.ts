import { RequestError } from "../errors";
import { createSharedValues, type SharedValues } from "./sharedValues";
import type { FromWorker, ToWorker, WorkAnswer, WorkInput, WorkKind } from "./work";

/** Interactive work goes before batches, however long the batches have waited. */
export type Priority = "interactive" | "batch";

export interface WorkRequest<Kind extends WorkKind> extends WorkConditions {
  kind: Kind;
  input: WorkInput<Kind>;
}

/** When and for how long a piece of work is done. */
export interface WorkConditions {
  /** Expected milliseconds of one core; what decides whether the wait would be too long. */
  costMs: number;
  priority?: Priority;
  /** Aborted when the caller hangs up: waiting work is dropped, running work is ended with its Worker. */
  signal?: AbortSignal;
  /** Receives partial results in order. */
  onPartial?: (value: unknown) => void;
  /** Buffers of the input that are handed over, not copied: when the work begins the caller has them no more. */
  transfer?: Transferable[];
}

export interface PoolLoad {
  workers: number;
  running: number;
  waiting: number;
  /** Milliseconds that new interactive work would wait, by the estimates of what is before it. */
  expectedWaitMs: number;
}

/** Threads that calculate, so that the event loop never does. */
export interface WorkPool {
  /**
   * The finished value of the work.
   * @throws RequestError 503 with Retry-After when the wait would be too long or the pool is stopping; 499 when aborted;
   *   one that the work throws.
   */
  run<Kind extends WorkKind>(request: WorkRequest<Kind>): Promise<WorkAnswer<Kind>>;
  /** Gives every Worker, now and later, a value under a key. */
  share(key: string, value: unknown): void;
  load(): PoolLoad;
  stop(): Promise<void>;
}

export interface PoolOptions {
  workers: number;
  maxWaitMs: number;
  maxWaiting: number;
  /** A thread takes 10 MB: those of a pool that may never be used start with their first piece. */
  startsWhenNeeded?: boolean;
  createWorker: () => Worker;
  /** What Workers of several pools know; without it this pool's alone. */
  shared?: SharedValues;
  onCrash: (error: unknown) => void;
}

interface Piece extends WorkConditions {
  kind: string;
  input: unknown;
  id: number;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
  release: () => void;
}

interface Slot {
  /** Absent before its first piece, where the pool starts when it is needed. */
  worker: Worker | undefined;
  /** The piece that this Worker is at; undefined while it is idle. */
  piece: Piece | undefined;
}

const CLIENT_CLOSED_REQUEST = 499;

export function createPool(options: PoolOptions): WorkPool {
  return new Pool(options);
}

class Pool implements WorkPool {
  readonly #options: PoolOptions;
  readonly #shared: SharedValues;
  readonly #waiting: Record<Priority, Piece[]> = { interactive: [], batch: [] };
  readonly #slots: Slot[];
  #nextId = 1;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#shared = options.shared ?? createSharedValues();
    this.#shared.onSet((key, value) => {
      for (const { worker } of this.#slots) if (worker !== undefined) send(worker, { type: "share", key, value });
    });
    this.#slots = Array.from({ length: options.workers }, () => ({ worker: undefined, piece: undefined }));
    if (options.startsWhenNeeded !== true) for (const slot of this.#slots) this.#start(slot);
  }

  async run<Kind extends WorkKind>(request: WorkRequest<Kind>): Promise<WorkAnswer<Kind>> {
    const priority = request.priority ?? "interactive";
    this.#refuseIfFull(priority);
    if (request.signal?.aborted) throw hungUp();
    const { promise, resolve, reject } = Promise.withResolvers<WorkAnswer<Kind>>();
    const onAbort = () => this.#abort(piece);
    const release = () => request.signal?.removeEventListener("abort", onAbort);
    const piece: Piece = { ...request, priority, id: this.#nextId++, resolve, reject, release };
    request.signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting[priority].push(piece);
    this.#dispatch();
    return promise;
  }

  share(key: string, value: unknown): void {
    this.#shared.set(key, value);
  }

  load(): PoolLoad {
    return {
      workers: this.#slots.length,
      running: this.#slots.filter((slot) => slot.piece !== undefined).length,
      waiting: this.#waiting.interactive.length + this.#waiting.batch.length,
      expectedWaitMs: this.#expectedWaitMs("interactive"),
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.#slots.flatMap((slot) => slot.piece ?? []);
    const open = [...this.#waiting.interactive.splice(0), ...this.#waiting.batch.splice(0), ...running];
    for (const piece of open) piece.reject(shuttingDown());
    await Promise.all(this.#slots.map(async (slot) => slot.worker?.terminate()));
  }

  #start(slot: Slot): Worker {
    const worker = this.#options.createWorker();
    slot.worker = worker;
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
      if (slot.worker === worker) this.#receive(slot, event.data);
    });
    worker.addEventListener("error", (event) => {
      if (slot.worker !== worker) return;
      event.preventDefault();
      this.#options.onCrash(event.error ?? event.message);
      slot.piece?.reject(new RequestError(503, "The calculation crashed its thread, which was restarted. Try again."));
      this.#replaceWorker(slot);
    });
    for (const [key, value] of this.#shared.entries()) send(worker, { type: "share", key, value });
    return worker;
  }

  #replaceWorker(slot: Slot): void {
    slot.worker?.terminate();
    slot.piece?.release();
    slot.piece = undefined;
    if (this.#stopped) return;
    this.#start(slot);
    this.#dispatch();
  }

  #receive(slot: Slot, message: FromWorker): void {
    const piece = slot.piece;
    if (message.type === "spent") {
      // Work that came in the meantime goes before; the thread will say so again.
      if (piece === undefined) this.#replaceWorker(slot);
      return;
    }
    if (message.type === "ready" || piece === undefined || piece.id !== message.id) return;
    if (message.type === "partial") {
      piece.onPartial?.(message.value);
      return;
    }
    slot.piece = undefined;
    piece.release();
    if (message.type === "done") piece.resolve(message.value as never);
    else piece.reject(errorOf(message));
    if (message.isSpent) this.#replaceWorker(slot);
    else this.#dispatch();
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.piece !== undefined) continue;
      const piece = this.#waiting.interactive.shift() ?? this.#waiting.batch.shift();
      if (piece === undefined) return;
      slot.piece = piece;
      const worker = slot.worker ?? this.#start(slot);
      send(worker, { type: "run", id: piece.id, kind: piece.kind, input: piece.input }, piece.transfer);
    }
  }

  #expectedWaitMs(priority: Priority): number {
    if (this.#slots.some((slot) => slot.piece === undefined)) return 0;
    const before = priority === "batch" ? Object.values(this.#waiting).flat() : this.#waiting.interactive;
    return before.reduce((sum, piece) => sum + piece.costMs, 0) / this.#slots.length;
  }

  #refuseIfFull(priority: Priority): void {
    if (this.#stopped) throw shuttingDown();
    const { maxWaitMs, maxWaiting } = this.#options;
    const waitMs = this.#expectedWaitMs(priority);
    const pieces = this.#waiting[priority].length;
    if (waitMs <= maxWaitMs && pieces < maxWaiting) return;
    const retryAfterS = Math.max(1, Math.ceil(waitMs / 1000));
    const limits = `the limits are ${maxWaiting} and ${maxWaitMs / 1000} s`;
    throw new RequestError(
      503,
      `Too much work is waiting: ${pieces} pieces, about ${retryAfterS} s (${limits}). Try again later.`,
      { retryAfterS },
    );
  }

  #abort(piece: Piece): void {
    const queue = this.#waiting[piece.priority ?? "interactive"];
    const position = queue.indexOf(piece);
    if (position >= 0) queue.splice(position, 1);
    piece.reject(hungUp());
    const slot = this.#slots.find((candidate) => candidate.piece === piece);
    if (slot !== undefined) this.#replaceWorker(slot);
  }
}

function errorOf(message: Extract<FromWorker, { type: "refused" | "failed" }>): Error {
  if (message.type === "refused") {
    return new RequestError(message.status, message.detail, { faults: [...message.faults] });
  }
  return Object.assign(new Error(message.message), { stack: message.stack ?? message.message });
}

function hungUp(): RequestError {
  return new RequestError(CLIENT_CLOSED_REQUEST, "The caller hung up before the work was done.");
}

function shuttingDown(): RequestError {
  return new RequestError(503, "The server is shutting down.", { retryAfterS: 10 });
}

function send(worker: Worker, message: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}
