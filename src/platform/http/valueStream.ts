import { systemClock } from "../clock";
import { pause } from "../pause";
import { type EventWriter, eventStream } from "./eventStream";

/**
 * Server-sent events of a value that is looked at every `everyMs`, sent when it has changed and otherwise a ping,
 * so that the other side knows how old its figures are: a page is told of events, never of comments. Ends when the
 * caller hangs up, and when the program begins to stop.
 */
export function valueStream(request: Request, read: () => unknown, everyMs: number, stopping: AbortSignal): Response {
  async function follow({ send, hasRoom, signal }: EventWriter): Promise<void> {
    let last = "";
    let id = 0;
    while (!signal.aborted) {
      if (hasRoom()) {
        const data = JSON.stringify(read());
        send(data === last ? { event: "ping", data: "1" } : { id: ++id, data });
        last = data;
      }
      // The end of the stream ends the pause, and with it the loop.
      await pause(systemClock, everyMs, signal).catch(() => undefined);
    }
  }
  return eventStream(request, follow, stopping);
}
