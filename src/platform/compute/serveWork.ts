import { messageOf, RequestError } from "../errors";
import type { FromWorker, ToWorker, WorkContext, WorkHandler, WorkHandlers } from "./work";

declare const self: Worker;

/**
 * Runs inside a Worker: takes work by kind, one piece at a time, and answers.
 * @throws Error that names a kind which two of the maps hold.
 */
export function serveWork(...maps: readonly WorkHandlers[]): void {
  const handlers = handlersByKind(maps);
  const sharedValues = new Map<string, unknown>();
  /** After so long without work this thread is to be replaced; undefined while it may live on. */
  let idleMs: number | undefined;
  let retirement: Timer | undefined;
  const answer = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, transfer);

  function contextOf(id: number): WorkContext {
    return {
      shared<T>(key: string): T {
        if (!sharedValues.has(key)) throw new Error(`nothing was shared with this Worker under ${key}`);
        return sharedValues.get(key) as T;
      },
      emit: (value, transfer) => answer({ type: "partial", id, value }, transfer),
      retireAfter: (ms) => {
        idleMs = Math.min(ms, idleMs ?? ms);
      },
    };
  }

  function waitForRetirement(): void {
    if (idleMs !== undefined) retirement = setTimeout(() => answer({ type: "spent" }), idleMs);
  }

  self.addEventListener("message", async (event: MessageEvent<ToWorker>) => {
    const message = event.data;
    if (message.type === "share") {
      sharedValues.set(message.key, message.value);
      return;
    }
    clearTimeout(retirement);
    try {
      const handler = handlers.get(message.kind);
      if (handler === undefined) throw new Error(`no module is registered for work of kind ${message.kind}`);
      const value = await handler(message.input as never, contextOf(message.id));
      answer({ type: "done", id: message.id, value, isSpent: idleMs === 0 }, buffersOf(value));
    } catch (error) {
      answer({ ...failureOf(error), id: message.id, isSpent: idleMs === 0 });
    }
    waitForRetirement();
  });
  answer({ type: "ready" });
}

/** A refusal keeps what the caller is told; of anything else there is a message and a stack for the log. */
function failureOf(error: unknown) {
  if (error instanceof RequestError) {
    const { status, detail, faults } = error;
    return { type: "refused", status, detail, faults } as const;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return { type: "failed", message: messageOf(error), stack } as const;
}

function handlersByKind(maps: readonly WorkHandlers[]): Map<string, WorkHandler> {
  const handlers = new Map<string, WorkHandler>();
  for (const [kind, handler] of maps.flatMap(Object.entries<WorkHandler>)) {
    if (handlers.has(kind)) throw new Error(`Work of kind ${kind} has two owners.`);
    handlers.set(kind, handler);
  }
  return handlers;
}

function buffersOf(value: unknown): Transferable[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return [];
}
