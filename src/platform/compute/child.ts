import type { Clock } from "../clock";
import { messageOf, RequestError } from "../errors";
import { refuseTooLong } from "./childFrames";
import { type ChildEnd, type ChildProcess, startChildProcess } from "./childProcess";
import { type FromChild, smallEnough } from "./childProtocol";

export interface ChildOptions {
  /** What the child is to people: `GPU`, `inference`. */
  name: string;
  /** The program and its arguments. */
  command: readonly string[];
  clock: Clock;
  environment?: Record<string, string | undefined>;
  /** Requests that may wait; more are refused. */
  maxWaiting?: number;
  /** After so long without work the process is ended, and its memory with it; the next request starts another. */
  idleMs?: number;
  /** Told of every end that was not asked for from here. */
  onCrash?: (end: ChildEnd) => void;
}

export interface ChildRequest {
  kind: string;
  /** Small and plain; whatever is large goes into `bulk`. */
  input?: unknown;
  bulk?: readonly ArrayBufferView[];
  /** After this long the child counts as hung and is ended. CounterValue from when the child begins. */
  timeoutMs: number;
  /** Aborted when the caller hangs up. */
  signal?: AbortSignal;
  /** Receives what the child hands over before it has finished. */
  onPartial?: (partial: ChildAnswer) => void;
}

export interface ChildAnswer {
  value: unknown;
  bulk: Uint8Array<ArrayBuffer>[];
}

export interface ChildStatus {
  state: "asleep" | "starting" | "ready" | "stopped";
  pid: number | undefined;
  waiting: number;
  crashes: number;
}

/**
 * A child process that runs one request at a time, started when the first one comes. It may crash: that ends the
 * request at hand and nothing else, and the next request finds a new child.
 */
export interface Child {
  /**
   * @throws RequestError 503 when the child crashed or hung over this request, when it keeps crashing, when too many
   *   requests wait, or when it is stopping; 499 when aborted; what the handler threw otherwise.
   */
  run(request: ChildRequest): Promise<ChildAnswer>;
  status(): ChildStatus;
  /** Refuses what waits, lets the request at hand end for a while, and gives how the child ended, if it ran. */
  stop(graceMs?: number): Promise<ChildEnd | undefined>;
}

interface Piece extends ChildRequest {
  id: number;
  bulk: readonly ArrayBufferView[];
  resolve: (answer: ChildAnswer) => void;
  reject: (error: unknown) => void;
  cancelTimeout?: () => void;
}

type Reply = Exclude<FromChild, { type: "ready" }>;

const DEFAULT_MAX_WAITING = 16;
const DEFAULT_GRACE_MS = 4000;
const START_TIMEOUT_MS = 20_000;
const MAX_ID = 2 ** 32 - 1;
const CLIENT_CLOSED_REQUEST = 499;

/** The first crash is followed by a new start at once; those after it by pauses that double. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 30_000;

export function createChild(options: ChildOptions): Child {
  return new SupervisedChild(options);
}

class SupervisedChild implements Child {
  readonly #options: ChildOptions;
  readonly #waiting: Piece[] = [];
  #process: ChildProcess | undefined;
  /** Settled with the end of the process that runs now. */
  #ended: PromiseWithResolvers<ChildEnd> | undefined;
  #ready = false;
  /** What the child is at; still set after its caller hung up, until the child has answered. */
  #atHand: Piece | undefined;
  #crashesInARow = 0;
  #crashes = 0;
  /** No new start before this time, in the clock's milliseconds. */
  #notBefore = 0;
  #stopped = false;
  #nextId = 1;
  #cancelStartTimeout: (() => void) | undefined;
  #cancelRest: (() => void) | undefined;
  /** The process was told to end, since it had no work for long. */
  #isResting = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  async run(request: ChildRequest): Promise<ChildAnswer> {
    smallEnough(request.input, `The input of ${request.kind}`);
    refuseTooLong(request.bulk ?? []);
    if (request.signal?.aborted) throw hungUp();
    this.#refuseIfUnable();
    const { promise, resolve, reject } = Promise.withResolvers<ChildAnswer>();
    const id = this.#nextId;
    this.#nextId = (id % MAX_ID) + 1;
    const piece: Piece = { bulk: [], ...request, id, resolve, reject };
    const onAbort = () => this.#abort(piece);
    request.signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting.push(piece);
    this.#advance();
    return promise.finally(() => request.signal?.removeEventListener("abort", onAbort));
  }

  status(): ChildStatus {
    const running = this.#process === undefined ? "asleep" : this.#ready ? "ready" : "starting";
    return {
      state: this.#stopped ? "stopped" : running,
      pid: this.#process?.pid,
      waiting: this.#waiting.length,
      crashes: this.#crashes,
    };
  }

  async stop(graceMs = DEFAULT_GRACE_MS): Promise<ChildEnd | undefined> {
    this.#stopped = true;
    this.#cancelRest?.();
    for (const piece of this.#waiting.splice(0)) piece.reject(this.#stopping());
    if (this.#ready || this.#isResting) this.#process?.end();
    else this.#process?.kill();
    const cancel = this.#options.clock.after(graceMs, () => this.#process?.kill());
    const end = await this.#ended?.promise;
    cancel();
    return end;
  }

  #advance(): void {
    if (this.#waiting.length === 0 || this.#atHand !== undefined || this.#stopped) return;
    if (this.#process === undefined) this.#start();
    else if (this.#ready) this.#begin(this.#process, this.#waiting.shift()!);
  }

  #start(): void {
    const { command, environment, clock } = this.#options;
    const ended = Promise.withResolvers<ChildEnd>();
    this.#ended = ended;
    this.#cancelStartTimeout = clock.after(START_TIMEOUT_MS, () => this.#process?.kill());
    const onEnd = (end: ChildEnd) => {
      this.#afterEnd(end);
      ended.resolve(end);
    };
    try {
      this.#process = startChildProcess({
        command,
        environment: environment ?? process.env,
        onReady: () => this.#onReady(),
        onAnswer: (answer, bulk) => this.#settle(answer, bulk),
        onEnd,
      });
    } catch (error) {
      // The executable may have been replaced or removed while it runs.
      onEnd({ exitCode: null, signal: null, lastLines: [`${command[0]} does not start: ${messageOf(error)}`] });
    }
  }

  #onReady(): void {
    this.#cancelStartTimeout?.();
    this.#ready = true;
    this.#advance();
  }

  #begin(process: ChildProcess, piece: Piece): void {
    this.#cancelRest?.();
    this.#atHand = piece;
    piece.cancelTimeout = this.#options.clock.after(piece.timeoutMs, () => {
      piece.reject(
        new RequestError(
          503,
          `The ${this.#options.name} work took longer than ${piece.timeoutMs / 1000} s and was ended.`,
        ),
      );
      process.kill();
    });
    process.run(piece.id, piece.kind, piece.input, piece.bulk);
  }

  #settle(answer: Reply, bulk: Uint8Array<ArrayBuffer>[]): void {
    const piece = this.#atHand;
    if (piece?.id !== answer.id) return;
    if (answer.type === "partial") {
      if (piece.signal?.aborted !== true) piece.onPartial?.({ value: answer.value, bulk });
      return;
    }
    this.#atHand = undefined;
    this.#crashesInARow = 0;
    piece.cancelTimeout?.();
    if (answer.type === "done") piece.resolve({ value: answer.value, bulk });
    else piece.reject(errorOf(answer));
    this.#advance();
    this.#restLater();
  }

  #restLater(): void {
    const { idleMs, clock } = this.#options;
    if (idleMs === undefined || this.#atHand !== undefined || this.#stopped) return;
    this.#cancelRest = clock.after(idleMs, () => {
      this.#isResting = true;
      this.#ready = false;
      this.#process?.end();
    });
  }

  #afterEnd(end: ChildEnd): void {
    this.#cancelStartTimeout?.();
    this.#cancelRest?.();
    const piece = this.#atHand;
    const isResting = this.#isResting && end.exitCode === 0;
    this.#isResting = false;
    this.#process = undefined;
    this.#atHand = undefined;
    this.#ready = false;
    piece?.cancelTimeout?.();
    if (this.#stopped) {
      piece?.reject(this.#stopping());
      return;
    }
    if (isResting) {
      this.#advance();
      return;
    }
    this.#options.onCrash?.(end);
    this.#crashes++;
    this.#crashesInARow++;
    this.#notBefore = this.#options.clock.now() + pauseMs(this.#crashesInARow);
    // A child that ends with 0 was told to from outside and has finished what it began: this piece it never began.
    if (end.exitCode === 0 && piece !== undefined && piece.signal?.aborted !== true) this.#waiting.unshift(piece);
    else piece?.reject(this.#crashed());
    if (pauseMs(this.#crashesInARow) === 0) this.#advance();
    else for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#keepsCrashing());
  }

  #abort(piece: Piece): void {
    const position = this.#waiting.indexOf(piece);
    if (position >= 0) this.#waiting.splice(position, 1);
    if (this.#atHand === piece) this.#process?.cancel(piece.id);
    piece.reject(hungUp());
  }

  #refuseIfUnable(): void {
    const { clock, maxWaiting = DEFAULT_MAX_WAITING } = this.#options;
    if (this.#stopped) throw this.#stopping();
    if (this.#process === undefined && clock.now() < this.#notBefore) throw this.#keepsCrashing();
    if (this.#waiting.length < maxWaiting) return;
    throw new RequestError(
      503,
      `Too much ${this.#options.name} work is waiting; the limit is ${maxWaiting} requests. Try again later.`,
      { retryAfterS: 5 },
    );
  }

  #stopping(): RequestError {
    return new RequestError(503, `The ${this.#options.name} process is shutting down.`, { retryAfterS: 10 });
  }

  #crashed(): RequestError {
    const detail = `The ${this.#options.name} process crashed over this request and is started anew. Try again.`;
    return new RequestError(503, detail, { retryAfterS: 1 });
  }

  #keepsCrashing(): RequestError {
    const retryAfterS = Math.max(1, Math.ceil((this.#notBefore - this.#options.clock.now()) / 1000));
    const detail = `The ${this.#options.name} process keeps crashing; it is started anew in ${retryAfterS} s.`;
    return new RequestError(503, detail, { retryAfterS });
  }
}

function pauseMs(crashesInARow: number): number {
  if (crashesInARow <= 1) return 0;
  return Math.min(FIRST_PAUSE_MS * 2 ** (crashesInARow - 2), MAX_PAUSE_MS);
}

function errorOf(answer: Extract<Reply, { type: "failed" }>): Error {
  if (answer.status !== undefined) return new RequestError(answer.status, answer.message);
  return Object.assign(new Error(answer.message), { stack: answer.stack ?? answer.message });
}

function hungUp(): RequestError {
  return new RequestError(CLIENT_CLOSED_REQUEST, "The caller hung up before the work was done.");
}
