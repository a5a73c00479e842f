/**
 * What the pool of Workers and the code in a Worker say to each other. A function cannot be sent to a Worker, so work
 * is named by kind, and `src/worker.ts` knows the module of each kind.
 */

export interface WorkContext {
  /** A value that the server shared with every Worker, such as the history snapshot. Throws when it was never shared. */
  shared<T>(key: string): T;
  /** Hands over a partial result while the work goes on. */
  emit(value: unknown, transfer?: Transferable[]): void;
}

/** One kind of work: plain values in, plain values or buffers out. A returned Uint8Array is handed over, not copied. */
export type WorkHandler = (input: never, context: WorkContext) => unknown;

/** The kinds that one system adds; names begin with the system's name, such as `filecoin.simulate`. */
export type WorkHandlers = Record<string, WorkHandler>;

export type ToWorker =
  | { type: "run"; id: number; kind: string; input: unknown }
  | { type: "share"; key: string; value: unknown };

export type FromWorker =
  | { type: "ready" }
  | { type: "partial"; id: number; value: unknown }
  | { type: "done"; id: number; value: unknown }
  | { type: "failed"; id: number; message: string; stack: string | undefined };
