import type { FieldFault } from "../errors";

/**
 * What the pool of Workers and the code in a Worker say to each other. A function cannot be sent to a Worker, so work
 * is named by kind, and `src/worker.ts` knows the module of each kind and declares all of them in {@link WorkKinds}.
 */

/** Each kind of work and the function that does it: what is asked for is checked against this map. */
// biome-ignore lint/suspicious/noEmptyInterface: whoever serves work in a Worker adds the kinds that it serves
export interface WorkKinds {}

export type WorkKind = keyof WorkKinds & string;

/** What a kind of work is given. */
export type WorkInput<Kind extends WorkKind> = WorkKinds[Kind] extends (input: infer Input, ...rest: never) => unknown
  ? Input
  : never;

/** What a kind of work gives back. */
export type WorkAnswer<Kind extends WorkKind> = WorkKinds[Kind] extends (...given: never) => infer Answer
  ? Awaited<Answer>
  : never;

export interface WorkContext {
  /** A value that the server shared with every Worker, such as the history snapshot. Throws when it was never shared. */
  shared<T>(key: string): T;
  /** Hands over a partial result while the work goes on. */
  emit(value: unknown, transfer?: Transferable[]): void;
  /**
   * Says that this thread now holds memory that only its end gives back: it is replaced by a fresh one when it has had
   * no work for `idleMs`, or with 0 at the end of this piece.
   */
  retireAfter(idleMs: number): void;
}

/** One kind of work: plain values in, plain values or buffers out. A returned Uint8Array is handed over, not copied. */
export type WorkHandler = (input: never, context: WorkContext) => unknown;

/** The kinds that one system adds; names begin with the system's name, such as `tides.predict` of a system `tides`. */
export type WorkHandlers = Record<string, WorkHandler>;

export type ToWorker =
  | { type: "run"; id: number; kind: string; input: unknown }
  | { type: "share"; key: string; value: unknown };

export type FromWorker =
  | { type: "ready" }
  | { type: "partial"; id: number; value: unknown }
  | { type: "done"; id: number; value: unknown; isSpent: boolean }
  | { type: "failed"; id: number; message: string; stack: string | undefined; isSpent: boolean }
  /** A RequestError: what was asked for is refused, which is no fault of the program. */
  | { type: "refused"; id: number; status: number; detail: string; faults: readonly FieldFault[]; isSpent: boolean }
  /** The thread has had no work for as long as it asked for; it is to be replaced. */
  | { type: "spent" };
