const encoder = new TextEncoder();

/**
 * Server-sent events of a value that is looked at every `everyMs`, sent when it has changed and otherwise a ping,
 * so that the other side knows how old its figures are: a page is told of events, never of comments. Ends when the
 * caller hangs up, and when the program begins to stop.
 */
export function eventStream(request: Request, read: () => unknown, everyMs: number, stopping: AbortSignal): Response {
  let leave = (): void => undefined;
  let last = "";
  let id = 0;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = () => {
        // A reader that does not keep up gets the newest state later, never a growing queue.
        if ((controller.desiredSize ?? 0) <= 0) return;
        const text = JSON.stringify(read());
        const event = text === last ? "event: ping\ndata: 1\n\n" : `id: ${++id}\ndata: ${text}\n\n`;
        last = text;
        controller.enqueue(encoder.encode(event));
      };
      send();
      const timer = setInterval(send, everyMs);
      const end = () => {
        leave();
        controller.close();
      };
      leave = () => {
        clearInterval(timer);
        stopping.removeEventListener("abort", end);
      };
      request.signal.addEventListener("abort", leave, { once: true });
      stopping.addEventListener("abort", end, { once: true });
    },
    cancel: () => leave(),
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}
