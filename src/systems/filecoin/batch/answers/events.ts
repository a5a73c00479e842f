import { eventStream } from "../../../../platform/http/eventStream";
import type { Answer } from "../../answers/answer";
import type { AdmittedRequest, AnswerOptions } from "./options";

/** Least milliseconds between two events of progress. */
const PROGRESS_EVERY_MS = 200;

/**
 * Server-sent events of a request that is being worked at: `progress`, `bands` over the first runs, then `result`, or
 * `error` with the body that a plain answer would have had; docs/filecoin.md, "Streams". A caller that hangs up stops
 * the work.
 *
 * @param faultOf the body for what was thrown
 */
export function eventAnswer(request: Request, work: AdmittedRequest, faultOf: (error: unknown) => unknown): Response {
  return eventStream(request, async ({ send, hasRoom, signal }) => {
    // What a reader that does not keep up has not taken yet makes way for newer figures.
    const sendEarly = (event: string, data: string | Uint8Array) => {
      if (hasRoom()) send({ event, data });
    };
    try {
      const result = await work(optionsOf(signal, sendEarly));
      send({ event: "result", data: result.bytes });
    } catch (error) {
      send({ event: "error", data: JSON.stringify(faultOf(error)) });
    }
  });
}

function optionsOf(signal: AbortSignal, sendEarly: (event: string, data: string | Uint8Array) => void): AnswerOptions {
  let toldMs = 0;
  return {
    format: "json",
    signal,
    onBands: (answer: Answer) => sendEarly("bands", answer.bytes),
    onProgress(done, total) {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs;
      sendEarly("progress", JSON.stringify({ done, total }));
    },
  };
}
