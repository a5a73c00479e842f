/** One event as HTML's "Server-sent events" has it; what is left out has no line. */
interface ServerSentEvent {
  event?: string;
  id?: number;
  /** JSON on one line, as text or as its UTF-8 bytes. */
  data: string | Uint8Array;
}

/** What the events of one answer are written with. */
export interface EventWriter {
  /** After the end of the stream nothing is sent. */
  send(event: ServerSentEvent): void;
  /**
   * Whether the reader has taken what was sent. Events that newer ones replace are left out where it has not, so that a
   * reader that does not keep up never has a growing queue.
   */
  hasRoom(): boolean;
  /** Aborted when the caller hangs up, and when the program begins to stop. */
  signal: AbortSignal;
}

const encoder = new TextEncoder();
const EVENT_END = encoder.encode("\n\n");

/**
 * An answer of server-sent events, which ends when `write` does. What `write` throws breaks the stream off.
 *
 * @param stopping is aborted when the program begins to stop; streams that end by themselves need it not
 */
export function eventStream(
  request: Request,
  write: (events: EventWriter) => Promise<void>,
  stopping?: AbortSignal,
): Response {
  const hungUp = new AbortController();
  const signal = AbortSignal.any([request.signal, hungUp.signal, ...(stopping === undefined ? [] : [stopping])]);
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (event: ServerSentEvent) => {
        if (!signal.aborted) controller.enqueue(bytesOf(event));
      };
      await write({ send, hasRoom: () => (controller.desiredSize ?? 0) > 0, signal });
      if (!hungUp.signal.aborted && !request.signal.aborted) controller.close();
    },
    cancel: () => hungUp.abort(),
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}

function bytesOf({ event, id, data }: ServerSentEvent): Uint8Array {
  const head = `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}data: `;
  return Buffer.concat([encoder.encode(head), typeof data === "string" ? encoder.encode(data) : data, EVENT_END]);
}
