import { messageOf } from "../errors";
import type { FromWorker, ToWorker, WorkContext, WorkHandlers } from "./work";

declare const self: Worker;

/** Runs inside a Worker: takes work by kind, one piece at a time, and answers. */
export function serveWork(handlers: WorkHandlers): void {
  const sharedValues = new Map<string, unknown>();
  const answer = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, transfer);

  function contextOf(id: number): WorkContext {
    return {
      shared<T>(key: string): T {
        if (!sharedValues.has(key)) throw new Error(`nothing was shared with this Worker under ${key}`);
        return sharedValues.get(key) as T;
      },
      emit: (value, transfer) => answer({ type: "partial", id, value }, transfer),
    };
  }

  self.addEventListener("message", async (event: MessageEvent<ToWorker>) => {
    const message = event.data;
    if (message.type === "share") {
      sharedValues.set(message.key, message.value);
      return;
    }
    try {
      const handler = handlers[message.kind];
      if (handler === undefined) throw new Error(`no module is registered for work of kind ${message.kind}`);
      const value = await handler(message.input as never, contextOf(message.id));
      answer({ type: "done", id: message.id, value }, buffersOf(value));
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      answer({ type: "failed", id: message.id, message: messageOf(error), stack });
    }
  });
  answer({ type: "ready" });
}

function buffersOf(value: unknown): Transferable[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return [];
}
