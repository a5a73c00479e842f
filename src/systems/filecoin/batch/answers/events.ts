import type { Answer } from "../../answers/answer";
import type { AdmittedRequest, AnswerOptions } from "./options";

/** Least milliseconds between two events of progress. */
const PROGRESS_EVERY_MS = 200;

const encoder = new TextEncoder();

/**
 * Server-sent events of a request that is being worked at: `progress`, `bands` over the first runs, then `result`, or
 * `error` with the body that a plain answer would have had; docs/filecoin.md, "Streams". A caller that hangs up stops
 * the work.
 *
 * @param faultOf the body for what was thrown
 */
export function eventAnswer(request: Request, work: AdmittedRequest, faultOf: (error: unknown) => unknown): Response {
  const stopping = new AbortController();
  const signal = AbortSignal.any([request.signal, stopping.signal]);
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (name: string, data: Uint8Array) => {
        if (signal.aborted) return;
        controller.enqueue(Buffer.concat([encoder.encode(`event: ${name}\ndata: `), data, encoder.encode("\n\n")]));
      };
      // What a reader that does not keep up has not taken yet makes way for newer figures.
      const sendEarly = (name: string, data: Uint8Array) => {
        if ((controller.desiredSize ?? 0) > 0) send(name, data);
      };
      try {
        const result = await work(optionsOf(signal, sendEarly));
        send("result", result.bytes);
      } catch (error) {
        send("error", encoder.encode(JSON.stringify(faultOf(error))));
      }
      if (!signal.aborted) controller.close();
    },
    cancel: () => stopping.abort(),
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}

function optionsOf(signal: AbortSignal, sendEarly: (name: string, data: Uint8Array) => void): AnswerOptions {
  let toldMs = 0;
  return {
    format: "json",
    signal,
    onBands: (answer: Answer) => sendEarly("bands", answer.bytes),
    onProgress(done, total) {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs;
      sendEarly("progress", encoder.encode(JSON.stringify({ done, total })));
    },
  };
}
